"""Working hours: Monday to Friday from 9 to 17, but for the days off that are given; pure."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
HOURS_A_DAY = 8
WORKING_DAYS = 5
NONE: frozenset[date] = frozenset()

# The days off of a year.
DaysOff = Callable[[int], frozenset[date]]


def no_days_off(_year: int) -> frozenset[date]:
    """Where no holidays are known."""
    return NONE


def working_time(
    start: datetime, end: datetime, zone: ZoneInfo, days_off: DaysOff = no_days_off
) -> timedelta:
    """The working time from ``start`` to ``end`` (aware) by the clocks of ``zone``; zero where swapped.

    Clocks change at night, so each working day has its eight hours.
    """
    since, until = _local(start, zone), _local(end, zone)
    if until <= since:
        return timedelta(0)
    whole = _since_epoch(until) - _since_epoch(since)
    return whole - sum(
        (_within(day, since, until) for day in _between(since, until, days_off)), start=timedelta(0)
    )


def after_working_time(
    start: datetime, amount: timedelta, zone: ZoneInfo, days_off: DaysOff = no_days_off
) -> datetime:
    """The first moment, in ``zone``, when ``amount`` of working time has passed since ``start`` (aware)."""
    left, moment = amount, _local(start, zone)
    while True:
        available = timedelta(0) if _is_off(moment.date(), days_off) else _left_of_day(moment)
        if available and left <= available:
            opened = max(moment, datetime.combine(moment.date(), OPENS))
            return (opened + left).replace(tzinfo=zone)
        left -= available
        moment = datetime.combine(moment.date() + timedelta(days=1), time())


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _since_epoch(local: datetime) -> timedelta:
    """The working time since a Monday long ago, without regard to days off."""
    # Ordinal 1 is a Monday.
    weeks, weekday = divmod(local.toordinal() - 1, 7)
    days = weeks * WORKING_DAYS + min(weekday, WORKING_DAYS)
    today = timedelta(0)
    if weekday < WORKING_DAYS:
        opened = datetime.combine(local.date(), OPENS)
        closed = datetime.combine(local.date(), CLOSES)
        today = min(max(local, opened), closed) - opened
    return timedelta(hours=days * HOURS_A_DAY) + today


def _between(since: datetime, until: datetime, days_off: DaysOff) -> Iterable[date]:
    """The days off between two moments that would be working days."""
    for year in range(since.year, until.year + 1):
        for day in days_off(year):
            if since.date() <= day <= until.date() and day.weekday() < WORKING_DAYS:
                yield day


def _within(day: date, since: datetime, until: datetime) -> timedelta:
    """The working hours of ``day`` that lie between two moments."""
    opened, closed = datetime.combine(day, OPENS), datetime.combine(day, CLOSES)
    return max(timedelta(0), min(until, closed) - max(since, opened))


def _is_off(day: date, days_off: DaysOff) -> bool:
    return day.weekday() >= WORKING_DAYS or day in days_off(day.year)


def _left_of_day(local: datetime) -> timedelta:
    return _within(local.date(), local, datetime.combine(local.date(), CLOSES))
