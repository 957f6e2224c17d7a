"""The inbox: how entries come into it, and what its owner reads and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404
from django.urls import reverse

from activity import clock
from notifications.live.inboxes import inboxes_changed
from notifications.models import Channel, Delivery, InboxEntry, InboxEntryQuerySet, State
from notifications.news import News, comments_told, tell
from notifications.rechecks import still_told
from notifications.things import REQUEST, Place, Thing, of_request, things
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person

ROWS_PER_BATCH = 200
# The page's frame shows "99+" beyond this.
HIGHEST_COUNT = 100
ENTRIES_PER_PAGE = 50
# What a line of the page is told from.
TOLD = (
    "created_at",
    "read_at",
    "object_type",
    "object_id",
    "event__kind",
    "event__object_type",
    "event__object_id",
    "event__data",
    "event__actor__name",
    "event__actor__side",
    "request__title",
)


def deliver_inbox(limit: int = 20_000) -> int:
    """Write the due inbox entries; returns how many deliveries were settled."""
    settled = 0
    while settled < limit:
        batch = deliver_inbox_batch(ROWS_PER_BATCH)
        settled += batch
        if not batch:
            break
    return settled


def deliver_inbox_batch(size: int) -> int:
    """Entries and the end of their deliveries in one transaction: each entry exactly once."""
    with transaction.atomic():
        due = Delivery.objects.filter(state=State.WAITING, channel=Channel.INBOX, due_at__lte=Now())
        rows = list(
            due.order_by("due_at", "id")
            .select_related("event", "person")
            .select_for_update(skip_locked=True, of=("self",))[:size]
        )
        told = still_told(rows, Channel.INBOX)
        entries = [_entry(row, place) for row, place in told.items()]
        InboxEntry.objects.bulk_create(entries, ignore_conflicts=True)
        inboxes_changed(row.person_id for row in told)
        _settle(list(told), State.DONE)
        _settle([row for row in rows if row not in told], State.SKIPPED)
    return len(rows)


def _entry(row: Delivery, place: Place) -> InboxEntry:
    if row.event is None:
        raise ValueError(f"{row} is about no event")
    entry = InboxEntry(
        person=row.person,
        event=row.event,
        created_at=row.event.occurred_at,
        why=row.why,
        stands_for=row.stands_for,
    )
    if place.kind == REQUEST:
        entry.request_id = place.pk
    else:
        entry.object_type, entry.object_id = place
    return entry


def _settle(rows: Sequence[Delivery], state: State) -> None:
    pks = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=pks).update(state=state, finished_at=clock.now(), attempts=1)


def unread_count(person: Person) -> int:
    """How many unread entries ``person`` has about requests they may see now; counted up to HIGHEST_COUNT."""
    return InboxEntry.objects.visible_to(person).unread()[:HIGHEST_COUNT].count()


@dataclass(frozen=True)
class Line:
    """An entry of the inbox page with its words; without a thing where that is no longer there."""

    entry: InboxEntry
    thing: Thing | None
    news: News | None


@dataclass(frozen=True)
class Page:
    """Entries from newest to oldest; ``older`` is the cursor of the next page, or empty."""

    lines: Sequence[Line]
    older: str
    unread: int


def page(person: Person, cursor: str = "", *, only_unread: bool = False) -> Page:
    """One page of the inbox of ``person`` after ``cursor``.

    :raises Http404: for a cursor that no page gave out.
    """
    entries = InboxEntry.objects.visible_to(person)
    if only_unread:
        entries = entries.unread()
    if cursor:
        entries = entries.filter(_older_than(cursor))
    told = entries.select_related("event__actor", "request").only(*TOLD)
    shown = told.order_by("-created_at", "-id")
    rows = list(shown[: ENTRIES_PER_PAGE + 1])
    older = _cursor(rows[ENTRIES_PER_PAGE - 1]) if len(rows) > ENTRIES_PER_PAGE else ""
    return Page(_lines(rows[:ENTRIES_PER_PAGE], person), older, unread_count(person))


def _lines(rows: Sequence[InboxEntry], person: Person) -> list[Line]:
    comments = comments_told([row.event for row in rows], person)
    others = things((row.place for row in rows if row.request is None), person)

    def line(row: InboxEntry) -> Line:
        thing = of_request(row.request) if row.request else others.get(row.place)
        news = tell(row.event, thing, comments.get(row.event_id), person.pk) if thing else None
        return Line(row, thing, news)

    return [line(row) for row in rows]


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


def mark_read(person: Person, entry: int) -> str:
    """Mark one entry as read and return the address of what it is about; a second time changes nothing.

    What is no longer there has the inbox's own address.

    :raises Http404: where ``entry`` is none of the person's that they may see.
    """
    mine = InboxEntry.objects.visible_to(person).filter(pk=min(entry, HIGHEST_NUMBER))
    found = mine.first()
    if found is None:
        raise Http404
    _mark(mine, person)
    thing = things([found.place], person).get(found.place)
    return thing.path if thing else reverse("notifications:inbox")


def mark_all_read(person: Person, *, up_to: int | None = None) -> int:
    """Mark all entries, or those up to the id ``up_to`` that the page showed, as read; returns how many."""
    mine = InboxEntry.objects.visible_to(person)
    return _mark(mine if up_to is None else mine.filter(pk__lte=up_to), person)


def _mark(entries: InboxEntryQuerySet, person: Person) -> int:
    with transaction.atomic():
        marked = entries.unread().update(read_at=clock.now())
        if marked:
            inboxes_changed([person.pk])
    return marked
