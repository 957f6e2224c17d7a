"""What happens by itself: schedules whose slots are taken in the database, by database time, once each."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

from activity import log
from activity.models import Origin
from notifications.models import Slot

logger = logging.getLogger(__name__)

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
SLOTS_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Schedule:
    """Work that is due once in every ``every`` since the epoch; ``run`` gets the database's time.

    A slot whose worker dies is not made up for: ``run`` looks at how things stand, so the next does it.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]


def database_time() -> datetime:
    """The one clock that all processes share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def slot_of(moment: datetime, every: timedelta) -> datetime:
    """The beginning of the slot that ``moment`` lies in."""
    return EPOCH + (moment - EPOCH) // every * every


def take(schedule: Schedule, moment: datetime) -> bool:
    """Take the slot of ``moment``; False where somebody took it before."""
    slot = Slot(name=schedule.name, slot=slot_of(moment, schedule.every).isoformat(), taken_at=moment)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_slot (name, slot, taken_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (name, slot) DO NOTHING",
            [slot.name, slot.slot, slot.taken_at],
        )
        return bool(cursor.rowcount)


def give_back(schedule: Schedule, moment: datetime) -> None:
    """Let the slot of ``moment`` be taken again."""
    Slot.objects.filter(name=schedule.name, slot=slot_of(moment, schedule.every).isoformat()).delete()


def tick(schedules: tuple[Schedule, ...]) -> list[str]:
    """Run what is due now and not yet taken; returns the names of what was run.

    What the portal says at one time by all of them together is one act, so one mail for each person. What
    fails is logged, holds up no other, and is tried again by the next tick.
    """
    now = database_time()
    due = [schedule for schedule in schedules if take(schedule, now)]
    with log.origin(Origin.SYSTEM), log.together():
        return [schedule.name for schedule in due if _ran(schedule, now)]


def _ran(schedule: Schedule, now: datetime) -> bool:
    try:
        schedule.run(now)
    except Exception:
        logger.exception("The schedule “%s” failed; the next tick tries it again.", schedule.name)
        give_back(schedule, now)
        return False
    return True


def forget_old_slots(_now: datetime) -> None:
    """Remove slots that nobody can ask for any more."""
    Slot.objects.filter(taken_at__lt=Now() - SLOTS_KEPT).delete()
