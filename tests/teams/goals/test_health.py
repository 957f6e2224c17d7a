"""How far, how far it should be, and what follows; by hand and for any numbers."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.goals.health import (
    WORSENING,
    expected,
    expected_value,
    health_of_result,
    mean_progress,
    percent,
    progress,
    worst,
)
from teams.models import Confidence, Health

NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
PARTS = st.fractions(min_value=-2, max_value=3)
START, END = date(2026, 10, 1), date(2026, 12, 30)


def test_the_example_of_the_documentation() -> None:
    """docs/goals.md: consent from 1.8 to 3.0 %, at 2.1 % after half of the 90 days."""
    done = progress(Decimal("1.8"), Decimal("3.0"), Decimal("2.1"))
    wanted = expected(START, END, date(2026, 11, 15))
    assert (done, wanted) == (Fraction(1, 4), Fraction(1, 2))
    assert expected_value(Decimal("1.8"), Decimal("3.0"), Fraction(1, 2)) == Fraction(12, 5)
    assert health_of_result(done, wanted) == Health.AT_RISK
    assert health_of_result(done, wanted, Confidence.LOW) == Health.OFF_TRACK


@pytest.mark.parametrize(
    ("baseline", "target", "current", "done"),
    [
        (10, 20, 15, Fraction(1, 2)),
        (20, 10, 15, Fraction(1, 2)),
        (10, 20, 5, Fraction(-1, 2)),
        (20, 10, 5, Fraction(3, 2)),
        (-10, 10, 0, Fraction(1, 2)),
        (10, 20, None, None),
    ],
)
def test_progress_counts_up_and_down(
    baseline: int, target: int, current: int | None, done: Fraction | None
) -> None:
    value = None if current is None else Decimal(current)
    assert progress(Decimal(baseline), Decimal(target), value) == done


@pytest.mark.parametrize(
    ("day", "part"),
    [(START - timedelta(1), 0), (START, 0), (END, 1), (END + timedelta(9), 1)],
)
def test_before_the_period_nothing_is_expected_and_after_it_everything(day: date, part: int) -> None:
    assert expected(START, END, day) == part


def test_without_a_period_nothing_is_expected() -> None:
    assert expected(None, None, START) is None
    assert health_of_result(Fraction(1, 2), None) is None


@pytest.mark.parametrize(
    ("behind", "health"),
    [
        (Fraction(-1), Health.ON_TRACK),
        (Fraction(10, 100), Health.ON_TRACK),
        (Fraction(11, 100), Health.AT_RISK),
        (Fraction(25, 100), Health.AT_RISK),
        (Fraction(26, 100), Health.OFF_TRACK),
    ],
)
def test_the_borders_of_health(behind: Fraction, health: Health) -> None:
    wanted = Fraction(1, 2)
    assert health_of_result(wanted - behind, wanted) == health


def test_silence_is_a_risk_once_a_quarter_has_passed() -> None:
    assert health_of_result(None, Fraction(1, 4)) is None
    assert health_of_result(None, Fraction(26, 100)) == Health.AT_RISK


def test_what_is_reached_is_on_track_whoever_doubts_it() -> None:
    assert health_of_result(Fraction(1), Fraction(1), Confidence.LOW) == Health.ON_TRACK
    assert health_of_result(Fraction(1), None) == Health.ON_TRACK


def test_the_worst_speaks_for_the_goal() -> None:
    assert worst([None, Health.ON_TRACK, Health.OFF_TRACK, Health.AT_RISK]) == Health.OFF_TRACK
    assert worst([None]) is worst([]) is None


def test_more_than_the_whole_makes_up_for_nothing_else() -> None:
    assert mean_progress([Fraction(3), Fraction(0), None]) == Fraction(1, 2)
    assert mean_progress([Fraction(-3), Fraction(1)]) == Fraction(1, 2)
    assert mean_progress([None]) is None
    assert (percent(Fraction(999, 1000)), percent(None)) == (99, None)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_progress_is_the_place_on_the_way(baseline: Decimal, target: Decimal, current: Decimal) -> None:
    if baseline == target:
        return
    done = progress(baseline, target, current)
    assert done is not None
    assert expected_value(baseline, target, done) == Fraction(current)


@given(PARTS, PARTS, st.fractions(min_value=0, max_value=1))
def test_who_has_come_further_is_never_worse(one: Fraction, other: Fraction, wanted: Fraction) -> None:
    less, more = (health_of_result(done, wanted) for done in sorted((one, other)))
    assert less is not None
    assert more is not None
    assert WORSENING.index(more) <= WORSENING.index(less)


@given(st.lists(PARTS | st.none()))
def test_a_mean_lies_between_nothing_and_the_whole(parts: list[Fraction | None]) -> None:
    mean = mean_progress(parts)
    assert mean is None or 0 <= mean <= 1
