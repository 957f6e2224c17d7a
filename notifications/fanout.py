"""From events to deliveries: for each open fan-out row, one delivery per person and channel."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from activity import clock, log
from activity.models import Event, FanOut, Origin
from notifications import absence_mail, audience, exchange_mail, taken_back, tellings
from notifications.bundles import ALONE, BATCH
from notifications.chat import telling as chat_telling
from notifications.choosing.kinds import ByMail, kind_of
from notifications.choosing.resolve import Choices, choices_of
from notifications.mail import message_id
from notifications.minutes_mail import to_be_sent
from notifications.models import Channel, Delivery
from notifications.tellings import Telling
from notifications.words import ABOUT_EXCHANGES
from requests_app.rounds.minutes import MAILED_AFTER
from requests_app.rounds.running import CLOSED

logger = logging.getLogger(__name__)

EVENTS_PER_BATCH = 100
BUNDLED_FOR = timedelta(minutes=10)
# The demo's past fills the inboxes of the last two weeks and sends no mail.
DEMO_INBOX = timedelta(days=14)


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
    absence_mail.bring_forward(usual)
    by_mail = [*to_be_sent(usual), *exchange_mail.to_be_sent(usual)]
    told = [*tellings.of_requests(usual), *tellings.of_things(usual)]
    told += [Telling(event, person) for event, person in back]
    choices = choices_of({one.person for one in told})
    now = clock.now()
    by_themselves = [_delivery(Telling(event, person), Channel.MAIL, now) for event, person in by_mail]
    to_people = [
        _delivery(one, channel, now, is_bundled=mail == ByMail.BUNDLED)
        for one in told
        for channel, mail in _ways(one, choices, now)
    ]
    return [*by_themselves, *to_people, *_to_chats(usual, undoings, now)]


def _to_chats(usual: Sequence[Event], undoings: Sequence[Event], now: datetime) -> list[Delivery]:
    reached = taken_back.chats_reached(undoings)
    return [*chat_telling.deliveries(usual, now), *chat_telling.taken_back(reached, now)]


def _ways(told: Telling, choices: Choices, now: datetime) -> list[tuple[Channel, str]]:
    """The channels by which a person hears it, and when by mail."""
    event = told.event
    choice = choices(told.person.pk, kind_of(event, told.person.pk))
    ways = [(Channel.INBOX, "")] if choice.inbox else []
    if event.origin == Origin.DEMO:
        return ways if event.occurred_at >= now - DEMO_INBOX else []
    # Mail about exchanges goes to whom it concerns, the actor included: it brings the file for the calendar.
    if choice.mail == ByMail.DIGEST or event.kind in ABOUT_EXCHANGES:
        return ways
    return [*ways, (Channel.MAIL, choice.mail)]


def _delivery(told: Telling, channel: Channel, now: datetime, *, is_bundled: bool = False) -> Delivery:
    event, key = told.event, f"{channel}:{told.event.pk}:{told.person.pk}"
    ready_at = event.recorded_at + _waits(event, channel)
    is_in_batch = event.batch is not None and event.kind not in ALONE
    waits_for_more = channel == Channel.MAIL and (is_bundled or is_in_batch)
    return Delivery(
        event=event,
        person=told.person,
        channel=channel,
        dedupe_key=key,
        message_id=message_id(key) if channel == Channel.MAIL else "",
        due_at=max(ready_at, event.recorded_at + BUNDLED_FOR) if waits_for_more else ready_at,
        ready_at=ready_at,
        together=f"{BATCH}{event.batch}" if waits_for_more and is_in_batch else "",
        why=told.why,
        stands_for=told.stands_for,
        created_at=now,
    )


def _waits(event: Event, channel: Channel) -> timedelta:
    """How long a delivery waits: until a step can no longer be undone, or minutes are corrected."""
    if channel != Channel.MAIL:
        return timedelta(0)
    if event.kind == CLOSED:
        return MAILED_AFTER
    return taken_back.undo_window(event)
