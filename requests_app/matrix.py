"""Impact × effort: where the dots of a matrix stand, and how many lie in each of its four fields.

Pure: the requests come from the caller, narrowed to what the reader may see. Places are percent of the plot.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Efforts are halves from 1 to 5: nine columns.
LOWEST, HIGHEST, COLUMNS = Decimal(1), Decimal(5), 9
COLUMN = Decimal(100) / COLUMNS
# Up to this effort a request counts as small.
SMALL = Decimal(3)
# So many points of impact share a row of dots; rows are counted from the gate, which no row lies across.
# More than so many dots in one place become one with a count.
BAND = 3
SIDE_BY_SIDE = 5
STEP = Decimal("2.1")
HUNDRED = 100


class Field(TextChoices):
    """The four fields, in the order in which they are worth doing."""

    DO_NOW = "do_now", _("Do now")
    PLAN = "plan", pgettext_lazy("field of the matrix", "Plan")
    QUICK_WIN = "quick_win", _("Quick win")
    NICE_TO_HAVE = "nice_to_have", _("Nice to have")


MEANING = {
    Field.DO_NOW: _("makes the difference, with little effort"),
    Field.PLAN: _("makes the difference, but takes effort"),
    Field.QUICK_WIN: _("little effort, but little difference"),
    Field.NICE_TO_HAVE: _("much effort for little difference"),
}


@dataclass(frozen=True)
class Point:
    """One request as the matrix needs it."""

    number: int
    title: str
    difference: int
    effort: Decimal
    status: str
    is_provisional: bool = False

    @property
    def key(self) -> str:
        return f"T-{self.number}"


@dataclass(frozen=True)
class Dot:
    """What is drawn at one place: a request, or several that lie too close together."""

    x: float
    y: float
    points: list[Point]
    # Whether its number fits beside it.
    is_named: bool = False

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def count(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Quarter:
    """One of the four fields with its requests, the highest impact first."""

    kind: Field
    points: list[Point] = field(default_factory=list)

    @property
    def meaning(self) -> str:
        return str(MEANING[self.kind])


def field_of(difference: int, effort: Decimal, gate: int) -> Field:
    """Where a request belongs: the gate divides the impact, ``SMALL`` the effort."""
    if difference >= gate:
        return Field.DO_NOW if effort <= SMALL else Field.PLAN
    return Field.QUICK_WIN if effort <= SMALL else Field.NICE_TO_HAVE


def quarters(points: Iterable[Point], gate: int) -> list[Quarter]:
    """All four fields, empty ones too."""
    found = {one: Quarter(one) for one in Field}
    for point in sorted(points, key=lambda one: (-one.difference, one.effort, one.number)):
        found[field_of(point.difference, point.effort, gate)].points.append(point)
    return list(found.values())


def dots(points: Iterable[Point], gate: int) -> list[Dot]:
    """Where each request is drawn: side by side where they lie close, as one where that is too many."""
    places: dict[tuple[Decimal, int], list[Point]] = defaultdict(list)
    for point in sorted(points, key=lambda one: one.number):
        places[point.effort, (point.difference - gate) // BAND].append(point)
    return [
        dot
        for (effort, band), group in sorted(places.items())
        for dot in _fan(effort, up(gate + band * BAND + BAND // 2), group)
    ]


def _fan(effort: Decimal, y: float, group: Sequence[Point]) -> list[Dot]:
    x = across(effort)
    if len(group) > SIDE_BY_SIDE:
        return [Dot(float(x), y, sorted(group, key=lambda one: -one.difference))]
    start = x - STEP * (len(group) - 1) / 2
    return [Dot(float(start + STEP * n), y, [one], is_named=len(group) == 1) for n, one in enumerate(group)]


def across(effort: Decimal) -> Decimal:
    """The middle of an effort's column, in percent from the left."""
    return (2 * (effort - LOWEST) + Decimal("0.5")) * COLUMN


def up(difference: float) -> float:
    """An impact, in percent from the top."""
    return float(min(max(HUNDRED - difference, 0), HUNDRED))


def effort_border() -> float:
    """The line between small and large, in percent from the left: no dot stands on it."""
    return float(across(SMALL + Decimal("0.25")))
