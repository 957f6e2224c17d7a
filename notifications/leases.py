"""Who is at work on which delivery: claims with a lease, so that nothing a killed worker held is lost."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from activity import clock
from notifications.models import Channel, Delivery, State

# Longer than the hard timeout of one sending, so that no living worker loses what it is sending.
LEASE = timedelta(seconds=120)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
SPREAD = 0.2
ERROR_LENGTH = 500

_RENEW = """
    UPDATE notifications_delivery
       SET leased_until = statement_timestamp() + %s * interval '1 second', attempts = attempts + 1
     WHERE id = %s AND lease_token = %s AND state = 'waiting'
       AND set_config('synchronous_commit', 'off', true) IS NOT NULL
    RETURNING attempts
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
            .select_related("event__actor", "person")
            .select_for_update(skip_locked=True, of=("self",))[:size]
        )
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_token=token, leased_until=Now() + lease
        )
    return Claim(token, rows, lease)


def _held(claim: Claim, row: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=row.pk, lease_token=claim.token, state=State.WAITING)


def renew(claim: Claim, row: Delivery) -> bool:
    """Begin an attempt at ``row`` with a fresh lease; False where the row is no longer ours.

    The database need not have it on disk before the mail goes: a renewal that is lost when the database's
    machine dies leaves the claim as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [claim.lease.total_seconds(), row.pk, claim.token])
        renewed = cursor.fetchone()
    if renewed:
        (row.attempts,) = renewed
    return renewed is not None


def exhausted(row: Delivery) -> bool:
    """Whether all attempts are used up, counting those during which a worker was killed."""
    return row.attempts > len(BACK_OFF)


def finish(claim: Claim, row: Delivery, state: State, error: str = "") -> bool:
    """End ``row`` in ``state``; False where the row is no longer ours."""
    return bool(
        _held(claim, row).update(
            state=state, finished_at=clock.now(), leased_until=None, last_error=error[:ERROR_LENGTH]
        )
    )


def back_off(attempts: int, spread: float) -> timedelta:
    """The pause after the ``attempts``-th failed attempt, stretched by ``spread`` (-1 … 1) times 20 %."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * (1 + SPREAD * spread)


def try_later(claim: Claim, row: Delivery, error: str) -> State:
    """Give ``row`` back after a failed attempt, or give it up after the last; returns its state."""
    if row.attempts > len(BACK_OFF):
        finish(claim, row, State.DEAD, error)
        return State.DEAD
    pause = back_off(row.attempts, random.uniform(-1, 1))  # noqa: S311 - spreads load, guards nothing
    _held(claim, row).update(due_at=Now() + pause, leased_until=None, last_error=error[:ERROR_LENGTH])
    return State.WAITING


def release(claim: Claim) -> None:
    """Give back what this worker claimed and did not come to."""
    Delivery.objects.filter(
        pk__in=[row.pk for row in claim.rows], lease_token=claim.token, state=State.WAITING
    ).update(leased_until=None)


def retry_dead(dead: QuerySet[Delivery]) -> int:
    """Let the given-up ones among ``dead`` be tried again at once, with all attempts; returns how many."""
    return dead.filter(state=State.DEAD).update(
        state=State.WAITING, finished_at=None, attempts=0, due_at=Now(), leased_until=None
    )
