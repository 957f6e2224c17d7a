"""Lanes across a board's columns: by team, goal, type, touchpoint or IT owner.

A card stands in one lane. Of several touchpoints that is the first in the order that admins keep.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Cast, Coalesce, NullIf, RowNumber
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from requests_app.boards.board import (
    Asked,
    Card,
    Page,
    Rows,
    Shown,
    card_values,
    cards_of,
    in_columns,
    page_of,
)
from requests_app.choices import RequestType, Status
from requests_app.models import Request
from teams.models import Person
from teams.words import letters

# Rows that know their lane.
Annotated = QuerySet[Any, Any]
# The key of the lane for what has no team, no goal, …
NONE = "none"
LANE_PAGE = 15
# More lanes than these nobody reads: the largest are shown.
MOST_LANES = 30


@dataclass(frozen=True)
class Kind:
    """What lanes are made of: its word, the key and the name of a request's lane, and of the lane without."""

    label: str | Promise
    key: Any
    name: Any
    without: str | Promise


@dataclass(frozen=True)
class Cell:
    """Where a lane crosses a column: its first cards, and the cursor of those below."""

    status: Status
    label: str
    total: int
    cards: list[Card] = field(default_factory=list)
    below: str | None = None


@dataclass(frozen=True)
class Lane:
    key: str
    label: str
    cells: list[Cell]

    @property
    def total(self) -> int:
        return sum(cell.total for cell in self.cells)


@dataclass(frozen=True)
class Lanes:
    """The lanes that are shown, and how many cards stand in ``further`` ones, which are smaller."""

    kind: str
    shown: list[Lane]
    further: int

    def of_cards(self) -> dict[int, str]:
        """The lane of each card by its number."""
        return {card.number: lane.key for lane in self.shown for cell in lane.cells for card in cell.cards}

    def cards(self) -> list[Card]:
        return [card for lane in self.shown for cell in lane.cells for card in cell.cards]


def _touchpoint(name: str) -> Any:
    through = Request.touchpoints.through.objects.filter(request=OuterRef("pk"))
    first = through.order_by("touchpoint__position", "touchpoint__slug").values(f"touchpoint__{name}")
    return Subquery(first[:1])


def _touchpoint_name() -> Any:
    return _touchpoint("name_de" if (get_language() or "").startswith("de") else "name_en")


LANES: dict[str, Kind] = {
    "team": Kind(
        gettext_lazy("Team"), F("serving_team"), F("serving_team__name"), gettext_lazy("Without a team")
    ),
    "goal": Kind(gettext_lazy("Goal"), F("goal"), F("goal__title"), gettext_lazy("Without a goal")),
    "type": Kind(
        gettext_lazy("Type"), NullIf(F("type"), Value("")), F("type"), gettext_lazy("Without a type")
    ),
    "touchpoint": Kind(
        gettext_lazy("Touchpoint"),
        _touchpoint("slug"),
        _touchpoint_name,
        gettext_lazy("Without a touchpoint"),
    ),
    "owner": Kind(
        gettext_lazy("IT owner"), F("it_owner"), F("it_owner__name"), gettext_lazy("IT's seat is empty")
    ),
}


def with_lane(rows: Rows, kind: str) -> Annotated:
    """``rows`` with the key of their lane as text."""
    return rows.annotate(lane=Coalesce(Cast(LANES[kind].key, CharField()), Cast(Value(NONE), CharField())))


def lanes_of(shown: Shown, kind: str, person: Person, asked: Asked = None) -> Lanes:
    """The lanes of a board whose columns are ``shown``. Two queries."""
    rows = _on(shown, person, asked, kind)
    counts, names = _counted(rows, kind)
    totals = {key: sum(by_status.values()) for key, by_status in counts.items()}
    largest = sorted(counts, key=lambda key: -totals[key])[:MOST_LANES]
    cells = _cells(rows.filter(lane__in=largest)) if largest else {}
    order = sorted(largest, key=lambda key: (key == NONE, letters(names[key])))
    further = sum(total for key, total in totals.items() if key not in largest)
    return Lanes(kind, [_lane(shown, key, names[key], counts[key], cells) for key in order], further)


def lane_page(rows: Rows, kind: str, lane: str) -> Page:
    """The first cards of ``rows``, which are in their order, that stand in ``lane``. One query."""
    return page_of(with_lane(rows, kind).filter(lane=lane))


def _on(shown: Shown, person: Person, asked: Asked, kind: str) -> Annotated:
    statuses = [column.status for column in shown.columns]
    return with_lane(in_columns(shown.board, statuses, person, asked).order_by(), kind)


def _counted(rows: Annotated, kind: str) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """For each lane its cards by status, and what it is called."""
    name = LANES[kind].name
    named = rows.annotate(lane_name=name() if callable(name) else name)
    counts: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    grouped = named.values("lane", "lane_name", "status").annotate(held=Count("number"))
    for key, words, status, held in grouped.values_list("lane", "lane_name", "status", "held"):
        counts.setdefault(key, {})[status] = held
        names[key] = _called(kind, key, words)
    return counts, names


def _called(kind: str, key: str, words: str | None) -> str:
    if key == NONE or words is None:
        return str(LANES[kind].without)
    return str(RequestType(words).label) if kind == "type" else words


def _cells(rows: Annotated) -> dict[tuple[str, str], list[Card]]:
    """The first cards of each cell and one more, in one query."""
    place = Window(RowNumber(), partition_by=[F("lane"), F("status")], order_by=F("rank").asc())
    first = rows.annotate(place=place).filter(place__lte=LANE_PAGE + 1)
    found: dict[tuple[str, str], list[Card]] = {}
    for *row, lane in card_values(first.order_by("rank"), "lane"):
        (card,) = cards_of([tuple(row)])
        found.setdefault((lane, card.status), []).append(card)
    return found


def _lane(
    shown: Shown, key: str, label: str, counts: dict[str, int], cells: dict[tuple[str, str], list[Card]]
) -> Lane:
    return Lane(
        key,
        label,
        [
            _cell(
                column.status, column.label, counts.get(column.status, 0), cells.get((key, column.status), [])
            )
            for column in shown.columns
        ],
    )


def _cell(status: Status, label: str, total: int, cards: list[Card]) -> Cell:
    below = cards[LANE_PAGE - 1].rank if len(cards) > LANE_PAGE else None
    return Cell(status, label, total, cards[:LANE_PAGE], below)
