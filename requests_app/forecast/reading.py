"""Histories from the database. Statistics use all requests and name none (PRODUCT §3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from activity.models import Event, Origin
from requests_app.choices import Status
from requests_app.forecast.outlooks import Board
from requests_app.forecast.record import Record
from requests_app.forecast.replay import Step, replay
from requests_app.models import Request
from requests_app.workflow.actions import ACTIONS

# Of a team, and of all teams together, so many requests are looked at: those that came last.
LATEST = 5_000
# Steps that change no status.
BESIDES = {"request.assigned", "request.blocked", "request.unblocked"}
KINDS = sorted({action.event for action in ACTIONS.values()} - BESIDES)
# In such a log work counts from the opening (INTERFACES: "Start = opened_at").
BEGINS_WHEN_OPENED = "servicenow:"
QUEUE = (Status.READY, Status.SHAPING, Status.SUBMITTED)

Row = tuple[int, int, str | None]
# Status, rank, number and deadline.
Card = tuple[str, str, int, date | None]


def record_of_teams(teams: Collection[int]) -> Record:
    """The latest requests of each of the teams. Two queries."""
    parts = [_latest(Request.objects.filter(serving_team=team)) for team in teams]
    return _record(parts[0].union(*parts[1:], all=True)) if parts else replay([])


def record_of_all(limit: int | None = LATEST) -> Record:
    """The latest requests of all teams together; ``limit`` None: all there are. Two queries."""
    return _record(_latest(Request.objects.filter(serving_team__isnull=False), limit))


def _latest(requests: QuerySet[Request], limit: int | None = LATEST) -> Any:
    rows = requests.exclude(status=Status.DRAFT).order_by("-number")
    return rows.values_list("number", "serving_team_id", "import_key")[:limit]


def _record(requests: Any) -> Record:
    rows: dict[int, Row] = {row[0]: row for row in requests}
    return replay(_steps(rows))


def _steps(rows: dict[int, Row]) -> Iterator[Step]:
    events = Event.objects.filter(object_type="request", object_id__in=list(rows), kind__in=KINDS)
    told = events.order_by("object_id", "id").values_list(
        "object_id", "kind", "data__to", "occurred_at", "origin"
    )
    for number, kind, to, at, origin in told.iterator(chunk_size=10_000):
        _number, team, key = rows[number]
        opened = kind == "request.submitted" and origin == Origin.IMPORT
        begins = opened and (key or "").startswith(BEGINS_WHEN_OPENED)
        yield Step(number, team, kind, to, at.timestamp(), begins)


def boards_of(teams: Collection[int]) -> dict[int, Board]:
    """Deadlines and places in the queue of what the teams have open. One query."""
    rows = Request.objects.open().filter(serving_team__in=teams)
    found: dict[int, list[Card]] = {team: [] for team in teams}
    for team, status, rank, number, deadline in rows.values_list(
        "serving_team_id", "status", "rank", "number", "deadline"
    ):
        found[team].append((status, rank or "", number, deadline))
    return {team: _board(cards) for team, cards in found.items()}


def _board(cards: list[Card]) -> Board:
    queued = sorted((QUEUE.index(Status(s)), rank, number) for s, rank, number, _day in cards if s in QUEUE)
    places = {number: place for place, (_status, _rank, number) in enumerate(queued, start=1)}
    return Board({number: day for _s, _rank, number, day in cards if day}, places)
