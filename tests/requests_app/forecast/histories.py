"""Histories for tests, built in memory: requests of teams, at work from one day until another."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from requests_app.choices import Status
from requests_app.forecast.outlooks import Board, Forecast, team_forecasts
from requests_app.forecast.record import Record, known_at
from requests_app.forecast.replay import Step, replay
from requests_app.forecast.week import week_of

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")
DAY = 86_400.0
# A Monday.
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
_numbers = count(1_000)


def begun(team: int, days_ago: float, lasted: float | None = None, number: int | None = None) -> list[Step]:
    """A request whose work began ``days_ago`` and ended after ``lasted`` days; None: it goes on."""
    own, start = number or next(_numbers), NOW - days_ago * DAY
    steps = [Step(own, team, "request.started", Status.IN_PROGRESS, start)]
    if lasted is not None:
        steps.append(Step(own, team, "request.delivered", Status.DONE, start + lasted * DAY))
    return steps


def waiting(team: int, number: int | None = None, status: str = Status.READY) -> list[Step]:
    """A request that nobody has begun."""
    return [Step(number or next(_numbers), team, "request.accepted", status, NOW - 3 * DAY)]


def record_of(*requests: Iterable[Step]) -> Record:
    steps = sorted((step for request in requests for step in request), key=lambda step: step.request)
    return replay(steps)


def forecasts(record: Record, team: int, board: Board | None = None, at: float = NOW) -> dict[int, Forecast]:
    """On a week whose days all count the same, so that tests can reckon in days."""
    known = known_at(record, at)
    even = week_of(np.zeros(0), float(known.record.enter.min(initial=at)), at, UTC)
    return team_forecasts(known, team, even, board or Board())


def steady(team: int, chance: Random, number: int, mean: float = 10.0) -> Iterator[list[Step]]:
    """``number`` requests begun over the last two years that take a random time, some of it still to come."""
    for _request in range(number):
        ago = chance.uniform(0, 700)
        lasts = chance.expovariate(1 / mean)
        yield begun(team, ago, lasts if lasts < ago else None)
