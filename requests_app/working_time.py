"""Working hours: Monday to Friday from 9 to 17, without regard to holidays; pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
HOURS_A_DAY = 8
WORKING_DAYS = 5


def working_time(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """The working time from ``start`` to ``end`` (aware) by the clocks of ``zone``; zero where swapped.

    Clocks change at night, so each working day has its eight hours.
    """
    return max(timedelta(0), _since_epoch(end, zone) - _since_epoch(start, zone))


def _since_epoch(moment: datetime, zone: ZoneInfo) -> timedelta:
    """The working time since a Monday long ago."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    # Ordinal 1 is a Monday.
    weeks, weekday = divmod(local.toordinal() - 1, 7)
    days = weeks * WORKING_DAYS + min(weekday, WORKING_DAYS)
    today = timedelta(0)
    if weekday < WORKING_DAYS:
        opened = datetime.combine(local.date(), OPENS)
        closed = datetime.combine(local.date(), CLOSES)
        today = min(max(local, opened), closed) - opened
    return timedelta(hours=days * HOURS_A_DAY) + today
