"""Quiet hours and days off as arithmetic, in the zone of the person who has them."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = frozenset(range(7))
# Quiet every day for longer than this would leave no moment at which somebody would look.
LONGEST = timedelta(hours=23)
# A week has no more borders than these; more rounds would mean that nothing is free.
BORDERS = 30


@dataclass(frozen=True)
class Quiet:
    """From when to when, each day, over midnight where it ends earlier; and weekdays, Monday is 0."""

    starts: time | None = None
    ends: time | None = None
    days_off: Set[int] = frozenset()

    @property
    def lasts(self) -> timedelta:
        """How much of a day is quiet, by the clock."""
        if self.starts is None or self.ends is None:
            return timedelta(0)
        span = _since_midnight(self.ends) - _since_midnight(self.starts)
        return span if span > timedelta(0) else span + timedelta(days=1)

    @property
    def leaves_time(self) -> bool:
        """Whether an hour of the week stays in which mail may come."""
        return self.lasts <= LONGEST and bool(WEEK - self.days_off)


def free_from(moment: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """The first moment from ``moment`` (aware) on that is not quiet; ``moment`` itself where it is free.

    :raises ValueError: for quiet times that leave none.
    """
    if not quiet.leaves_time:
        raise ValueError("quiet times that never end")
    free = moment
    for _border in range(BORDERS):
        later = _end_of_quiet(free.astimezone(zone), quiet)
        if later is None:
            return free
        # Where clocks are put forward the hour may not exist; time goes on all the same.
        free = max(later.astimezone(UTC), free + timedelta(minutes=1))
    raise ValueError("quiet times that never end")


def _end_of_quiet(local: datetime, quiet: Quiet) -> datetime | None:
    """When the quiet that ``local`` lies in ends, or None where it lies in none."""
    if local.weekday() in quiet.days_off:
        return _at(local + timedelta(days=1), time(0))
    if quiet.starts is None or quiet.ends is None:
        return None
    now = local.time()
    if quiet.starts < quiet.ends:
        return _at(local, quiet.ends) if quiet.starts <= now < quiet.ends else None
    if now >= quiet.starts:
        return _at(local + timedelta(days=1), quiet.ends)
    return _at(local, quiet.ends) if now < quiet.ends else None


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, tzinfo=day.tzinfo)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)
