"""What its owner does with the inbox: reads, archives, puts off, takes back. No events: it is theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock
from notifications.live.inboxes import inboxes_changed
from notifications.models import InboxEntry, InboxEntryQuerySet
from notifications.things import things
from requests_app.querysets import HIGHEST_NUMBER
from teams.fields import wrong
from teams.models import Person

MOST_AT_ONCE = 100
# So many entries can be taken back; what is older than that was not done by one click.
MOST_TAKEN_BACK = 2_000
MORNING = time(8)
STATE = ("read_at", "archived_at", "snoozed_until")


@dataclass(frozen=True)
class Done:
    """What was done to how many entries, and how they stood before, so that it can be taken back."""

    what: str
    before: Mapping[int, Mapping[str, datetime | None]]

    @property
    def count(self) -> int:
        return len(self.before)

    def to_json(self) -> dict[str, Any]:
        """For the session."""
        rows = {pk: [_text(row[name]) for name in STATE] for pk, row in self.before.items()}
        return {"what": self.what, "before": rows}


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def mark_read(person: Person, entry: int) -> str:
    """Mark the whole of what an entry is about as read and return that thing's address; twice is once.

    What is no longer there has the inbox's own address.

    :raises Http404: where ``entry`` is none of the person's that they may see.
    """
    found = InboxEntry.objects.visible_to(person).filter(pk=min(entry, HIGHEST_NUMBER)).first()
    if found is None:
        raise Http404
    _mark(_thread(person, [found]), person)
    thing = things([found.place], person).get(found.place)
    return thing.path if thing else reverse("notifications:inbox")


def mark_all_read(person: Person, *, up_to: int | None = None) -> int:
    """Mark all entries, or those up to the id ``up_to`` that the page showed, as read; returns how many."""
    mine = InboxEntry.objects.visible_to(person).here()
    return _mark(mine if up_to is None else mine.filter(pk__lte=up_to), person)


def _mark(rows: InboxEntryQuerySet, person: Person) -> int:
    with transaction.atomic():
        marked = rows.filter(read_at=None).update(read_at=clock.now())
        if marked:
            inboxes_changed([person.pk])
    return marked


def read(person: Person, newest: Iterable[int]) -> Done:
    """Mark as read all about the things of these entries, which are the newest that the page showed.

    :raises Http404: where one is none of the person's that they may see.
    """
    return _change("read", person, newest, read_at=clock.now())


def unread(person: Person, newest: Iterable[int]) -> Done:
    """Let the newest of each thing be unread again.

    :raises Http404: where one is none of the person's that they may see.
    """
    return _change("unread", person, newest, only_newest=True, read_at=None)


def archive(person: Person, newest: Iterable[int]) -> Done:
    """Put away all about the things of these entries; what happens later comes anew.

    :raises Http404: where one is none of the person's that they may see.
    """
    now = clock.now()
    return _change("archive", person, newest, read_at=now, archived_at=now, snoozed_until=None)


def take_out(person: Person, newest: Iterable[int]) -> Done:
    """Bring back from the archive, or before its time what was put off.

    :raises Http404: where one is none of the person's that they may see.
    """
    return _change("take_out", person, newest, archived_at=None, snoozed_until=None)


def snooze(person: Person, newest: Iterable[int], until: str, zone: ZoneInfo) -> Done:
    """Put off until one of ``LATER``; then it is there again, unread.

    :raises Http404: where one is none of the person's that they may see.
    :raises InvalidFields: naming ``until``, for anything else.
    """
    if until not in LATER:
        raise wrong("until", _("Choose one of the ways that are offered."))
    moment = LATER[until](clock.now().astimezone(zone))
    return _change("snooze", person, newest, read_at=None, archived_at=None, snoozed_until=moment)


def take_back(person: Person, done: Mapping[str, Any]) -> int:
    """Let the entries stand as they did before; returns how many. What is no longer theirs is left out."""
    before = {int(pk): row for pk, row in done["before"].items()}
    with transaction.atomic():
        rows = list(InboxEntry.objects.filter(person=person, pk__in=before).select_for_update())
        for row in rows:
            for name, text in zip(STATE, before[row.pk], strict=True):
                setattr(row, name, datetime.fromisoformat(text) if text else None)
        InboxEntry.objects.bulk_update(rows, STATE, batch_size=500)
        inboxes_changed([person.pk])
    return len(rows)


def _change(
    what: str, person: Person, newest: Iterable[int], *, only_newest: bool = False, **fields: Any
) -> Done:
    asked = {min(pk, HIGHEST_NUMBER) for pk in newest}
    mine = InboxEntry.objects.visible_to(person).filter(pk__in=asked)
    with transaction.atomic():
        heads = list(mine)
        if len(heads) != len(asked) or not 0 < len(asked) <= MOST_AT_ONCE:
            raise Http404
        rows = mine if only_newest else _thread(person, heads)
        held = list(InboxEntry.objects.filter(pk__in=rows.values("pk")).select_for_update()[:MOST_TAKEN_BACK])
        before = {row.pk: {name: getattr(row, name) for name in STATE} for row in held}
        InboxEntry.objects.filter(pk__in=before).update(**fields)
        inboxes_changed([person.pk])
    return Done(what, before)


def _thread(person: Person, heads: Sequence[InboxEntry]) -> InboxEntryQuerySet:
    """All about the same things that was there when the page showed ``heads`` as the newest."""
    newest = max(head.pk for head in heads)
    return InboxEntry.objects.visible_to(person).about(head.place for head in heads).filter(pk__lte=newest)


def _in_hours(now: datetime) -> datetime:
    return now + timedelta(hours=3)


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), MORNING, tzinfo=now.tzinfo)


def _monday(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=7 - now.weekday()), MORNING, tzinfo=now.tzinfo)


LATER = {"hours": _in_hours, "tomorrow": _tomorrow, "monday": _monday}
