"""The first page: what waits for me and my side, what became of what I asked for, what is new since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activity import clock
from portal.context import address
from portal.since import changed_since
from requests_app.asked_for import asked_of, asking, stood_for
from requests_app.choices import OPEN, Status
from requests_app.forecast.on_boards import kept_forecasts
from requests_app.forecast.outlooks import Forecast
from requests_app.forecast.words import Bar, bar, hope
from requests_app.models import Board, Comment, Request
from requests_app.timeline import UNTOLD
from requests_app.waiting_on import waiting_on_side
from teams import prepared
from teams.http import AuthedRequest
from teams.models import Person, PersonSide, Role
from teams.visits import note_visit

SHOWN = 25
SIDE_SHOWN = 8
# What a team's own board shows small: the columns in which work waits or goes on.
COUNTED = (Status.SHAPING, Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW)
Row = TypeVar("Row", bound=Model)


@require_GET
def home(request: AuthedRequest) -> HttpResponse:
    """My turn, my side's turn, my requests, my boards, what is new; for newcomers the first steps."""
    person = request.user
    since = note_visit(person)
    waiting, more_waiting = _first(prepared.rows(_waiting, person))
    questions, more_questions = _first(prepared.rows(_questions, person))
    mine, more_mine = _first(prepared.rows(_mine, person))
    changed = changed_since(person, since)
    instead = stood_for(person, waiting)
    context = {
        "waiting": [(row, asked_of(row), instead.get(row.number)) for row in waiting],
        "more_waiting": more_waiting,
        "today": timezone.localdate(clock.now()),
        "on_side": prepared.rows(_on_side, person),
        "mine": _with_forecasts(mine),
        "more_mine": more_mine,
        "questions": questions,
        "more_questions": more_questions,
        "boards": boards_of(person),
        "since": since,
        "changed": changed,
        "news_words": {"other": _("There is something new."), "untold": sorted(UNTOLD)},
        "heard": sorted({row.number for row in (*waiting, *mine)}),
        "first_steps": [] if waiting or mine or questions else first_steps(person),
    }
    return render(request, "portal/home.html", context)


def _first(found: list[Row]) -> tuple[list[Row], bool]:
    return found[:SHOWN], len(found) > SHOWN


def _waiting(person: Person) -> QuerySet[Request]:
    """What waits for the person, the longest first."""
    return asking(person, timezone.localdate(clock.now())).order_by("turn_since", "number")[: SHOWN + 1]


def _questions(person: Person) -> QuerySet[Comment]:
    return Comment.objects.waiting_for(person)[: SHOWN + 1]


def _on_side(person: Person) -> QuerySet[Request]:
    return waiting_on_side(person).for_rows().order_by("turn_since", "number")[:SIDE_SHOWN]


def _mine(person: Person) -> QuerySet[Request]:
    """Drafts and what is open or was lately finished, the newest first."""
    rows = Request.objects.visible_to(person).filter(requester=person)
    return (
        rows.filter(status__in=(Status.DRAFT, *OPEN, Status.PARKED))
        .for_rows()
        .order_by("-number")[: SHOWN + 1]
    )


@dataclass(frozen=True)
class Outlook:
    """A request of one's own with its forecast of today: as a bar, in dates, and how the deadline stands."""

    row: Request
    forecast: Forecast | None
    bar: Bar | None
    hope: str


def _with_forecasts(rows: Sequence[Request]) -> list[Outlook]:
    today, kept = timezone.localdate(clock.now()), kept_forecasts(rows)
    found = ((row, kept.get(row.number)) for row in rows)
    return [
        Outlook(row, told, bar(told, today) if told else None, hope(told, today) if told else "")
        for row, told in found
    ]


@dataclass(frozen=True)
class SmallBoard:
    """The board of one's own team: how many requests stand in each column."""

    board: Board
    columns: list[tuple[str, int]]


def boards_of(person: Person) -> list[SmallBoard]:
    """The boards of the person's teams, counted as they see them. One query, none for who has no team."""
    return [SmallBoard(board, _counted(board.held)) for board in prepared.rows(_own_boards, person)]


def _own_boards(person: Person) -> QuerySet[Board]:
    teams = [team.pk for team in person.own_teams()]
    seen = Request.objects.visible_to(person).filter(serving_team=OuterRef("team"), status__in=COUNTED)
    counts: Any = seen.order_by().values("status").annotate(held=Count("pk"))
    held = ArraySubquery(counts.values(row=JSONObject(status="status", held="held")))
    rows = Board.objects.filter(team__in=teams).select_related("team").annotate(held=held)
    return rows.order_by("team__sort_key")


def _counted(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    held = {row["status"]: row["held"] for row in rows}
    return [(str(status.label), held.get(status, 0)) for status in COUNTED]


def first_steps(person: Person) -> list[tuple[str, str]]:
    """Addresses and what to do there, for somebody for whom nothing is there yet."""
    return [(url, words) for route, words in _routes(person) if (url := address(route))]


def _routes(person: Person) -> list[tuple[str, str]]:
    is_lead = person.memberships.filter(role=Role.LEAD).exists()
    steps: list[tuple[str, str]] = []
    if person.is_admin:
        steps.append(("teams:settings", _("Set up teams and invite people")))
    if person.side != PersonSide.IT:
        steps.append(("requests:new", _("Describe what your customers need")))
    if person.side in (PersonSide.IT, PersonSide.BOTH):
        steps.append(("requests:triage", _("See what has come in")))
        steps.append(("requests:boards", _("Look at your team's board")))
    if is_lead:
        steps.append(("teams:teams", _("Write your team's brief")))
    steps.append(("requests:list", _("See what all teams work on")))
    return steps
