"""The clock that work follows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.forecast.week import HORIZON, Week, week_of
from tests.requests_app.forecast.histories import BERLIN, UTC

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)


def week(ends: list[datetime], zone: ZoneInfo = UTC, now: datetime = MONDAY) -> Week:
    moments = np.array([end.timestamp() for end in ends])
    return week_of(moments, (now - timedelta(days=400)).timestamp(), now.timestamp(), zone)


def worked(found: Week, begin: datetime, end: datetime) -> float:
    times = found.clock(np.array([begin.timestamp(), end.timestamp()]))
    return float(times[1] - times[0])


def on_weekdays(count: int = 500) -> list[datetime]:
    days = [FRIDAY - timedelta(days=n) for n in range(1, 7 * count // 5) if n < 390]
    return [day for day in days if day.weekday() < 5 for _copy in range(4)]


def test_without_history_every_day_counts_the_same() -> None:
    assert worked(week([]), FRIDAY, MONDAY) == pytest.approx(3)


def test_days_on_which_nobody_finishes_anything_hardly_count() -> None:
    found = week(on_weekdays())
    assert worked(found, FRIDAY, MONDAY) == pytest.approx(7 / 5, abs=0.05)
    assert worked(found, MONDAY - timedelta(days=7), MONDAY) == pytest.approx(7)


def test_a_date_is_the_day_whose_end_lies_nearest() -> None:
    found = week([])
    noon = float(found.clock(np.array([MONDAY.timestamp()]))[0])
    due = found.due(noon + np.array([0.0, 0.4, 0.9, 1.1, 1.6]), noon)
    assert [day and (day - MONDAY.date()).days for day in due] == [0, 0, 0, 1, 1]


def test_no_date_lies_on_a_day_that_does_not_count() -> None:
    found = week(on_weekdays(), now=FRIDAY)
    now = float(found.clock(np.array([FRIDAY.timestamp()]))[0])
    due = found.due(now + np.linspace(0.1, 30, 200), now)
    assert {day.weekday() for day in due if day} <= {0, 1, 2, 3, 4}


def test_there_are_no_dates_beyond_the_horizon() -> None:
    found = week([])
    now = float(found.clock(np.array([MONDAY.timestamp()]))[0])
    for weekend in (week(on_weekdays(), now=MONDAY + timedelta(days=n)) for n in range(7)):
        assert weekend.due(np.array([np.inf]), 0.0) == [None]
    ahead = np.array([HORIZON.days - 5.0, HORIZON.days + 5.0, np.inf])
    assert [day is None for day in found.due(now + ahead, now)] == [False, True, True]
    assert [day is None for day in found.days(now + ahead)] == [False, True, True]


def test_summer_time_moves_midnight_and_no_day() -> None:
    found = week([], BERLIN, datetime(2026, 11, 23, tzinfo=BERLIN))
    # The 25-hour day of October and an ordinary one count the same.
    for day in (date(2026, 10, 25), date(2026, 10, 26)):
        begin = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
        assert worked(found, begin, begin + timedelta(days=1)) == pytest.approx(1)
        time = found.clock(np.array([(begin + timedelta(hours=12)).timestamp()]))
        assert found.days(time) == [day]


@given(st.lists(st.floats(-300, 700), min_size=2, max_size=30))
@settings(deadline=None, max_examples=60)
def test_the_clock_never_runs_backwards_and_agrees_with_plain_interpolation(days: list[float]) -> None:
    found = week(on_weekdays(40), BERLIN)
    moments = MONDAY.timestamp() + np.sort(np.array(days)) * 86_400
    times = found.clock(moments)
    assert (np.diff(times) >= 0).all()
    assert times == pytest.approx(np.interp(moments, found.midnights, found.worked))


def test_the_end_of_a_day_is_where_the_next_begins() -> None:
    found = week([])
    today = MONDAY.date()
    at = found.end_of(today)
    assert found.days(np.array([at - 1e-6, at])) == [today, today + timedelta(days=1)]
    assert found.end_of(today - timedelta(days=5_000)) == 0
