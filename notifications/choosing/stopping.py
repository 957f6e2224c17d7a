"""From a piece of news straight to less of it: the request, the kind, or all but what names one."""

from collections.abc import Callable, Mapping

from django.http import Http404
from django.utils.translation import gettext as _

from notifications.choosing.kinds import Choice, Kind, kind_of
from notifications.choosing.resolve import choices_of
from notifications.choosing.setting import choose, stop_mail
from notifications.models import InboxEntry
from notifications.things import REQUEST, Thing, things
from requests_app.discussion import mute
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person


class Less:
    """What somebody may want less of, who was told by one entry of their inbox."""

    def __init__(self, person: Person, entry: int) -> None:
        """:raises Http404: where the entry is none of the person's that they may see."""
        mine = InboxEntry.objects.visible_to(person).filter(pk=min(entry, HIGHEST_NUMBER))
        found = mine.select_related("event").first()
        if found is None:
            raise Http404
        self.person, self.entry = person, found
        self.thing: Thing | None = things([found.place], person).get(found.place)
        self.kind = kind_of(found.event, person.pk)

    @property
    def offers(self) -> dict[str, str]:
        """What can be chosen, in words."""
        words = {"kind": Kind(self.kind).label, "thing": self.thing.name if self.thing else ""}
        offered = {
            "mail": _("No more mail about “%(kind)s”") % words,
            "kind": _("Nothing more about “%(kind)s”, in the inbox neither") % words,
        }
        if self.thing is not None and self.entry.place.kind == REQUEST:
            offered = {
                "mute": _("Nothing more about %(thing)s") % words,
                "mentions": _("About %(thing)s only where I am mentioned") % words,
                **offered,
            }
        return offered

    def choose(self, what: str) -> str:
        """Let what was chosen hold from now on; returns it in words.

        :raises Http404: for what is not offered.
        """
        offered = self.offers
        if what not in offered:
            raise Http404
        _STOPS[what](self)
        return offered[what]

    def mute(self, *, keep_mentions: bool = False) -> None:
        mute(self.entry.place.pk, keep_mentions=keep_mentions, by=self.person)

    def silence_kind(self) -> None:
        kept = choices_of([self.person])(self.person.pk, self.kind)
        choose(self.person, {self.kind: Choice(inbox=False, mail=kept.mail)})
        stop_mail(self.person, self.kind)


_STOPS: Mapping[str, Callable[[Less], None]] = {
    "mute": Less.mute,
    "mentions": lambda less: less.mute(keep_mentions=True),
    "mail": lambda less: stop_mail(less.person, less.kind),
    "kind": Less.silence_kind,
}
