"""Who is at work on which delivery: claims with a lease, so that nothing a killed worker held is lost."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from activity import clock
from notifications.models import Channel, Delivery, State

logger = logging.getLogger(__name__)

# Longer than the hard timeout of one sending, so that no living worker loses what it is sending.
LEASE = timedelta(seconds=120)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
SPREAD = 0.2
# With the longest sending it is less than a lease.
INSISTED_FOR = 60.0
ASKED_EVERY = 0.5
ERROR_LENGTH = 500

_RENEW = """
    UPDATE notifications_delivery
       SET leased_until = statement_timestamp() + %s * interval '1 second', attempts = attempts + 1
     WHERE id = ANY(%s) AND lease_token = %s AND state = 'waiting'
       AND set_config('synchronous_commit', 'off', true) IS NOT NULL
    RETURNING id, attempts
"""

_FINISH = """
    UPDATE notifications_delivery
       SET state = %s, finished_at = %s, leased_until = NULL, last_error = %s
     WHERE id = ANY(%s) AND lease_token = %s AND state = 'waiting'
"""


@dataclass(frozen=True)
class Claim:
    """Deliveries that belong to this worker until ``lease`` after their claim or renewal has passed."""

    token: UUID
    rows: Sequence[Delivery]
    lease: timedelta


def claim(
    channels: Sequence[Channel], size: int, *, lease: timedelta = LEASE, only: Q | None = None
) -> Claim:
    """Take up to ``size`` due deliveries that nobody holds; ``only`` narrows them down."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    due = Delivery.objects.filter(free, state=State.WAITING, channel__in=channels, due_at__lte=Now())
    if only is not None:
        due = due.filter(only)
    token = uuid4()
    with transaction.atomic():
        rows = list(
            due.order_by("due_at", "id")
            .select_related("event__actor", "person", "stands_for")
            .select_for_update(skip_locked=True, of=("self",))[:size]
        )
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_token=token, leased_until=Now() + lease
        )
    return Claim(token, rows, lease)


def _held(claim: Claim, rows: Sequence[Delivery]) -> QuerySet[Delivery]:
    pks = [row.pk for row in rows]
    return Delivery.objects.filter(pk__in=pks, lease_token=claim.token, state=State.WAITING)


def renew(claim: Claim, rows: Sequence[Delivery]) -> list[Delivery]:
    """Begin an attempt at ``rows`` with a fresh lease; returns those that are still ours.

    The database need not have it on disk before the mail goes: a renewal that is lost when the database's
    machine dies leaves the claim as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [claim.lease.total_seconds(), [row.pk for row in rows], claim.token])
        attempts = dict(cursor.fetchall())
    held = [row for row in rows if row.pk in attempts]
    for row in held:
        row.attempts = attempts[row.pk]
    return held


def exhausted(rows: Sequence[Delivery]) -> bool:
    """Whether all attempts are used up, counting those during which a worker was killed."""
    return max(row.attempts for row in rows) > len(BACK_OFF)


def finish(claim: Claim, rows: Sequence[Delivery], state: State, error: str = "") -> bool:
    """End ``rows`` in ``state``; False where none is ours any more."""
    if not rows:
        return False
    held = [row.pk for row in rows], claim.token
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [state.value, clock.now(), error[:ERROR_LENGTH], *held])
        return bool(cursor.rowcount)


def back_off(attempts: int, spread: float) -> timedelta:
    """The pause after the ``attempts``-th failed attempt, stretched by ``spread`` (-1 … 1) times 20 %."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * (1 + SPREAD * spread)


def try_later(claim: Claim, rows: Sequence[Delivery], error: str) -> State:
    """Give ``rows``, sent as one, back after a failed attempt, or up after the last; returns their state."""
    if exhausted(rows):
        finish(claim, rows, State.DEAD, error)
        return State.DEAD
    pause = back_off(max(row.attempts for row in rows), random.uniform(-1, 1))  # noqa: S311 - spreads load
    _held(claim, rows).update(due_at=Now() + pause, leased_until=None, last_error=error[:ERROR_LENGTH])
    return State.WAITING


def put_off(claim: Claim, rows: Sequence[Delivery], until: datetime, together: str) -> None:
    """Give ``rows`` back until ``until``, as no attempt; what has the same ``together`` then goes as one."""
    fields = {"due_at": until, "leased_until": None, "attempts": F("attempts") - 1}
    _held(claim, rows).update(**fields, **({"together": together} if together else {}))


def release(claim: Claim) -> None:
    """Give back what this worker claimed and did not come to."""
    _held(claim, claim.rows).update(leased_until=None)


def insist(note: Callable[[], object]) -> None:
    """Do ``note`` also where the database goes away meanwhile: what was sent must not be forgotten.

    :raises DatabaseError: where it did not come back within INSISTED_FOR seconds.
    """
    until = time.monotonic() + INSISTED_FOR
    while True:
        try:
            note()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("The database does not answer (%s); it is asked again.", error)
        else:
            return
        connection.close()
        time.sleep(ASKED_EVERY)


def retry_dead(dead: QuerySet[Delivery]) -> int:
    """Let the given-up ones among ``dead`` be tried again at once, with all attempts; returns how many."""
    return dead.filter(state=State.DEAD).update(
        state=State.WAITING, finished_at=None, attempts=0, due_at=Now(), leased_until=None
    )
