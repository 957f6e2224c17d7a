"""The curve of those who went on, against a naive one and against what must hold whatever the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, expm1, inf, log

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from requests_app.forecast import survival
from requests_app.forecast.survival import AT_RISK, Outlook, Sample, outlook, sample

CHANCES = (0.1, 0.5, 0.85, 0.99)


@dataclass(frozen=True)
class Case:
    """How long it stayed in its state, how long until the end or the last sight of it, whether it ended."""

    stay: float
    total: float
    ended: bool


# Whole quarters of days, so that many are equal.
quarters = st.integers(0, 400).map(lambda whole: whole / 4)


def made(one: int, other: int, ended: bool) -> Case:
    return Case(min(one, other) / 4, max(one, other) / 4, ended)


some = st.builds(made, st.integers(0, 400), st.integers(0, 400), st.booleans())
many = st.lists(some, min_size=AT_RISK, max_size=60)
# The servers' machine may be busy with other tests.
unhurried = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


def as_sample(found: Sequence[Case]) -> Sample:
    zeros = np.zeros(len(found))
    stays, totals = (np.array([getattr(case, name) for case in found]) for name in ("stay", "total"))
    return sample(zeros, stays, totals, np.array([case.ended for case in found]))


def look(found: Sequence[Case], ages: Sequence[float], asked: Sequence[float] | None = None) -> Outlook:
    wanted = np.zeros(len(ages)) if asked is None else np.array(asked)
    return outlook(as_sample(found), np.array(ages, dtype=float), np.array(CHANCES), wanted)


def naive(found: Sequence[Case], age: float) -> tuple[list[float], float, float]:
    """When each chance is reached, how far the curve carries and what share goes on beyond, by the book."""
    at_risk = sorted((c for c in found if c.stay > age), key=lambda case: (case.total, not case.ended))
    going_on, curve = 1.0, []
    for place, case in enumerate(at_risk):
        left = len(at_risk) - place
        if left < AT_RISK:
            break
        going_on *= 1 - (1 / (left + 1) if case.ended else 0)
        curve.append((case.total - age, going_on))
    floor, beyond = curve[-1]
    last = at_risk[-survival.TAIL :]
    start = at_risk[-survival.TAIL - 1].total if len(at_risk) > survival.TAIL else age
    ends, exposure = sum(case.ended for case in last), sum(case.total - start for case in last)
    reached = []
    for chance in CHANCES:
        on_curve = [time for time, share in curve if share <= 1 - chance + 1e-9]
        if on_curve:
            reached.append(on_curve[0])
        elif ends >= survival.TAIL_ENDS:
            reached.append(floor + exposure * expm1(log(beyond / (1 - chance)) / ends))
        else:
            reached.append(inf)
    return reached, floor, beyond


def ages_of(found: Sequence[Case]) -> list[float]:
    """Ages that enough cases have reached."""
    stays = sorted(case.stay for case in found)
    return [age for age in (0.0, 0.1, 1.0, 7.3, 30.0) if sum(stay > age for stay in stays) >= AT_RISK]


@unhurried
@given(many)
def test_it_is_what_the_naive_curve_says(found: list[Case]) -> None:
    ages = ages_of(found)
    assume(ages)
    seen = look(found, ages)
    for row, age in enumerate(ages):
        reached, floor, beyond = naive(found, age)
        assert seen.reached[row] == pytest.approx(reached)
        assert (seen.floor[row], seen.beyond[row]) == (pytest.approx(floor), pytest.approx(beyond))
        assert seen.ends[row] == sum(case.ended for case in found if case.stay > age)


@unhurried
@given(many)
def test_nothing_is_foretold_for_the_past_and_more_chance_takes_no_less_time(found: list[Case]) -> None:
    ages = ages_of(found)
    assume(ages)
    reached = look(found, ages).reached
    assert (reached >= 0).all()
    assert (reached[:, 1:] >= reached[:, :-1]).all()


@unhurried
@given(many, st.data())
def test_not_knowing_an_end_only_lengthens(found: list[Case], data: st.DataObject) -> None:
    ages = ages_of(found)
    assume(ages)
    unseen = data.draw(st.integers(0, len(found) - 1))
    fewer = [replace(case, ended=case.ended and n != unseen) for n, case in enumerate(found)]
    before, after = look(found, ages).reached, look(fewer, ages).reached
    assert (after >= before - 1e-9).all()


@unhurried
@given(many, quarters, quarters)
def test_the_chance_of_being_over_grows_with_time_and_is_the_reverse_of_the_dates(
    found: list[Case], one: float, other: float
) -> None:
    ages = ages_of(found)
    assume(ages)
    early, late = sorted((one, other))
    sooner, later = (look(found, ages, [time] * len(ages)) for time in (early, late))
    assert (sooner.over <= later.over + 1e-9).all()
    assert ((sooner.over >= 0) & (later.over <= 1)).all()
    for column, chance in enumerate(CHANCES):
        now = look(found, ages)
        reached = now.reached[:, column]
        finite = np.isfinite(reached)
        there = look(found, ages, np.where(finite, reached + 1e-9, 0.0).tolist())
        assert (there.over[finite] >= chance - 1e-6).all()
        # A moment behind the very end of the curve is beyond it, where there may be but a bound.
        at_its_end = (reached <= now.floor) & (reached + 1e-9 > now.floor)
        assert there.exact[finite & ~at_its_end].all()


@unhurried
@given(many)
def test_many_ages_at_once_are_as_each_alone(found: list[Case]) -> None:
    ages = ages_of(found)
    assume(ages)
    # More than fit in one matrix, in no order.
    asked = (ages * 40)[:40][::-1]
    together = look(found, asked)
    for row, age in enumerate(asked):
        alone = look(found, [age])
        assert together.reached[row] == pytest.approx(alone.reached[0])


def test_a_short_tail_gives_no_date_but_a_floor() -> None:
    found = [Case(float(n), float(n), ended=n <= 4) for n in range(1, 21)]
    found = [replace(case, ended=case.total <= 2) for case in found]
    seen = look(found, [0.0])
    assert seen.reached[0, 1] == inf
    assert seen.floor[0] == 11
    assert seen.beyond[0] == pytest.approx(20 / 21 * 19 / 20)
    late = look(found, [0.0], [50.0])
    assert not late.exact[0]
    assert late.over[0] == pytest.approx(1 - seen.beyond[0])


def test_the_pace_beyond_the_curve_is_that_of_its_last_cases() -> None:
    # Twenty cases, one ends every other day; the last end is on day 19.
    found = [Case(float(n), float(n), ended=n % 2 == 1) for n in range(1, 21)]
    seen = look(found, [0.0])
    ends, exposure = 10, sum(range(1, 21))
    more = exposure * expm1(log(seen.beyond[0] / 0.15) / ends)
    assert seen.reached[0, 2] == pytest.approx(seen.floor[0] + more)
    asked = look(found, [0.0], [seen.floor[0] + more])
    assert asked.over[0] == pytest.approx(0.85)
    assert exp(-1) < seen.beyond[0] < 1


def test_who_left_the_state_earlier_does_not_count() -> None:
    stayed = [Case(10.0, 20.0, ended=True)] * 40
    left = [Case(1.0, 2.0, ended=True)] * 50
    assert look([*stayed, *left], [5.0]).reached[0, 0] == 15
    assert as_sample([*stayed, *left]).at_risk(np.array([0.5, 1.0, 9.9, 10.0])).tolist() == [90, 40, 40, 0]
