"""What others did with the requests of a person since their last visit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from activity import clock
from activity.models import Event, Origin
from notifications.audience import TOLD_OF, UNDONE, is_blind
from notifications.news import tell
from notifications.things import of_request
from requests_app.models import Request
from teams.models import Person

# More is read in the inbox.
MOST_EVENTS = 60
MOST_LINES = 3
# Who was away for longer starts afresh; nobody's page reads a year of everybody's events.
FURTHEST_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Changed:
    """A request and what happened to it, the newest first; ``more`` counts what is not listed."""

    request: Request
    lines: list[str]
    more: int
    at: datetime


def changed_since(person: Person, since: datetime | None) -> list[Changed]:
    """The requests that ``person`` asked for or owns, with what others did since; newest first. One query.

    Nothing on a first visit, and nothing older than a month. Steps that were taken back, and scores of a side
    that are still hidden, are not told.
    """
    if since is None:
        return []
    seats = Q(requester=person) | Q(marketing_owner=person) | Q(it_owner=person)
    mine = Request.objects.visible_to(person).submitted().filter(seats)
    title = Subquery(Request.objects.filter(pk=OuterRef("object_id")).values("title"))
    events = (
        Event.objects.filter(
            object_type="request",
            object_id__in=mine.values("number"),
            occurred_at__gt=max(since, clock.now() - FURTHEST_BACK),
            kind__in=[*TOLD_OF, UNDONE],
        )
        .exclude(actor=person)
        .exclude(origin=Origin.IMPORT)
    )
    newest = events.select_related("actor").annotate(title=title).order_by("-occurred_at", "-id")
    return _grouped(
        [event for event in _standing(list(newest[:MOST_EVENTS])) if not is_blind(event.kind, event.data)],
        person,
    )


def _standing(events: list[Event]) -> list[Event]:
    """What was not taken back."""
    undone = {event.data.get("undone_event") for event in events if event.kind == UNDONE}
    return [event for event in events if event.kind != UNDONE and event.pk not in undone]


def _grouped(events: list[Event], person: Person) -> list[Changed]:
    by_number: dict[int, list[Event]] = {}
    for event in events:
        by_number.setdefault(event.object_id, []).append(event)
    return [_changed(number, group, person) for number, group in by_number.items()]


def _changed(number: int, events: list[Event], person: Person) -> Changed:
    request = Request(number=number, title=events[0].title)  # type: ignore[attr-defined]
    said = [tell(event, of_request(request), reader=person.pk).sentence for event in events]
    lines = list(dict.fromkeys(said))
    return Changed(request, lines[:MOST_LINES], max(len(lines) - MOST_LINES, 0), events[0].occurred_at)
