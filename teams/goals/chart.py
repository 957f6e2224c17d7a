"""A key result as a chart: its values over time, and the straight line from start to target. Pure."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from teams.models import CheckIn, KeyResult

# Room above the highest and below the lowest value, in parts of the height.
MARGIN = Fraction(12, 100)


@dataclass(frozen=True)
class Point:
    """Where a value stands, in percent from the left and from the top."""

    x: float
    y: float
    on: date
    value: Decimal


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Chart:
    """Everything in percent of width and height; ``expected`` is None without a period."""

    points: list[Point]
    way: list[Line]
    expected: Line | None
    target_y: float
    baseline_y: float
    first: date
    last: date


def chart(
    one: KeyResult, check_ins: Sequence[CheckIn], starts_on: date | None, ends_on: date | None
) -> Chart | None:
    """The chart of ``one`` with its ``check_ins`` in the order of their days; None without any."""
    if not check_ins:
        return None
    days = [found.on for found in check_ins] + [day for day in (starts_on, ends_on) if day]
    first, last = min(days), max(days)
    values = [Fraction(found.value) for found in check_ins]
    low, high = _bounds([*values, Fraction(one.baseline), Fraction(one.target)])

    def x(day: date) -> float:
        return 50.0 if first == last else round(100 * (day - first).days / (last - first).days, 2)

    def y(value: Fraction) -> float:
        return round(float(100 * (high - value) / (high - low)), 2)

    points = [
        Point(x(found.on), y(value), found.on, found.value)
        for found, value in zip(check_ins, values, strict=True)
    ]
    way = [Line(a.x, a.y, b.x, b.y) for a, b in itertools.pairwise(points)]
    base, target = y(Fraction(one.baseline)), y(Fraction(one.target))
    line = Line(x(starts_on), base, x(ends_on), target) if starts_on and ends_on else None
    return Chart(points, way, line, target, base, first, last)


def _bounds(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Baseline and target differ, so there is always a height."""
    room = (max(values) - min(values)) * MARGIN
    return min(values) - room, max(values) + room
