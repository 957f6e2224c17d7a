"""From events to deliveries: for each open fan-out row, one delivery per person and channel."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from activity import clock, log
from activity.models import Event, FanOut, Origin
from notifications import audience, exchange_mail, taken_back
from notifications.chat import telling
from notifications.circles import circles
from notifications.mail import message_id
from notifications.minutes_mail import to_be_sent
from notifications.models import Channel, Delivery
from notifications.sight import pairs_seen
from requests_app.rounds.minutes import MAILED_AFTER
from requests_app.rounds.running import CLOSED
from teams.models import Person

logger = logging.getLogger(__name__)

EVENTS_PER_BATCH = 100
# As long as a step can be undone.
UNDO_WINDOW = timedelta(seconds=60)
# The demo's past fills the inboxes of the last two weeks and sends no mail.
DEMO_INBOX = timedelta(days=14)

Told = tuple[Event, Person]


def fan_out(limit: int = 10_000) -> int:
    """Fan out up to ``limit`` events and stamp their positions; returns how many were fanned out.

    An event that cannot be fanned out is logged, stays open and holds up no other.
    """
    done, failed = 0, set[int]()
    while done < limit:
        events = _one_batch(failed)
        if events is None:
            break
        done += events
    log.stamp_positions()
    return done


def _one_batch(failed: set[int]) -> int | None:
    """Fan out a batch; returns how many events, or None where no row is left that has not failed."""
    try:
        return fan_out_batch(EVENTS_PER_BATCH, leave=failed)
    except Exception:
        logger.exception("A batch could not be fanned out; its events are tried one by one.")
    return _one_by_one(failed)


def _one_by_one(failed: set[int]) -> int | None:
    rows = FanOut.objects.filter(done_at=None).exclude(pk__in=failed).order_by("pk")
    done = 0
    for pk in list(rows.values_list("pk", flat=True)[:EVENTS_PER_BATCH]):
        try:
            done += fan_out_batch(1, only=pk) or 0
        except Exception:
            logger.exception("Event %s could not be fanned out; it stays open.", pk)
            failed.add(pk)
    return done


def fan_out_batch(limit: int, *, leave: Iterable[int] = (), only: int | None = None) -> int | None:
    """Claim open rows, write their deliveries and close them, in one transaction: exactly once.

    Returns how many rows were seen, or None for none. Rows that are not ready are left open and added to
    ``leave`` where that is a set.
    """
    with transaction.atomic():
        events = _claim(limit, leave, only)
        if not events:
            return None
        early = taken_back.not_ready(events)
        ready = [event for event in events if event.pk not in early]
        Delivery.objects.bulk_create(_deliveries(ready), ignore_conflicts=True)
        FanOut.objects.filter(pk__in=[event.pk for event in ready]).update(done_at=clock.now())
    if isinstance(leave, set):
        leave |= early
    return len(ready)


def _claim(limit: int, leave: Iterable[int], only: int | None) -> list[Event]:
    wanted = Q(done_at=None) & ~Q(pk__in=list(leave))
    if only is not None:
        wanted &= Q(pk=only)
    rows = FanOut.objects.select_for_update(skip_locked=True, of=("self",)).filter(wanted)
    return [row.event for row in rows.select_related("event").order_by("pk")[:limit]]


def _deliveries(events: Sequence[Event]) -> list[Delivery]:
    usual = [event for event in events if event.kind != audience.UNDONE]
    undoings = [event for event in events if event.kind == audience.UNDONE]
    back = taken_back.withdraw(undoings)
    now = clock.now()
    to_chats = [*telling.deliveries(usual, now), *telling.taken_back(taken_back.chats_reached(undoings), now)]
    by_mail = [*to_be_sent(usual), *exchange_mail.to_be_sent(usual)]
    to_people = [
        _delivery(event, person, channel, now)
        for event, person in [*_who_is_told(usual), *back]
        for channel in _channels(event, now)
    ]
    return [
        *to_chats,
        *(_delivery(event, person, Channel.MAIL, now) for event, person in by_mail),
        *to_people,
    ]


def _channels(event: Event, now: datetime) -> list[Channel]:
    if event.origin == Origin.DEMO:
        return [Channel.INBOX] if event.occurred_at >= now - DEMO_INBOX else []
    return [Channel.INBOX, Channel.MAIL]


def _delivery(event: Event, person: Person, channel: Channel, now: datetime) -> Delivery:
    key = f"{channel}:{event.pk}:{person.pk}"
    return Delivery(
        event=event,
        person=person,
        channel=channel,
        dedupe_key=key,
        message_id=message_id(key) if channel == Channel.MAIL else "",
        due_at=event.recorded_at + _waits(event, channel),
        created_at=now,
    )


def _waits(event: Event, channel: Channel) -> timedelta:
    """How long a delivery waits: until a step can no longer be undone, or minutes are corrected."""
    if channel != Channel.MAIL:
        return timedelta(0)
    if event.kind == CLOSED:
        return MAILED_AFTER
    return UNDO_WINDOW if event.kind in audience.UNDOABLE else timedelta(0)


def _who_is_told(events: Sequence[Event]) -> list[Told]:
    """Each event with each active person who is told of it and may see its request now."""
    events = [event for event in events if event.kind in audience.TOLD_OF and event.object_type == "request"]
    around = circles(event.object_id for event in events)
    wanted = {
        event: audience.told(_happening(event), around[event.object_id])
        for event in events
        if event.object_id in around
    }
    people = Person.objects.filter(is_active=True).in_bulk(list(set().union(*wanted.values())))
    told = [(event, people[pk]) for event, pks in wanted.items() for pk in sorted(pks) if pk in people]
    seen = pairs_seen((person, event.object_id) for event, person in told)
    return [(event, person) for event, person in told if (person.pk, event.object_id) in seen]


def _happening(event: Event) -> audience.Happening:
    moved = [*event.data.get("watchers", ()), *event.data.get("supporters", ())]
    return audience.Happening(
        event.kind,
        event.actor_id,
        seat=str(event.data.get("seat", "")),
        side=str(event.data.get("side", "")),
        is_revealed=not audience.is_blind(event.kind, event.data),
        moved=frozenset(row["person"] for row in moved) if event.kind == "request.merged" else frozenset(),
        mentioned=frozenset(event.data.get("mentions", ())),
        question_to=str(event.data.get("question_to", "")),
        asked_by=event.data.get("asked_by"),
    )
