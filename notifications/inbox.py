"""The inbox: how entries come into it, and when old ones leave it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from activity import clock
from notifications.live.inboxes import inboxes_changed
from notifications.models import Channel, Delivery, InboxEntry, State
from notifications.rechecks import still_told
from notifications.things import REQUEST, Place
from teams.models import Person

ROWS_PER_BATCH = 200
# The page's frame shows "99+" beyond this.
HIGHEST_COUNT = 100
# Three months of history.
KEPT = timedelta(days=92)


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
        stands_for_id=row.stands_for_id,
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
    """How many unread entries ``person`` has about what they may see now; counted up to HIGHEST_COUNT."""
    return InboxEntry.objects.visible_to(person).unread()[:HIGHEST_COUNT].count()


def wake_due(now: datetime) -> None:
    """Let the entries come back that were put off until ``now``, unread, and open pages count them."""
    with transaction.atomic():
        due = InboxEntry.objects.filter(snoozed_until__lte=now).select_for_update(skip_locked=True)
        rows = list(due.values_list("pk", "person"))
        InboxEntry.objects.filter(pk__in=[pk for pk, _person in rows]).update(snoozed_until=None)
        inboxes_changed(person for _pk, person in rows)


def clear_old(now: datetime) -> None:
    """Forget the entries that are older than three months."""
    InboxEntry.objects.filter(created_at__lt=now - KEPT).delete()
