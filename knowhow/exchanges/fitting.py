"""Which exchange fits whom: one about a skill that they want, else one in which another side shows its work.

Pure, and the same for the first page and the weekly digest; `docs/exchanges.md`.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

# What begins later is not yet worth a place on a page that names one.
FITS_WITHIN = timedelta(days=42)


@dataclass(frozen=True)
class Coming:
    """An exchange with a free seat: who hosts it, from which sides, and the skill it is about, if any.

    ``series`` is what it recurs in, or None.
    """

    exchange: int
    host: int
    host_sides: Set[str]
    skill: int | None = None
    series: int | None = None


@dataclass(frozen=True)
class Learner:
    """Somebody, as far as it decides what fits them.

    ``known`` are the exchanges that they signed up for, or signed off from: those are no news to them.
    """

    person: int
    sides: Set[str]
    wants: Set[int] = frozenset()
    known: Set[int] = frozenset()


@dataclass(frozen=True)
class Fit:
    """An exchange, and why it fits: the ``skill`` that is wanted, or None where another side hosts it."""

    exchange: int
    skill: int | None


def fitting(learner: Learner, coming: Sequence[Coming]) -> list[Fit]:
    """What of ``coming`` (the next first) fits ``learner``: what they want to learn comes first.

    Of a series only the next session; none where they know one of it already.
    """
    others = _news(learner, coming)
    wanted = [Fit(one.exchange, one.skill) for one in others if one.skill in learner.wants]
    foreign = [
        Fit(one.exchange, None)
        for one in others
        if one.skill not in learner.wants and one.host_sides - learner.sides
    ]
    return [*wanted, *foreign]


def _news(learner: Learner, coming: Sequence[Coming]) -> list[Coming]:
    """What they do not host and do not know."""
    known = {one.series for one in coming if one.exchange in learner.known} - {None}
    found = []
    for one in coming:
        if one.host == learner.person or one.exchange in learner.known or one.series in known:
            continue
        found.append(one)
        known |= {one.series} - {None}
    return found
