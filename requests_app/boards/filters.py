"""What narrows a board while somebody looks at it: filters that combine and live in its address."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app import filters
from requests_app.boards.board import Asked
from requests_app.boards.facts import marks_of
from requests_app.boards.lanes import LANES
from requests_app.forecast.load import AGEING
from requests_app.forecast.on_boards import older_than, teams_today
from requests_app.models import Board, Request
from teams.models import Person, PersonSide, Side, Team, Touchpoint

if TYPE_CHECKING:
    Rows = QuerySet[Request]

# One's own side's turn, whichever that is.
MINE = "mine"
TURN_CHOICES = [*filters.TURN_CHOICES, (MINE, gettext_lazy("My side's turn"))]


def _known_touchpoint(value: str) -> None:
    if not Touchpoint.objects.filter(slug=value).exists():
        raise forms.ValidationError(_("There is no such touchpoint."))


class BoardFilters(filters.RequestFilters):
    """What the address of a board may hold."""

    besides = ("below", "lane")

    # A column is a status, and its order is the board's.
    status = None  # type: ignore[assignment]
    ordering = None  # type: ignore[assignment]
    updated_since = None
    turn = django_filters.ChoiceFilter(
        label=gettext_lazy("Whose turn"), choices=TURN_CHOICES, method="by_turn"
    )
    touchpoint = django_filters.CharFilter(
        label=gettext_lazy("Touchpoint"),
        method="by_touchpoint",
        max_length=40,
        validators=[_known_touchpoint],
    )
    ageing = django_filters.ChoiceFilter(
        label=gettext_lazy("Ageing"), choices=[(filters.YES, gettext_lazy("Ageing"))], method="by_age"
    )
    lanes = django_filters.ChoiceFilter(
        label=gettext_lazy("Lanes"),
        choices=[
            *((name, kind.label) for name, kind in LANES.items()),
            (filters.NONE, gettext_lazy("No lanes")),
        ],
        method="as_it_is",
    )

    def filter_queryset(self, queryset: "Rows") -> "Rows":
        rows: Rows = super(filters.RequestFilters, self).filter_queryset(queryset)
        return rows

    def by_turn(self, rows: "Rows", name: str, value: str) -> "Rows":
        if value != MINE:
            return super().by_turn(rows, name, value)
        return rows.filter(turn__in=sides_of(self.person))

    def by_touchpoint(self, rows: "Rows", name: str, value: str) -> "Rows":
        through = Request.touchpoints.through.objects.filter(touchpoint__slug=value)
        return rows.filter(number__in=through.values("request"))

    def by_age(self, rows: "Rows", name: str, value: str) -> "Rows":
        return rows.filter(aged(self.request.board))

    @property
    def lanes_asked(self) -> str:
        """A name of LANES, or ""; the board's own where the address says nothing. Only after validation."""
        asked = self.form.cleaned_data["lanes"] or self.request.board.lanes
        return "" if asked == filters.NONE else str(asked)

    @property
    def asked(self) -> Asked:
        """The numbers of what is left over; None where nothing narrows. A wrong filter leaves nothing."""
        if not self.is_valid():
            return Request.objects.none().values("number")
        given = {name for name, value in self.form.cleaned_data.items() if value} - {"lanes"}
        return self.qs.order_by().values("number") if given else None


def filters_of(query: QueryDict, board: Board, person: Person) -> BoardFilters:
    """The filters of a whole board's address, for what ``person`` may see."""
    asking = SimpleNamespace(user=person, board=board)
    return BoardFilters(query, Request.objects.visible_to(person), request=asking)


def sides_of(person: Person) -> list[str]:
    """The sides whose turn is also that of ``person``'s side."""
    return [Side.MARKETING, Side.IT] if person.side == PersonSide.BOTH else [person.side]


def aged(board: Board) -> Q:
    """The condition of being old in one's column: by the board's own mark, else by the team's past."""
    marks = marks_of(board)
    found = Q(pk__in=[])
    for status in AGEING:
        if status in marks:
            found |= older_than(marks[status], status=status)
    for team, today in teams_today(_teams(board)).items():
        ages = {status: days for status, days in today.load.ages.items() if status not in marks}
        for usual, days in ages.items():
            found |= older_than(days, status=usual, serving_team=team)
    return found


def _teams(board: Board) -> list[int]:
    if board.team_id is not None:
        return [board.team_id]
    named = [row["id"] for row in board.team_rows]
    return named or list(Team.objects.filter(side=Side.IT).values_list("pk", flat=True))
