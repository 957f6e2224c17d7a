"""Sessions keep their hour on the wall, whatever clocks do in between."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhow.exchanges.wall_time import Span, like, moment, repeated, shifted

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
# Hours that no zone here ever skips or has twice.
WORKING_HOURS = st.times(time(6), time(20)).map(lambda hour: hour.replace(microsecond=0))


def span(day: date, begins: time, ends: time, zone: ZoneInfo = BERLIN) -> Span:
    return Span(moment(day, begins, zone), moment(day, ends, zone))


def walls(spans: list[Span], zone: ZoneInfo = BERLIN) -> list[tuple[str, str]]:
    return [(on_the_wall(one.starts_at, zone), on_the_wall(one.ends_at, zone)) for one in spans]


def on_the_wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d.%m. %H:%M}"


def test_each_week_at_two_also_after_clocks_went_back() -> None:
    first = span(date(2026, 10, 20), time(14), time(15, 30))
    found = repeated(first, BERLIN, 1, 2)
    assert walls(found) == [("20.10. 14:00", "20.10. 15:30"), ("27.10. 14:00", "27.10. 15:30")]
    # In UTC it is an hour later, and lasts as long.
    assert [one.starts_at.hour for one in found] == [12, 13]
    assert found[1].ends_at - found[1].starts_at == timedelta(minutes=90)


def test_each_four_weeks_over_the_spring() -> None:
    found = repeated(span(date(2027, 3, 10), time(9), time(10)), BERLIN, 4, 3)
    assert [start for start, _end in walls(found)] == ["10.03. 09:00", "07.04. 09:00", "05.05. 09:00"]
    assert [one.starts_at.hour for one in found] == [8, 7, 7]


def test_an_hour_that_is_skipped_counts_as_the_one_after_it() -> None:
    assert moment(date(2027, 3, 28), time(2, 30), BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_what_would_end_before_its_skipped_beginning_lasts_as_long_as_usual() -> None:
    first = span(date(2027, 3, 21), time(2, 30), time(3, 10))
    later = [*repeated(first, BERLIN, 1, 2), like(repeated(first, BERLIN, 1, 2)[1], first, first, BERLIN)]
    assert walls(later)[1:] == [("28.03. 03:30", "28.03. 04:10")] * 2


def test_an_hour_that_comes_twice_counts_as_the_first() -> None:
    assert moment(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_all_move_by_as_many_days_to_the_new_hours() -> None:
    before = span(date(2026, 10, 20), time(14), time(15))
    after = span(date(2026, 10, 22), time(9, 30), time(11))
    later = repeated(before, BERLIN, 1, 2)[1]
    assert walls([like(later, before, after, BERLIN)]) == [("29.10. 09:30", "29.10. 11:00")]


def test_what_lasts_over_midnight_still_does() -> None:
    before = Span(moment(date(2026, 11, 3), time(14), BERLIN), moment(date(2026, 11, 3), time(15), BERLIN))
    after = Span(moment(date(2026, 11, 4), time(23), BERLIN), moment(date(2026, 11, 5), time(1), BERLIN))
    later = shifted(before, BERLIN, timedelta(weeks=1))
    assert walls([like(later, before, after, BERLIN)]) == [("11.11. 23:00", "12.11. 01:00")]


def test_one_that_begins_as_the_other_ends_does_not_meet_it() -> None:
    morning = span(date(2026, 11, 3), time(9), time(10))
    assert not morning.meets(span(date(2026, 11, 3), time(10), time(11)))
    assert morning.meets(span(date(2026, 11, 3), time(9, 59), time(11)))


@given(DAYS, WORKING_HOURS, ZONES, st.integers(1, 8), st.integers(1, 26))
def test_every_repetition_is_at_the_same_hour_on_the_same_weekday(
    day: date, hour: time, name: str, weeks: int, times: int
) -> None:
    zone = ZoneInfo(name)
    first = span(day, hour, time(22), zone)
    found = repeated(first, zone, weeks, times)
    local = [one.starts_at.astimezone(zone) for one in found]
    assert found[0] == first
    assert {(at.weekday(), at.time()) for at in local} == {(day.weekday(), hour)}
    assert [at.date() for at in local] == [day + timedelta(weeks=weeks * n) for n in range(times)]


@given(DAYS, DAYS, WORKING_HOURS, WORKING_HOURS, ZONES)
def test_moving_there_and_back_changes_nothing(
    day: date, to: date, one: time, other: time, name: str
) -> None:
    zone = ZoneInfo(name)
    before, after = span(day, one, time(22), zone), span(to, other, time(23), zone)
    later = shifted(before, zone, timedelta(weeks=3))
    assert like(like(later, before, after, zone), after, before, zone) == later
    assert like(before, before, after, zone) == after


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
def test_moments_are_in_utc(zone: ZoneInfo) -> None:
    assert moment(date(2026, 7, 1), time(12), zone).utcoffset() == timedelta(0)
