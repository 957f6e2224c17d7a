"""What a board shows: reads alone, in a number of queries that does not grow with the cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from activity import clock
from requests_app.boards.wip import Wip
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import Request, WipLimit
from requests_app.querysets import visible
from teams.models import Person, Side, Team

Rows = QuerySet[Request, Any]

PAGE = 50
ALL = Count("number")
DONE_SHOWN = timedelta(days=30)

CARD_FIELDS = (
    "number",
    "status",
    "rank",
    "title",
    "goal__title",
    "marketing_owner__name",
    "it_owner__name",
    "deadline",
    "turn",
    "turn_since",
    "status_since",
    "waiting_for",
    "blocked_reason",
    "restricted",
    "over_wip",
    "version",
    "difference",
    "effort",
)


@dataclass(frozen=True, slots=True)
class Seat:
    """The holder of an owner's seat, as an avatar shows them."""

    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class Card:
    """Exactly what a card shows, and its version for moving it."""

    number: int
    status: str
    rank: str
    title: str
    goal: str | None
    marketing_owner: Seat | None
    it_owner: Seat | None
    deadline: date | None
    turn: str
    turn_since: datetime | None
    status_since: datetime
    waiting_for: str
    blocked_reason: str
    restricted: bool
    over_wip: bool
    version: int
    # What both sides found: None until both have scored.
    difference: int | None
    effort: Decimal | None

    @property
    def key(self) -> str:
        return f"T-{self.number}"

    @property
    def blocked(self) -> bool:
        return bool(self.waiting_for)


@dataclass(frozen=True)
class Column:
    """One status: its first cards, how many the person may see, and whether the team's limit is reached.

    ``full`` counts all requests, also those that the person may not see: the one inference that is accepted.
    ``below`` is the cursor of the next page, None where there is none.
    """

    status: Status
    cards: list[Card]
    total: int
    limit: int | None
    full: bool
    below: str | None

    @property
    def label(self) -> str:
        return str(self.status.label)


@dataclass(frozen=True)
class Board:
    team: Team
    columns: list[Column]

    @property
    def slug(self) -> str:
        return self.team.slug

    @property
    def name(self) -> str:
        return self.team.name


@dataclass(frozen=True)
class Page:
    """Some cards of a column and the cursor of those below."""

    cards: list[Card]
    below: str | None


def boards() -> QuerySet[Team]:
    """The teams that have a board: all of IT; every member sees them."""
    return Team.objects.filter(side=Side.IT)


def board_team(slug: str) -> Team:
    """The team whose board is called ``slug``.

    :raises Http404: where there is none.
    """
    team = boards().filter(slug=slug).first()
    if team is None:
        raise Http404
    return team


def team_board(team: Team, person: Person) -> Board:
    """The six columns of a team's board with their first cards, as ``person`` may see them. Three queries."""
    now = clock.now()
    cards = _first_cards(team, person, now)
    counts = _counts(team, person, now)
    limits = dict(WipLimit.objects.filter(team=team).values_list("status", "limit"))
    columns = [
        _column(status, cards[status], counts.get(status, (0, 0)), limits.get(status))
        for status in BOARD_COLUMNS
    ]
    return Board(team, columns)


def column_cards(team: Team, status: str, person: Person, below: str | None = None) -> QuerySet[Request]:
    """The requests of a column after the cursor ``below`` (None: from the top), in their order.

    :raises Http404: where the board has no such column.
    """
    if status not in BOARD_COLUMNS:
        raise Http404
    rows = _of_column(Request.objects.filter(visible(person), serving_team=team), status, clock.now())
    return (rows.filter(rank__gt=below) if below is not None else rows).order_by("rank")


def column_page(team: Team, status: str, person: Person, below: str | None = None) -> Page:
    """The cards of a column after the cursor ``below`` (None: from the top). One query.

    :raises Http404: where the board has no such column.
    """
    rows = column_cards(team, status, person, below)
    found = _cards(rows.values_list(*CARD_FIELDS)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].rank if len(found) > PAGE else None)


def card_of(number: int, person: Person) -> Card:
    """One card, as ``person`` may see it.

    :raises Http404: where they may not.
    """
    found = _cards(Request.objects.visible_to(person).filter(number=number).values_list(*CARD_FIELDS))
    if not found:
        raise Http404
    return found[0]


def _of_column(rows: Rows, status: str, now: datetime) -> Rows:
    rows = rows.filter(status=status)
    return rows.filter(done_at__gte=now - DONE_SHOWN) if status == Status.DONE else rows


def _first_cards(team: Team, person: Person, now: datetime) -> dict[str, list[Card]]:
    """The first page of every column, in one query: a limited part for each."""
    seen = Request.objects.filter(visible(person), serving_team=team).order_by("rank")
    cards = seen.values_list(*CARD_FIELDS)
    parts = [_of_column(cards, status, now)[: PAGE + 1] for status in BOARD_COLUMNS]
    found: dict[str, list[Card]] = {status: [] for status in BOARD_COLUMNS}
    for card in _cards(parts[0].union(*parts[1:], all=True)):
        found[card.status].append(card)
    return {status: sorted(cards, key=lambda card: card.rank) for status, cards in found.items()}


def _counts(team: Team, person: Person, now: datetime) -> dict[str, tuple[int, int]]:
    """For each status how many there are, and how many of them the person sees. One query.

    What everybody sees is counted apart, from the index alone; who may see it is asked of the few others.
    """
    rows = Request.objects.filter(serving_team=team).order_by()
    every = rows.filter(restricted=False).values("status").annotate(held=ALL, seen=ALL)
    some = Count("number", filter=visible(person))
    few = rows.filter(restricted=True).values("status").annotate(held=ALL, seen=some)
    unfinished = [status for status in BOARD_COLUMNS if status != Status.DONE]
    first, *others = (
        shown
        for part in (every.values_list("status", "held", "seen"), few.values_list("status", "held", "seen"))
        for shown in (part.filter(status__in=unfinished), _of_column(part, Status.DONE, now))
    )
    found: dict[str, tuple[int, int]] = {}
    for status, held, seen in first.union(*others, all=True):
        before = found.get(status, (0, 0))
        found[status] = (before[0] + held, before[1] + seen)
    return found


def _column(status: Status, cards: list[Card], counts: tuple[int, int], limit: int | None) -> Column:
    held, seen = counts
    below = cards[PAGE - 1].rank if len(cards) > PAGE else None
    return Column(status, cards[:PAGE], seen, limit, Wip(held, limit).full, below)


def _cards(rows: Iterable[tuple[Any, ...]]) -> list[Card]:
    """Cards of rows whose values come in the order of ``CARD_FIELDS``."""
    return [Card(*(*row[:5], _seat(row[5]), _seat(row[6]), *row[7:])) for row in rows]


@lru_cache(maxsize=4096)
def _seat(name: str | None) -> Seat | None:
    return Seat(name, Person(name=name).initials) if name else None
