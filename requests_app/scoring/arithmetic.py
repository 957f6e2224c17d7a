"""The arithmetic of PRODUCT §4, exact and without a database.

All values are whole or half points from 1 to 5; fractions keep halves and thirds exact until the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from statistics import mean

from requests_app.choices import Dimension

Values = Mapping[str, int]

# From this gap on, two scores are a divergence that both sides talk about.
DIVERGENCE = 2
LOWEST, HIGHEST = 1, 5
VALUE = (Dimension.CUSTOMER_VALUE, Dimension.REACH, Dimension.GOAL_FIT)


@dataclass(frozen=True)
class Weights:
    """How much each part counts, in percent; together 100."""

    value: int = 60
    urgency: int = 25
    ease: int = 15


@dataclass(frozen=True)
class Parts:
    """The three parts of the difference, each from 0 to 1."""

    value: Fraction
    urgency: Fraction
    ease: Fraction


def gaps(marketing: Values, it: Values) -> dict[str, int]:
    """How far apart the two sides are on each dimension."""
    return {name: abs(marketing[name] - it[name]) for name in Dimension.values}


def divergences(marketing: Values, it: Values) -> list[str]:
    """The dimensions on which the sides lie so far apart that they have to talk."""
    return [name for name, gap in gaps(marketing, it).items() if gap >= DIVERGENCE]


def joint(marketing: Values, it: Values, agreed: Values) -> dict[str, Fraction]:
    """The joint score of each dimension: what was agreed, else the mean of both."""
    return {
        name: Fraction(agreed[name]) if name in agreed else Fraction(marketing[name] + it[name], 2)
        for name in Dimension.values
    }


def parts(scores: Mapping[str, Fraction]) -> Parts:
    """Value, urgency and ease, rescaled from 1–5 to 0–1; ease = 6 − burden."""
    return Parts(
        value=_rescaled(mean(scores[name] for name in VALUE)),
        urgency=_rescaled(scores[Dimension.TIME_CRITICALITY]),
        ease=_rescaled(LOWEST + HIGHEST - scores[Dimension.COMPREHENSION_BURDEN]),
    )


def _rescaled(score: Fraction) -> Fraction:
    return (Fraction(score) - LOWEST) / (HIGHEST - LOWEST)


def difference(scores: Mapping[str, Fraction], weights: Weights) -> int:
    """How decisive a request is for the customer, 0 to 100, rounded half up.

    ``difference = 100 × (0.6·value + 0.25·urgency + 0.15·ease)`` with the weights of PRODUCT §4.
    """
    found = parts(scores)
    whole = weights.value * found.value + weights.urgency * found.urgency + weights.ease * found.ease
    return floor(whole + Fraction(1, 2))


def alignment(marketing: Values, it: Values) -> Fraction:
    """How much the sides agree, 0 to 1: 1 − mean |gap| / 4."""
    return 1 - Fraction(sum(gaps(marketing, it).values()), len(Dimension.values) * (HIGHEST - LOWEST))
