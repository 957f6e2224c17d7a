"""What an undone step leaves behind: nothing, except for those whom its mail had already reached."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from activity import clock
from activity.models import Event
from notifications.audience import UNDOABLE, UNDONE
from notifications.live.inboxes import inboxes_changed
from notifications.models import Channel, Delivery, InboxEntry, State
from requests_app.workflow.conditions import UNDO_WITHIN
from teams.models import Person

# What cannot be called back once it is sent.
_SENT_OUT = (Channel.MAIL, Channel.CHAT)
_IN_FLIGHT = Q(state=State.WAITING, channel__in=_SENT_OUT, leased_until__gt=Now())


def undo_window(event: Event) -> timedelta:
    """How long what leaves the portal waits, because the step that ``event`` tells of can still be undone."""
    return UNDO_WITHIN if event.kind in UNDOABLE else timedelta(0)


def undone_by(event: Event) -> int | None:
    """The id of the event that ``event`` undid, or None where it undid nothing."""
    undone = event.data.get("undone_event")
    return undone if event.kind == UNDONE and isinstance(undone, int) else None


def undone_among(events: Iterable[Event]) -> set[int]:
    """The ids of those events that have been undone."""
    events = list(events)
    numbers = {event.object_id for event in events}
    later = Event.objects.filter(kind=UNDONE, object_type="request", object_id__in=numbers)
    undone = {undone_by(event) for event in later}
    return {event.pk for event in events if event.pk in undone}


def not_ready(events: Sequence[Event]) -> set[int]:
    """Those undoing events whose undone step is being sent right now: how that ends must be known first."""
    undone = {undone_by(event): event.pk for event in events if undone_by(event)}
    leaving = Delivery.objects.filter(_IN_FLIGHT, event__in=[pk for pk in undone if pk])
    return {undone[pk] for pk in leaving.values_list("event", flat=True)}


def withdraw(undoings: Sequence[Event]) -> list[tuple[Event, Person]]:
    """Take the news of the undone steps back; returns whom it had reached by mail, with the undoing event."""
    by_undone = {undone_by(event): event for event in undoings if undone_by(event)}
    steps = [pk for pk in by_undone if pk]
    # First the deliveries: this waits for a worker that writes an entry, so that it is seen next.
    Delivery.objects.filter(event__in=steps, state=State.WAITING).exclude(_IN_FLIGHT).update(
        state=State.SKIPPED, finished_at=clock.now()
    )
    entries = InboxEntry.objects.filter(event__in=steps)
    inboxes_changed(entries.values_list("person", flat=True))
    entries.delete()
    reached = Delivery.objects.filter(event__in=steps, channel=Channel.MAIL, state=State.DONE)
    return [(by_undone[row.event_id], row.person) for row in reached.select_related("person")]


def chats_reached(undoings: Sequence[Event]) -> list[tuple[Event, int]]:
    """The chat channels that the undone steps had reached, each with the undoing event."""
    by_undone = {undone_by(event): event for event in undoings if undone_by(event)}
    reached = Delivery.objects.filter(event__in=[pk for pk in by_undone if pk], channel=Channel.CHAT)
    rows = reached.filter(state=State.DONE, chat__isnull=False).values_list("event", "chat")
    return [(by_undone[event], chat) for event, chat in rows if chat is not None]
