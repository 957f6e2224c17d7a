"""A team's forecasts: whom each request is compared with, and what must hold whatever the history."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from requests_app.choices import Status
from requests_app.forecast.outlooks import Board, Forecast, State
from requests_app.forecast.record import known_at
from requests_app.forecast.replay import Step
from tests.requests_app.forecast.histories import DAY, NOW, begun, forecasts, record_of, steady, waiting

US, THEM = 1, 2
TODAY = datetime.fromtimestamp(NOW, UTC).date()


def delivered(team: int, *lasted: float) -> list[list[Step]]:
    """Requests of the past that took so many days; they ended on all days of the week."""
    return [begun(team, 200 + 2 * n, days) for n, days in enumerate(lasted)]


def of(*requests: list[Step], team: int = US, number: int = 1, board: Board | None = None) -> Forecast:
    return forecasts(record_of(*requests), team, board)[number]


def test_the_dates_are_what_half_and_85_of_100_of_the_team_took() -> None:
    # A hundred took a little more than 1 … 100 days; the request itself is the 101st.
    took = [days + 0.2 for days in range(1, 101)]
    found = of(*delivered(US, *took), begun(US, 0.1, number=1))
    assert found.state == State.DATED
    assert (found.half, found.likely) == (TODAY + timedelta(days=51), TODAY + timedelta(days=86))
    assert found.basis is not None
    assert (found.basis.deliveries, found.basis.borrowed, found.basis.same_status) == (100, False, True)


def test_who_is_older_than_most_is_compared_with_the_slow_ones_only() -> None:
    young = of(*delivered(US, *range(1, 41)), begun(US, 1.0, number=1))
    old = of(*delivered(US, *range(1, 41)), begun(US, 20.5, number=1))
    assert old.basis is not None
    assert old.basis.deliveries == 20
    assert old.half is not None
    assert young.half is not None
    # Done later as seen from the start, although the rest is shorter.
    assert old.half + timedelta(days=20) > young.half + timedelta(days=1)


def test_nine_deliveries_are_too_few_and_all_teams_help_out() -> None:
    found = of(*delivered(US, *[5] * 9), *delivered(THEM, *[30] * 40), begun(US, 1.0, number=1))
    assert found.basis is not None
    assert found.basis.borrowed
    assert found.basis.deliveries == 49
    assert found.likely == TODAY + timedelta(days=28)


def test_ten_deliveries_are_enough() -> None:
    found = of(*delivered(US, *[5] * 10), *delivered(THEM, *[30] * 40), begun(US, 1.0, number=1))
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.deliveries) == (False, 10)


def test_at_an_age_that_few_of_the_team_reached_all_teams_help_out() -> None:
    found = of(*delivered(US, *[5] * 30), *delivered(THEM, *range(1, 41)), begun(US, 10.0, number=1))
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.same_status, found.basis.deliveries) == (True, True, 30)


def test_where_nobody_stood_in_the_status_so_long_time_at_work_is_compared() -> None:
    in_review = [
        *begun(US, 30.0, number=1),
        Step(1, US, "request.handed_over", Status.IN_REVIEW, NOW - 1 * DAY),
    ]
    found = of(*delivered(US, *range(20, 61)), in_review)
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.same_status, found.basis.deliveries) == (False, False, 30)


def test_below_ten_deliveries_anywhere_there_is_not_enough_history() -> None:
    found = of(*delivered(US, *[5] * 5), *delivered(THEM, *[5] * 4), begun(US, 1.0, number=1))
    assert found == Forecast(1, State.NO_HISTORY)
    waits = of(*delivered(US, *[5] * 9), waiting(US, number=1))
    assert waits == Forecast(1, State.NO_HISTORY)


def test_what_is_still_open_counts_as_not_over_yet() -> None:
    alone = of(*delivered(US, *range(1, 21)), begun(US, 1.0, number=1))
    slow = [begun(US, 60.0 + n) for n in range(20)]
    together = of(*delivered(US, *range(1, 21)), *slow, begun(US, 1.0, number=1))
    assert alone.half is not None
    assert together.half is None or together.half > alone.half


def test_where_history_does_not_carry_a_date_it_says_how_far_it_carries() -> None:
    # Some were over within days, two after weeks, the others have gone on for two months.
    fast, slow = delivered(US, *[3.0] * 10, 12.0, 13.0), [begun(US, 60.0 + n) for n in range(30)]
    found = of(*fast, *slow, begun(US, 10.0, number=1))
    assert (found.half, found.likely, found.state) == (None, None, State.BOUNDED)
    assert found.not_before is not None
    assert found.not_before > TODAY + timedelta(days=30)
    assert found.beyond == 94
    assert found.basis is not None
    assert found.basis.deliveries == 2


def test_where_nothing_that_old_was_ever_delivered_nothing_is_claimed() -> None:
    fast, slow = delivered(US, *[3.0] * 10), [begun(US, 60.0 + n) for n in range(30)]
    assert of(*fast, *slow, begun(US, 10.0, number=1)) == Forecast(1, State.NO_HISTORY)
    # Others have delivered such old ones, and help out.
    found = of(*fast, *slow, *delivered(THEM, *range(20, 60)), begun(US, 10.0, number=1))
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.deliveries) == (True, 40)


def test_the_deadline_has_a_chance() -> None:
    deadline = TODAY + timedelta(days=10)
    found = of(*delivered(US, *range(1, 101)), begun(US, 0.1, number=1), board=Board(deadlines={1: deadline}))
    assert (found.deadline, found.at_least) == (deadline, False)
    assert found.chance in {9, 10, 11}


def test_a_deadline_that_has_passed_has_none() -> None:
    board = Board(deadlines={1: TODAY - timedelta(days=1)})
    assert of(*delivered(US, *range(1, 41)), begun(US, 2.0, number=1), board=board).chance == 0


def test_where_only_a_bound_is_known_the_chance_is_at_least_that() -> None:
    fast, slow = delivered(US, *[3.0] * 10), [begun(US, 60.0 + n) for n in range(30)]
    board = Board(deadlines={1: TODAY + timedelta(days=300)})
    found = of(*fast, *slow, begun(US, 1.0, number=1), board=board)
    assert found.at_least
    assert found.chance == pytest.approx(24, abs=3)


def test_work_not_begun_waits_for_those_before_it_and_then_for_the_work() -> None:
    # A start every three days, and work that takes six.
    past = [begun(US, 3.0 * n, 6.0) for n in range(3, 40)]
    going = [begun(US, 3.0 * n) for n in range(1, 3)]
    board = Board(places={1: 1, 2: 8})
    record = record_of(*past, *going, waiting(US, number=1), waiting(US, number=2))
    found = forecasts(record, US, board)
    first, later = found[1], found[2]
    assert first.half is not None
    assert later.half is not None
    assert TODAY + timedelta(days=7) <= first.half <= TODAY + timedelta(days=11)
    assert TODAY + timedelta(days=26) <= later.half <= TODAY + timedelta(days=36)
    assert first.basis is not None
    assert (first.basis.place, first.basis.starts, first.basis.starts_borrowed) == (1, 30, False)


def test_who_has_no_place_stands_behind_all_who_have() -> None:
    past = [begun(US, 3.0 * n, 6.0) for n in range(3, 40)]
    record = record_of(*past, waiting(US, number=1), waiting(US, number=2))
    found = forecasts(record, US, Board(places={1: 1}))
    assert found[2].basis is not None
    assert found[2].basis.place == 2


def test_a_team_that_has_hardly_begun_anything_goes_at_the_pace_of_others() -> None:
    past = [begun(THEM, 3.0 * n, 6.0) for n in range(3, 40)]
    found = of(*past, waiting(US, number=1), board=Board(places={1: 1}))
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.starts_borrowed) == (True, True)
    assert found.state == State.DATED


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[Step]], list[list[Step]]]:
    """Past requests of two teams, and open ones of ours: begun, and waiting."""
    chance = Random(draw(st.integers(0, 10_000)))
    mean = draw(st.sampled_from([0.3, 4.0, 40.0, 400.0]))
    past = [*steady(US, chance, draw(st.integers(0, 40)), mean), *steady(THEM, chance, 60, mean)]
    ages = draw(st.lists(st.integers(0, 800), min_size=1, max_size=6))
    return past, [*(begun(US, float(age)) for age in ages), waiting(US), waiting(US)]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.integers(-30, 900))
def test_whatever_the_history(made: tuple[list[list[Step]], list[list[Step]]], ahead: int) -> None:
    past, ours = made
    numbers = [request[0].request for request in ours]
    deadline = TODAY + timedelta(days=ahead)
    board = Board(dict.fromkeys(numbers, deadline), {numbers[-2]: 1, numbers[-1]: 2})
    found = forecasts(record_of(*past, *ours), US, board)
    assert set(numbers) <= set(found)
    for forecast in found.values():
        days = [day for day in (forecast.half, forecast.likely) if day]
        assert all(day >= TODAY for day in days)
        assert days == sorted(days)
        assert forecast.likely is None or forecast.half is not None
        assert forecast.not_before is None or (forecast.likely is None and forecast.not_before > TODAY)
        assert (forecast.state == State.DATED) == bool(days)
        assert forecast.chance is None or 0 <= forecast.chance < 100
        if forecast.deadline and forecast.likely and forecast.likely < deadline:
            assert forecast.chance is not None
            assert forecast.chance >= 80
    near, far = (found[number].half for number in numbers[-2:])
    assert near is None or far is None or near <= far


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.integers(1, 300))
def test_nothing_that_happened_later_changes_what_would_have_been_said(
    made: tuple[list[list[Step]], list[list[Step]]], days: int
) -> None:
    past, ours = made
    moment = NOW - days * DAY
    everything = [*past, *ours]
    until_then = [kept for request in everything if (kept := [s for s in request if s.at <= moment])]
    assume(until_then)
    whole, part = record_of(*everything), record_of(*until_then)
    assert forecasts(whole, US, at=moment) == forecasts(part, US, at=moment)


def test_known_parts_of_different_moments_fit_together() -> None:
    record = record_of(
        *delivered(US, *range(1, 21)), *delivered(THEM, *range(1, 21)), begun(US, 1.0, number=1)
    )
    others = known_at(record, NOW - DAY).without_teams([US])
    ours = known_at(record.where(record.team == US), NOW)
    known = others.beside(ours)
    assert known.moment == NOW
    assert sorted(np.unique(known.lives.team)) == [US, THEM]
    assert len(known.lives.request) == 41


def test_only_open_requests_of_the_team_are_forecast() -> None:
    found = forecasts(
        record_of(*delivered(US, *[5] * 12), begun(US, 1.0, number=1), begun(THEM, 1.0, number=2)), US
    )
    assert set(found) == {1}
    assert isinstance(found[1].half, date)
