"""Working hours by the clocks of a zone; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.working_time import DaysOff, after_working_time, working_time

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-25T09:00", "2026-11-25T17:00", 8),
        ("2026-11-25T00:00", "2026-11-26T00:00", 8),
        ("2026-11-25T16:00", "2026-11-26T10:00", 2),
        ("2026-11-25T18:00", "2026-11-26T08:00", 0),
        # Friday evening to Monday morning.
        ("2026-11-27T16:30", "2026-11-30T09:30", 1),
        ("2026-11-28T10:00", "2026-11-29T20:00", 0),
        ("2026-11-23T09:00", "2026-11-30T09:00", 40),
        # The night in which the clocks go forward, and the one in which they go back.
        ("2026-03-27T09:00", "2026-03-30T17:00", 16),
        ("2026-10-23T09:00", "2026-10-26T17:00", 16),
        ("2026-11-25T12:00", "2026-11-25T11:00", 0),
    ],
)
def test_monday_to_friday_from_nine_to_five(start: str, end: str, hours: float) -> None:
    assert working_time(at(start), at(end), BERLIN) == hours * HOUR


def test_the_zone_decides_which_hours_these_are() -> None:
    start, end = datetime(2026, 11, 25, 0, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert working_time(start, end, BERLIN) == HOUR
    assert working_time(start, end, ZoneInfo("UTC")) == timedelta(0)
    assert working_time(start, end, ZoneInfo("Asia/Tokyo")) == 8 * HOUR


@given(moments, moments, moments, zones)
def test_parts_add_up_to_the_whole(a: datetime, b: datetime, c: datetime, zone: ZoneInfo) -> None:
    first, second, third = sorted((a, b, c))
    parts = working_time(first, second, zone) + working_time(second, third, zone)
    assert parts == working_time(first, third, zone)


@given(moments, st.integers(0, 500), zones)
def test_it_agrees_with_counting_each_quarter_of_an_hour(
    start: datetime, quarters: int, zone: ZoneInfo
) -> None:
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    step = timedelta(minutes=15)
    counted = sum(
        (local := (start + n * step).astimezone(zone)).weekday() < 5 and 9 <= local.hour < 17
        for n in range(quarters)
    )
    assert working_time(start, start + quarters * step, zone) == counted * step


# Days off ---------------------------------------------------------------------------------------------------

# Christmas 2026 falls on a Friday, New Year's Day on a Friday; 26 December is a Saturday.
HOLIDAYS = {2026: frozenset({date(2026, 12, 25), date(2026, 12, 26)}), 2027: frozenset({date(2027, 1, 1)})}
days = st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40)


def off(year: int) -> frozenset[date]:
    return HOLIDAYS.get(year, frozenset())


def by_year(chosen: set[date]) -> DaysOff:
    return lambda year: frozenset(day for day in chosen if day.year == year)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-12-24T09:00", "2026-12-28T09:00", 8),
        ("2026-12-25T12:00", "2026-12-25T16:00", 0),
        ("2026-12-24T16:00", "2026-12-25T12:00", 1),
        ("2026-12-31T16:00", "2027-01-04T10:00", 2),
    ],
)
def test_days_off_hold_no_working_time(start: str, end: str, hours: float) -> None:
    assert working_time(at(start), at(end), BERLIN, off) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-25T10:00", 16, "2026-11-27T10:00"),
        ("2026-11-25T20:00", 16, "2026-11-27T17:00"),
        ("2026-11-27T16:00", 16, "2026-12-01T16:00"),
        ("2026-12-24T12:00", 8, "2026-12-28T12:00"),
        # Over the nights in which the clocks change.
        ("2026-03-27T13:00", 8, "2026-03-30T13:00"),
        ("2026-10-23T13:00", 8, "2026-10-26T13:00"),
        ("2026-11-25T06:00", 0, "2026-11-25T09:00"),
    ],
)
def test_the_moment_after_some_working_time(start: str, hours: int, due: str) -> None:
    assert after_working_time(at(start), hours * HOUR, BERLIN, off) == at(due)


@given(moments, st.integers(1, 60 * 200), zones, days)
def test_exactly_so_much_working_time_lies_before_it(
    start: datetime, minutes: int, zone: ZoneInfo, chosen: set[date]
) -> None:
    amount, calendar = timedelta(minutes=minutes), by_year(chosen)
    due = after_working_time(start, amount, zone, calendar)
    assert working_time(start, due, zone, calendar) == amount
    # It is the first such moment: a little earlier, less has passed.
    assert working_time(start, due - timedelta(seconds=1), zone, calendar) < amount
    local = due.astimezone(zone)
    assert local.weekday() < 5
    assert local.date() not in chosen


@given(moments, moments, zones, days)
def test_days_off_only_take_time_away(a: datetime, b: datetime, zone: ZoneInfo, chosen: set[date]) -> None:
    start, end = sorted((a, b))
    with_days_off = working_time(start, end, zone, by_year(chosen))
    counted = timedelta(0)
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        if day not in chosen:
            first, last = (datetime.combine(day, time(hour), zone) for hour in (0, 23))
            counted += working_time(max(start, first), min(end, last), zone)
        day += timedelta(days=1)
    assert with_days_off == counted
