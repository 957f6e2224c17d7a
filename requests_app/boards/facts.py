"""What cards are drawn with beside what stands on them: their teams' past, the board's age marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.http import Http404

from requests_app.boards.board import Asked, Card, Shown, card_values, cards_of, counted, show_counted
from requests_app.forecast.on_boards import TeamToday, teams_today, today_of, today_row
from requests_app.models import Board, Request
from teams.models import Person


@dataclass(frozen=True)
class Facts:
    """``marks``: the days after which the board calls a card of a status old; else its team's past says it.

    ``lanes``: the lane of each card by its number, where the board has lanes.
    """

    teams: Mapping[int, TeamToday] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)
    lanes: Mapping[int, str] = field(default_factory=dict)

    def old_after(self, status: str, team: int | None) -> float | None:
        """The days after which a card of ``team`` in ``status`` is old; None where nobody can say."""
        if status in self.marks:
            return self.marks[status]
        today = self.teams.get(team or 0)
        return today.load.ages.get(status) if today else None


NOTHING_KNOWN = Facts()


def facts_of(board: Board, cards: Iterable[Card]) -> Facts:
    """What the cards of a whole board are drawn with. One query; the first look of a day takes more."""
    drawn = list(cards)
    return Facts(teams_today(teams_of(board, drawn), drawn), marks_of(board))


@dataclass(frozen=True)
class Changed:
    """One card, what it is drawn with, and the board's columns without cards."""

    card: Card
    facts: Facts
    shown: Shown


def changed(board: Board, number: int, person: Person, asked: Asked = None) -> Changed:
    """What a change of one card on a whole board shows ``person``. One query, as ``facts_of`` says.

    :raises Http404: where they may not see the card.
    """
    counts = ArraySubquery(counted(board, person, asked))
    rows = Request.objects.visible_to(person).filter(number=number).annotate(today=today_row(), counts=counts)
    row = card_values(rows, "today", "counts").first()
    if row is None:
        raise Http404
    *values, kept, held = row
    card, today = cards_of([tuple(values)])[0], today_of(kept)
    known = Facts({card.team: today}, marks_of(board)) if card.team and today else facts_of(board, [card])
    return Changed(card, known, show_counted(board, held))


def teams_of(board: Board, cards: Iterable[Card]) -> set[int]:
    """The teams that the board is about; of a board of all teams those whose cards are shown."""
    if board.team_id is not None:
        return {board.team_id}
    named = {row["id"] for row in board.team_rows}
    return named or {card.team for card in cards if card.team is not None}


def marks_of(board: Board) -> dict[str, int]:
    """The board's own age marks by status."""
    return {row["status"]: row["age_mark"] for row in board.column_rows if row["age_mark"]}


def cards_on(shown: Shown) -> list[Card]:
    """All cards that a page of the board draws."""
    return [card for column in shown.columns for card in column.cards]
