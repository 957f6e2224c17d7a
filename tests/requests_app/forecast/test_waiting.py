"""Waiting for a start: the closed formula, a simulation, and what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requests_app.forecast.waiting import (
    FEWEST,
    LATEST,
    LEVELS,
    Pace,
    borrowed_pace,
    over,
    pace_of,
    reached,
    summed,
    waits,
)


def test_the_next_start_is_waited_for_as_the_formula_says() -> None:
    # For the first place the distribution is Lomax's, which can be turned round.
    expected = 30 * ((1 - LEVELS) ** (-1 / 12) - 1)
    assert waits(Pace(12, 30.0, 0.0), np.array([1]))[0] == pytest.approx(expected, rel=0.01)


def test_later_places_wait_as_a_simulated_process_of_unknown_pace_does() -> None:
    chance = np.random.default_rng(7)
    pace = chance.gamma(12, 1 / 30.0, size=200_000)
    for place in (2, 5, 40):
        simulated = np.quantile(chance.gamma(place, size=pace.shape) / pace, LEVELS)
        found = waits(Pace(12, 30.0, 0.0), np.array([place]))[0]
        assert found[2:-2] == pytest.approx(simulated[2:-2], rel=0.03)


@given(st.integers(10, 30), st.floats(0.5, 500), st.lists(st.integers(1, 120), min_size=1, max_size=12))
@settings(deadline=None, max_examples=60)
def test_who_stands_further_behind_waits_longer(starts: int, exposure: float, places: list[int]) -> None:
    found = waits(Pace(starts, exposure, 0.0), np.array(sorted(places)))
    assert (found >= 0).all()
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=1) >= 0).all()
    assert (np.diff(found, axis=0) >= -1e-9).all()


def test_the_pace_is_that_of_the_latest_starts() -> None:
    slow, fast = np.arange(0, 100, 10.0), 100 + np.arange(LATEST + 1)
    pace = pace_of(np.concatenate([slow, fast]), 135.0)
    assert pace == Pace(LATEST, 35.0, 100.0)


def test_a_pause_since_the_last_start_counts() -> None:
    starts = np.arange(20.0)
    pace = pace_of(starts, 119.0)
    assert pace is not None
    assert (pace.starts, pace.exposure) == (19, 119.0)


def test_too_few_starts_tell_no_pace() -> None:
    assert pace_of(np.arange(float(FEWEST)), 50.0) is None
    assert pace_of(np.arange(FEWEST + 1.0), 50.0) is not None
    assert pace_of(np.zeros(FEWEST + 1), 0.0) is None


def test_a_borrowed_pace_is_the_middle_one_and_weighs_as_little_as_can_be() -> None:
    others = [Pace(30, 30.0, 5.0), Pace(30, 60.0, 3.0), Pace(20, 400.0, 9.0)]
    assert borrowed_pace(others) == Pace(FEWEST, 2.0 * FEWEST, 3.0)
    assert borrowed_pace([]) is None


def test_sums_of_waits_and_durations() -> None:
    sums = summed(np.array([[0.0, 10.0]]), np.array([1.0, 2.0]))
    assert sorted(sums[0]) == [1, 2, 11, 12]
    assert reached(sums, np.array([0.5, 0.75, 1.0])).tolist() == [[2, 11, 12]]
    chance, exact = over(sums, np.array([11.0]))
    assert (chance.tolist(), exact.tolist()) == ([0.75], [True])


def test_where_durations_are_not_known_to_the_end_nothing_is_claimed() -> None:
    sums = summed(np.array([[0.0, 10.0]]), np.array([1.0, np.inf]))
    assert reached(sums, np.array([0.5, 0.85])).tolist() == [[11.0, np.inf]]
    assert [column.tolist() for column in over(sums, np.array([11.0]))] == [[0.5], [True]]
    assert [column.tolist() for column in over(sums, np.array([12.0]))] == [[0.5], [False]]
