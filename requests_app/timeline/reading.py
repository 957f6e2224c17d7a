"""Reads a request's events and tells them, the newest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activity.log import object_type
from activity.models import Event, Origin
from requests_app.events import links_seen
from requests_app.models import Request
from requests_app.naming import Names, Wanted, names_of, titles_in
from requests_app.scoring import told as scores_told
from requests_app.shapes import upgraded
from requests_app.timeline.changes import Change, changes_of, ids_in_changes, reason_in
from requests_app.timeline.subjects import about
from requests_app.timeline.values import Data, text_of
from requests_app.timeline.words import DECISIONS, SEATS, SENTENCES, TOLD_WITH_DETAIL, UNKNOWN
from teams.models import Person

# Where a card lies in its column is of no interest later.
UNTOLD = ("request.moved", "request.item_moved")
READ = (
    "kind",
    "occurred_at",
    "data",
    "shape",
    "origin",
    "actor__name",
    "actor__side",
    "for_person__name",
)


@dataclass(frozen=True)
class Entry:
    """One event, told: ``who`` and what they did make one sentence."""

    event: int
    kind: str
    at: datetime
    who: str
    did: str
    side: str = ""
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    # What both sides said, where this event revealed it.
    views: list[scores_told.View] = field(default_factory=list)
    comment: int | None = None
    # The status that a step led away from.
    came_from: str = ""
    is_decision: bool = False
    is_imported: bool = False

    @property
    def shows_changes(self) -> bool:
        """Whether a change says more than the sentence does."""
        return any(change.parts or not change.in_words for change in self.changes)


class Story(NamedTuple):
    """Entries from newest to oldest, whether there are older ones; titles of requests by their numbers."""

    entries: list[Entry]
    older: bool
    titles: dict[int, str]


def timeline(
    request: Request,
    limit: int,
    reader: Person | None = None,
    mentioned: Iterable[int] = (),
    subject: str = "",
) -> Story:
    """The newest ``limit`` events of ``request``; whoever sees the request sees its events. Two queries.

    Links are told of, and other requests named, only where ``reader`` may see them; of those ``mentioned``
    in the page's texts the titles are looked up with the same query. ``subject`` is one of ``subjects``, or
    "" for all.
    """
    events = Event.objects.filter(about(subject), object_type=object_type(request), object_id=request.pk)
    if reader is not None:
        events = events.filter(links_seen(reader))
    told = events.exclude(kind__in=UNTOLD).select_related("actor", "for_person").only(*READ)
    # What was imported comes into the log late; a person reads it by the time at which it happened.
    newest = list(told.order_by("-occurred_at", "-id")[: limit + 1])
    shown = [(event, upgraded(event)) for event in newest[:limit]]
    names = names_of(_wanted((data for _event, data in shown), mentioned), reader)
    entries = [_entry(event, data, names) for event, data in shown]
    return Story(entries, len(newest) > limit, titles_in(names))


def told_between(
    numbers: Collection[int], people: Collection[int], since: datetime, until: datetime, reader: Person
) -> dict[int, list[Entry]]:
    """What ``people`` did with the requests ``numbers`` from ``since`` to ``until``, the oldest first.

    ``reader`` sees those requests. A step that was taken back is not told. Two queries.
    """
    events = Event.objects.filter(
        links_seen(reader),
        object_type="request",
        object_id__in=numbers,
        actor__in=people,
        occurred_at__range=(since, until),
    )
    told = events.exclude(kind__in=UNTOLD).select_related("actor", "for_person").only(*READ, "object_id")
    rows = [(event, upgraded(event)) for event in told.order_by("occurred_at", "id")]
    undone = {event.data["undone_event"] for event, _data in rows if "undone_event" in event.data}
    rows = [row for row in rows if row[0].pk not in undone and "undone_event" not in row[0].data]
    names = names_of(_wanted((data for _event, data in rows), ()), reader)
    found: dict[int, list[Entry]] = {}
    for event, data in rows:
        found.setdefault(event.object_id, []).append(_entry(event, data, names))
    return found


def newest_event(request: Request, reader: Person) -> int:
    """The id of the newest event that the timeline tells ``reader`` of ``request``; 0 for none. One query."""
    of_request = Event.objects.filter(object_type=object_type(request), object_id=request.pk)
    events = of_request.filter(links_seen(reader))
    return events.exclude(kind__in=UNTOLD).aggregate(newest=Max("pk"))["newest"] or 0


def _entry(event: Event, data: Data, names: Names) -> Entry:
    return Entry(
        event=event.pk,
        kind=event.kind,
        at=event.occurred_at,
        who=_who(event, data),
        did=_did(event, data, names),
        side=event.actor.side if event.actor else "",
        reason=text_of(data.get("reason")) or text_of(data.get("learnt")) or reason_in(data),
        changes=changes_of(event.kind, data, names),
        views=scores_told.views(data),
        comment=data.get("comment"),
        came_from=text_of(data.get("from")),
        is_decision=event.kind in DECISIONS,
        is_imported=event.origin == Origin.IMPORT,
    )


def _who(event: Event, data: Data) -> str:
    if event.actor is None:
        # People of imported files are text, never accounts.
        return text_of(data.get("by")) or (
            pgettext("actor", "Somebody") if event.origin == Origin.IMPORT else "Tandem"
        )
    if event.for_person is None or event.for_person == event.actor:
        return event.actor.name
    return _("%(person)s for %(absent)s") % {"person": event.actor.name, "absent": event.for_person.name}


def _did(event: Event, data: Data, names: Names) -> str:
    say = TOLD_WITH_DETAIL.get(event.kind)
    more = {"for_other": data.get("person") not in (None, event.actor_id), "actor": event.actor_id}
    words = say({**data, **more}, names) if say else str(SENTENCES.get(event.kind, UNKNOWN))
    if data.get("override"):
        words = _("%(what)s, although conditions were missing") % {"what": words}
    return words


def _wanted(told: Iterable[Data], mentioned: Iterable[int]) -> Wanted:
    """All rows that the events name by id."""
    wanted: Wanted = {"request": set(mentioned)}
    for data in told:
        for kind, number in _ids_in(data):
            if isinstance(number, int):
                wanted.setdefault(kind, set()).add(number)
    return wanted


def _ids_in(data: Data) -> Iterable[tuple[str, Any]]:
    for half in (data.get("before"), data.get("after")):
        for name, kind in SEATS.items():
            if isinstance(half, dict):
                yield kind, half.get(name)
    moved = (data.get("item_changes") or {}).get("person", {})
    yield from (("person", person) for person in (data.get("person"), *moved.values()))
    yield "request", data.get("into")
    yield "request", data.get("other")
    yield from ids_in_changes(data)
