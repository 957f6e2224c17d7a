"""How long what has lasted so long goes on: Kaplan and Meier's estimate, given an age, with Lomax's tail.

The formulas and where they come from stand in docs/forecast.md. Times are days on any clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from requests_app.forecast.record import Flags, Floats, Ints

# Below so many at risk the curve says nothing.
AT_RISK = 10
# The pace beyond the curve is that of the last so many at risk, and nobody's where fewer than so many ended:
# from the third on, the spread of what such a pace foretells is finite.
TAIL, TAIL_ENDS = 30, 3
# Ages that are looked at in one matrix; more would not fit the processor's cache.
TOGETHER = 16
# What the arithmetic of floating point may lose.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Sample:
    """Past cases, ordered by ``total``.

    A case counts for an age that it has reached in the same state (``stay`` is how long it stayed in it);
    ``total`` is the time from entering that state to the end, or to when it was last seen (``ended`` False).
    """

    total: Floats
    stay: Floats
    ended: Flags
    enter: Floats

    def at_risk(self, ages: Floats) -> Ints:
        """How many cases count for each age."""
        return len(self.stay) - np.searchsorted(np.sort(self.stay), ages, side="right")


def sample(enter: Floats, leave: Floats, until: Floats, ended: Flags) -> Sample:
    """Cases from their moments on one clock; of equal times the ends come before those only seen so far."""
    total = until - enter
    order = np.lexsort((~ended, total))
    return Sample(total[order], (leave - enter)[order], ended[order], enter[order])


@dataclass(frozen=True)
class Outlook:
    """For each age: when, from now on, the chances are reached; ``inf`` where history does not carry so far.

    ``floor``: how far the curve carries, and ``beyond`` the share of cases that were not over by then.
    ``over`` is the chance of being over by the time asked for, and ``exact`` whether it is more than a bound.
    """

    reached: Floats
    floor: Floats
    beyond: Floats
    over: Floats
    exact: Flags
    ends: Ints
    since: Floats


def outlook(cases: Sample, ages: Floats, chances: Floats, asked: Floats) -> Outlook:
    """What the cases foretell for each age; every age must have ``AT_RISK`` cases at least.

    ``chances`` are the levels wanted, for each age the same; ``asked`` one time from now on for each age.
    """
    order = np.argsort(ages)
    parts = []
    for begin in range(0, len(ages), TOGETHER):
        rows = order[begin : begin + TOGETHER]
        parts.append(_together(cases, ages[rows], chances, asked[rows]))
    back = np.argsort(order)
    return Outlook(*(np.concatenate(column)[back] for column in zip(*parts, strict=True)))


def _together(cases: Sample, ages: Floats, chances: Floats, asked: Floats) -> tuple[Any, ...]:
    # Nobody who left before the youngest age counts for any of these.
    some = cases.stay > ages[0]
    total, enter = cases.total[some], cases.enter[some]
    counts = cases.stay[some] > ages[:, None]
    events = counts & cases.ended[some]
    risk = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    curve = _curve(total, ages, counts, events, risk)
    over, exact = _over(curve, asked)
    first = np.where(counts, enter, np.inf).min(axis=1)
    return _reached(curve, chances), curve.floor, curve.beyond, over, exact, events.sum(axis=1), first


@dataclass(frozen=True)
class _Curve:
    """For each age the share ``surviving`` each case, carried to case ``last``, and the pace beyond it:
    ``ends`` in ``exposure`` days of those at risk.
    """

    total: Floats
    ages: Floats
    surviving: Floats
    last: Ints
    ends: Ints
    exposure: Floats

    @property
    def floor(self) -> Floats:
        floor: Floats = self.total[self.last] - self.ages
        return floor

    @property
    def beyond(self) -> Floats:
        beyond: Floats = self.surviving[np.arange(len(self.ages)), self.last]
        return beyond

    @property
    def goes_on(self) -> Flags:
        """Whether there is a pace beyond the curve."""
        return self.ends >= TAIL_ENDS


def _curve(total: Floats, ages: Floats, counts: Flags, events: Flags, risk: Ints) -> _Curve:
    # The case in question is one more at risk, as in conformal prediction.
    surviving = np.cumprod(1.0 - events / (risk + 1.0), axis=1, dtype=np.float64)
    carried = counts & (risk >= AT_RISK)
    last = np.where(carried, np.arange(len(total)), -1).max(axis=1)
    tail = counts & (risk <= TAIL)
    start = np.maximum(np.where(counts & ~tail, total, -np.inf).max(axis=1), ages)
    exposure = np.where(tail, total, 0.0).sum(axis=1) - tail.sum(axis=1) * start
    return _Curve(total, ages, surviving, last, (events & tail).sum(axis=1), exposure)


def _reached(curve: _Curve, chances: Floats) -> Floats:
    """When each chance is reached: on the curve, else at the pace beyond it, else never that we know of."""
    reached = np.full((len(curve.ages), len(chances)), np.inf)
    goes_on = curve.goes_on
    ends, exposure = curve.ends[goes_on], curve.exposure[goes_on]
    for column, chance in enumerate(chances):
        left = 1.0 - chance + ROUNDING
        at = (curve.surviving > left).sum(axis=1)
        further = np.log(np.maximum(curve.beyond[goes_on] / left, 1.0)) / ends
        reached[goes_on, column] = curve.floor[goes_on] + exposure * np.expm1(further)
        there = at <= curve.last
        reached[there, column] = curve.total[at[there]] - curve.ages[there]
    return reached


def _over(curve: _Curve, asked: Floats) -> tuple[Floats, Flags]:
    """The chance of being over by the time asked for; not exact: at least so much."""
    at = np.searchsorted(curve.total, curve.ages + asked, side="right")
    at = np.minimum(at, curve.last + 1)
    surviving = np.where(at > 0, curve.surviving[np.arange(len(at)), at - 1], 1.0)
    past = np.maximum(asked - curve.floor, 0.0)
    # Where all of the last cases ended at one moment, nothing goes on beyond it.
    pace = np.maximum(curve.exposure, ROUNDING)
    further = np.where(curve.goes_on, (1.0 + past / pace) ** -curve.ends.astype(float), 1.0)
    return 1.0 - surviving * further, curve.goes_on | (past == 0.0)
