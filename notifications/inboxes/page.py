"""The inbox page: what happened, one group for each thing, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activity import clock
from notifications.choosing.kinds import DECISIONS, KNOW_HOW
from notifications.inbox import HIGHEST_COUNT, unread_count
from notifications.inboxes.lines import Line, lines, told_from
from notifications.models import InboxEntry, InboxEntryQuerySet, lies_here
from notifications.things import REQUEST, Place, Thing
from requests_app.models import Request
from requests_app.turns import turn_of
from teams.models import Person, Role

GROUPS_PER_PAGE = 25
# Of each group the newest; the page of the thing tells all.
LINES_PER_GROUP = 6
MOST_LINES = GROUPS_PER_PAGE * 12
VIEWS: Mapping[str, str | Promise] = {
    "": pgettext_lazy("inbox", "All"),
    "unread": _("Unread"),
    "turn": _("My turn"),
    "mentions": _("Mentions"),
    "decisions": _("Decisions"),
    "know-how": _("Know-how"),
    "later": pgettext_lazy("inbox", "Put off"),
    "archive": pgettext_lazy("inbox", "Archive"),
}


@dataclass
class Group:
    """What happened to one thing, newest first; ``more`` lines are not shown."""

    place: Place
    thing: Thing | None = None
    lines: list[Line] = field(default_factory=list)
    count: int = 0
    unread: int = 0
    # The id of its newest entry, which stands for the whole of it.
    newest: int = 0

    @property
    def earlier(self) -> int:
        """How many there are beside the newest."""
        return self.count - 1

    @property
    def more(self) -> int:
        return max(self.count - len(self.lines), 0)

    @property
    def first(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True)
class Page:
    """Groups from newest to oldest; ``older`` is the cursor of the next page, or empty."""

    groups: Sequence[Group]
    older: str
    unread: int

    @property
    def newest(self) -> int:
        """The newest entry shown: what came in since is not meant by "all"."""
        return max((group.newest for group in self.groups), default=0)


def page(person: Person, cursor: str = "", *, view: str = "") -> Page:
    """One page of the inbox of ``person`` after ``cursor``.

    :raises Http404: for a cursor that no page gave out, and a view that there is not.
    """
    shown = entries(person, view)
    newest = shown.filter(~Exists(_later(person, view)))
    if cursor:
        newest = newest.filter(_older_than(cursor))
    heads = list(newest.order_by("-created_at", "-id")[: GROUPS_PER_PAGE + 1])
    older = _cursor(heads[GROUPS_PER_PAGE - 1]) if len(heads) > GROUPS_PER_PAGE else ""
    groups = _groups(person, shown, heads[:GROUPS_PER_PAGE])
    return Page(groups, older, unread_count(person))


def entries(person: Person, view: str = "") -> InboxEntryQuerySet:
    """The entries of ``person`` that ``view`` shows, as far as they see what these are about.

    :raises Http404: where there is no such view.
    """
    return InboxEntry.objects.visible_to(person).filter(_shown(person, view))


def _shown(person: Person, view: str) -> Q:
    if view not in VIEWS:
        raise Http404
    if view == "archive":
        return Q(archived_at__isnull=False)
    if view == "later":
        return Q(archived_at=None, snoozed_until__gt=clock.now())
    return lies_here() & _narrowed(person, view)


def _narrowed(person: Person, view: str) -> Q:
    if view == "unread":
        return Q(read_at=None)
    if view == "turn":
        led = [(team.pk, team.side) for team in person.own_teams() if team.role == Role.LEAD]
        return Q(request__in=Request.objects.filter(turn_of([person.pk], led)).values("number"))
    if view == "mentions":
        return Q(event__data__mentions__contains=[person.pk])
    if view == "decisions":
        return Q(event__kind__in=DECISIONS)
    if view == "know-how":
        return Q(event__kind__in=KNOW_HOW)
    return Q()


def _later(person: Person, view: str) -> InboxEntryQuerySet:
    """The entries that the view shows of the same thing as an outer one, and that are newer than it."""
    same = Q(request=OuterRef("request")) | Q(
        request=None, object_type=OuterRef("object_type"), object_id=OuterRef("object_id")
    )
    newer = Q(created_at__gt=OuterRef("created_at")) | Q(
        created_at=OuterRef("created_at"), id__gt=OuterRef("id")
    )
    return InboxEntry.objects.filter(same, newer, _shown(person, view), person=person)


def _groups(person: Person, shown: InboxEntryQuerySet, heads: Sequence[InboxEntry]) -> list[Group]:
    places = [head.place for head in heads]
    rows = told_from(shown.about(places)).order_by("-created_at", "-id")[:MOST_LINES] if heads else []
    counts = _counts(shown.about(places)) if heads else {}
    found = {head.place: Group(head.place, newest=head.pk) for head in heads}
    for line in lines(person, list(rows)):
        group = found[line.entry.place]
        group.thing = line.thing
        group.newest = max(group.newest, line.entry.pk)
        if len(group.lines) < LINES_PER_GROUP:
            group.lines.append(line)
    for place, (count, unread) in counts.items():
        if place in found:
            found[place].count, found[place].unread = count, unread
    return [group for group in found.values() if group.lines]


def _counts(rows: InboxEntryQuerySet) -> dict[Place, tuple[int, int]]:
    """How many entries there are of each thing, and how many of them are unread."""
    counted = (
        rows.order_by()
        .values_list("request", "object_type", "object_id")
        .annotate(n=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
    )
    return {
        Place(REQUEST, request) if request is not None else Place(kind, pk): (n, unread)
        for request, kind, pk, n, unread in counted
    }


def _cursor(entry: InboxEntry) -> str:
    return f"{entry.created_at.isoformat()}_{entry.pk}"


def _older_than(cursor: str) -> Q:
    moment, _, pk = cursor.partition("_")
    try:
        created_at, last = datetime.fromisoformat(moment), int(pk)
    except ValueError:
        raise Http404 from None
    if created_at.tzinfo is None or not 0 < last < 2**63:
        raise Http404
    return Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=last)


__all__ = ["HIGHEST_COUNT", "VIEWS", "Group", "Line", "Page", "entries", "page"]
