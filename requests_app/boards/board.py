"""What a board shows: reads alone, in a number of queries that does not grow with the cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404

from activity import clock
from requests_app.boards.scope import shown_on
from requests_app.boards.wip import Wip
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.models import OPEN_QUESTION, Board, Comment, Request, Supporter
from requests_app.models.boards import BoardQuerySet
from requests_app.querysets import visible
from teams.models import Person

Rows = QuerySet[Request, Any]
# The numbers of what filters leave over; None: everything.
Asked = QuerySet[Request, Any] | None

PAGE = 50
ALL = Count("number")
NONE = (0, 0, 0)
COUNTED = ("status", "held", "seen", "asked")
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
    "serving_team",
    "questions",
    "supporting",
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
    team: int | None
    # How many are open, and how many people need the same.
    questions: int
    supporting: int

    @property
    def key(self) -> str:
        return f"T-{self.number}"

    @property
    def blocked(self) -> bool:
        return bool(self.waiting_for)


@dataclass(frozen=True)
class Column:
    """One status: its first cards, how many the person may see, and whether the team's limit is reached.

    ``total`` counts what is shown, ``seen`` what the person would see without filters: that stands beside
    the limit. ``full`` counts all requests, also hidden ones: the one inference that is accepted.
    ``below`` is the cursor of the next page, None where there is none. ``title`` is the board's own word for
    it, ``policy`` what must be true to enter, ``age_mark`` the days from which on a card is old.
    """

    status: Status
    cards: list[Card]
    total: int
    limit: int | None
    full: bool
    below: str | None
    seen: int = 0
    title: str = ""
    policy: str = ""
    age_mark: int | None = None
    hidden: bool = False

    @property
    def label(self) -> str:
        return self.title or str(self.status.label)


@dataclass(frozen=True)
class Shown:
    """A board as a person sees it: ``columns`` in their order, and those that are ``hidden`` from it."""

    board: Board
    columns: list[Column]
    hidden: list[Column]

    @property
    def slug(self) -> str:
        return self.board.slug

    @property
    def name(self) -> str:
        return self.board.title

    @property
    def out_of_sight(self) -> int:
        """How many cards stand in hidden columns."""
        return sum(column.total for column in self.hidden)


@dataclass(frozen=True)
class Page:
    """Some cards of a column and the cursor of those below."""

    cards: list[Card]
    below: str | None


def boards() -> BoardQuerySet:
    """All boards, which every member sees: the teams' own, then those that people made, by name."""
    return Board.objects.select_related("team", "owner").order_by(
        F("team__name").asc(nulls_last=True), "name"
    )


def get_board(slug: str) -> Board:
    """The board called ``slug``, whole.

    :raises Http404: where there is none.
    """
    board = Board.objects.whole().filter(slug=slug).first()
    if board is None:
        raise Http404
    return board


def show(board: Board, person: Person, asked: Asked = None, *, with_cards: bool = True) -> Shown:
    """The columns of a whole board with their first cards, as ``person`` may see them. Two queries.

    ``asked`` narrows what is shown, not what a limit counts; without cards there are only the counts.
    """
    shown = [Status(row["status"]) for row in board.column_rows if not row["hidden"]]
    cards = _first_cards(board, shown, person, asked, clock.now()) if shown and with_cards else {}
    return show_counted(board, counted(board, person, asked).values_list("row", flat=True), cards)


def show_counted(
    board: Board, rows: Iterable[dict[str, Any]], cards: Mapping[str, list[Card]] | None = None
) -> Shown:
    """The columns of a whole board with ``cards`` and what ``counted`` found; no query of its own."""
    cards, counts = cards or {}, dict[str, tuple[int, int, int]]()
    for row in rows:
        held, seen, asked = counts.get(row["status"], NONE)
        counts[row["status"]] = (held + row["held"], seen + row["seen"], asked + row["asked"])
    limits = {row["status"]: row["limit"] for row in board.limit_rows}
    columns = [
        _column(row, cards.get(row["status"], []), counts.get(row["status"], NONE), limits.get(row["status"]))
        for row in board.column_rows
    ]
    return Shown(
        board,
        [column for column in columns if not column.hidden],
        [column for column in columns if column.hidden],
    )


def column_cards(
    board: Board, status: str, person: Person, below: str | None = None, asked: Asked = None
) -> QuerySet[Request]:
    """The requests of a column after the cursor ``below`` (None: from the top), in their order.

    :raises Http404: where the board has no such column.
    """
    if status not in BOARD_COLUMNS:
        raise Http404
    rows = of_column(rows_on(board, person, asked), status, clock.now())
    return (rows.filter(rank__gt=below) if below is not None else rows).order_by("rank")


def page_of(rows: QuerySet[Request, Any]) -> Page:
    """The first cards of ``rows``, which are in their order."""
    found = cards_of(card_values(rows)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].rank if len(found) > PAGE else None)


def card_values(rows: Rows, *more: str) -> Rows:
    """The rows that ``cards_of`` takes, with ``more`` columns behind."""
    questions = Comment.objects.filter(OPEN_QUESTION, request=OuterRef("pk"))
    supporters = Supporter.objects.filter(request=OuterRef("pk"))
    counts = {"questions": _count(questions), "supporting": _count(supporters)}
    return rows.annotate(**counts).values_list(*CARD_FIELDS, *more)


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("request").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def rows_on(board: Board, person: Person, asked: Asked) -> Rows:
    """The requests of a whole board, in whatever column, that ``person`` may see."""
    rows = Request.objects.filter(visible(person), shown_on(board))
    return rows if asked is None else rows.filter(number__in=asked)


def of_column(rows: Rows, status: str, now: datetime) -> Rows:
    """Those of ``rows`` that stand in a column: of what is done the last thirty days."""
    rows = rows.filter(status=status)
    return rows.filter(done_at__gte=now - DONE_SHOWN) if status == Status.DONE else rows


def in_columns(board: Board, statuses: Iterable[str], person: Person, asked: Asked) -> Rows:
    """The requests of a whole board that stand in columns of ``statuses``, as ``of_column`` says."""
    recent = ~Q(status=Status.DONE) | Q(done_at__gte=clock.now() - DONE_SHOWN)
    return rows_on(board, person, asked).filter(recent, status__in=list(statuses))


def _first_cards(
    board: Board, statuses: Sequence[Status], person: Person, asked: Asked, now: datetime
) -> dict[str, list[Card]]:
    """The first page of every column, in one query: a limited part for each."""
    cards = card_values(rows_on(board, person, asked).order_by("rank"))
    parts = [of_column(cards, status, now)[: PAGE + 1] for status in statuses]
    found: dict[str, list[Card]] = {status: [] for status in statuses}
    for card in cards_of(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]):
        found[card.status].append(card)
    return {status: sorted(cards, key=lambda card: card.rank) for status, cards in found.items()}


def counted(board: Board, person: Person, asked: Asked) -> Any:  # rows whose type has no name
    """For each status how many there are, how many the person sees, and how many are asked for, as ``row``.

    What everybody sees is counted apart, from the index alone; who may see it is asked of the few others.
    """
    rows = Request.objects.filter(shown_on(board)).order_by()
    wanted = Q() if asked is None else Q(number__in=asked)
    some = Count("number", filter=visible(person))
    these = some if asked is None else Count("number", filter=wanted & visible(person))
    every = ALL if asked is None else Count("number", filter=wanted)
    open_to_all = rows.filter(restricted=False).values("status").annotate(held=ALL, seen=ALL, asked=every)
    few = rows.filter(restricted=True).values("status").annotate(held=ALL, seen=some, asked=these)
    statuses = [Status(row["status"]) for row in board.column_rows]
    unfinished, now = [status for status in statuses if status != Status.DONE], clock.now()
    first, *others = (
        shown.values(row=JSONObject(**{name: name for name in COUNTED}))
        for part in (open_to_all, few)
        for shown in (part.filter(status__in=unfinished), of_column(part, Status.DONE, now))
    )
    return first.union(*others, all=True)


def _column(
    row: dict[str, Any], cards: list[Card], counts: tuple[int, int, int], limit: int | None
) -> Column:
    held, seen, shown = counts
    below = cards[PAGE - 1].rank if len(cards) > PAGE else None
    full = Wip(held, limit).full
    own = {name: row[name] for name in ("title", "policy", "age_mark", "hidden")}
    return Column(Status(row["status"]), cards[:PAGE], shown, limit, full, below, seen, **own)


def cards_of(rows: Iterable[tuple[Any, ...]]) -> list[Card]:
    """Cards of rows whose values come as ``card_values`` gives them, without ``more``."""
    return [Card(*(*row[:5], _seat(row[5]), _seat(row[6]), *row[7:])) for row in rows]


@lru_cache(maxsize=4096)
def _seat(name: str | None) -> Seat | None:
    return Seat(name, Person(name=name).initials) if name else None
