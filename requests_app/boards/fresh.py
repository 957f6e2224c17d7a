"""What has changed on an open board: single cards as they are now, and which of those shown are outdated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q

from requests_app.boards.board import Asked, Card, Rows, card_values, cards_of, in_columns
from requests_app.boards.lanes import with_lane
from requests_app.models import Board
from teams.models import Person

# Above so many the whole board is loaded anew.
MOST = 60


class Shown(NamedTuple):
    """What an open board shows of a card."""

    version: int
    rank: str


class End(NamedTuple):
    """The rank of the last card that is loaded of a column, or of where a lane crosses it; "": all are."""

    status: str
    lane: str
    rank: str


@dataclass(frozen=True)
class Fresh:
    """``cards`` by number: None for those that are not, or no longer, on the board. ``lanes`` by number."""

    cards: Mapping[int, Card | None]
    lanes: Mapping[int, str] = field(default_factory=dict)


def fresh_cards(
    board: Board, numbers: Collection[int], person: Person, *, kind: str = "", asked: Asked = None
) -> Fresh:
    """The cards of ``numbers`` as ``person`` sees them on a whole board with lanes of ``kind``. One query."""
    rows = _columns_of(board, person, asked).filter(number__in=numbers)
    cards: dict[int, Card | None] = dict.fromkeys(numbers)
    if not kind:
        return Fresh(cards | {card.number: card for card in cards_of(card_values(rows))})
    lanes: dict[int, str] = {}
    for *row, lane in card_values(with_lane(rows, kind), "lane"):
        (card,) = cards_of([tuple(row)])
        cards[card.number], lanes[card.number] = card, lane
    return Fresh(cards, lanes)


def outdated(
    board: Board,
    shown: Mapping[int, Shown],
    ends: Collection[End],
    person: Person,
    *,
    kind: str = "",
    asked: Asked = None,
) -> set[int]:
    """The numbers of cards that an open board shows wrongly, or does not show and should. One query.

    ``ends`` are those of all its columns, or of each lane in each column.
    """
    rows = _columns_of(board, person, asked)
    there = Q(number__in=shown)
    for end in ends:
        place = Q(status=end.status, **({"lane": end.lane} if kind else {}))
        there |= place & Q(rank__lte=end.rank) if end.rank else place
    found = (with_lane(rows, kind) if kind else rows).filter(there)
    now = {
        number: Shown(version, str(rank))
        for number, version, rank in found.values_list("number", "version", "rank")
    }
    return {number for number in shown.keys() | now.keys() if shown.get(number) != now.get(number)}


def _columns_of(board: Board, person: Person, asked: Asked) -> Rows:
    """What stands in the columns that a board shows."""
    columns = [row["status"] for row in board.column_rows if not row["hidden"]]
    return in_columns(board, columns, person, asked)
