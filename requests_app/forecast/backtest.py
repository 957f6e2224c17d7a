"""How good forecasts would have been: each past Monday said again, with only what was known then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from requests_app.choices import Status
from requests_app.forecast.outlooks import Board, Forecast, team_forecasts, week_known
from requests_app.forecast.record import CODES, IS_OPEN, Ints, Known, Lives, Record, known_at

# Teams with fewer ends by a Monday are not judged on it.
ENDS = 10
LEVELS = ("50", "85")
QUEUE = (Status.READY, Status.SHAPING, Status.SUBMITTED)


@dataclass
class Level:
    """Of ``open`` requests ``given`` got a date, and ``held`` of these were done by it."""

    open: int = 0
    given: int = 0
    held: int = 0

    def add(self, other: Level) -> None:
        self.open += other.open
        self.given += other.given
        self.held += other.held


@dataclass
class Tally:
    """What came of the forecasts; ``pending`` dates have not come yet and are not judged."""

    levels: dict[str, Level] = field(default_factory=lambda: {name: Level() for name in LEVELS})
    pending: int = 0

    def add(self, other: Tally) -> None:
        for name, level in other.levels.items():
            self.levels[name].add(level)
        self.pending += other.pending


def total_of(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def backtest(
    record: Record,
    zone: ZoneInfo,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    teams: Collection[int] | None = None,
) -> dict[int, Tally]:
    """By team what the forecasts of the Mondays from ``first`` to ``last`` were worth.

    ``record`` holds all teams, to borrow from; ``teams`` names those that are judged (None: all). At a past
    Monday the queue is in the order of status and time, because its order by hand is not recorded.
    """
    ends = _ends(known_at(record, now.timestamp()).lives, zone)
    today = now.astimezone(zone).date()
    tallies: dict[int, Tally] = {}
    for monday in mondays(record, zone, today, first, last):
        known = known_at(record, datetime.combine(monday, time(), zone).timestamp())
        week = week_known(known, zone)
        for team in _judged(known, teams):
            found = team_forecasts(known, team, week, Board(places=_queue(known.lives, team)))
            tally = tallies.setdefault(team, Tally())
            for forecast in found.values():
                _judge(tally, forecast, ends.get(forecast.number), today)
    return tallies


def mondays(
    record: Record, zone: ZoneInfo, today: date, first: date | None, last: date | None
) -> Iterator[date]:
    """The Mondays from ``first`` to ``last``, and none before the record begins or in the future."""
    if not len(record):
        return
    begin = datetime.fromtimestamp(float(record.enter.min()), zone).date()
    day = max(first or begin, begin)
    day += timedelta(days=-day.weekday() % 7)
    while day <= min(last or today, today):
        yield day
        day += timedelta(days=7)


def _ends(lives: Lives, zone: ZoneInfo) -> dict[int, date]:
    """On which day each request that is done was done."""
    done = lives.where(lives.ended)
    return {
        int(number): datetime.fromtimestamp(float(moment), zone).date()
        for number, moment in zip(done.request, done.until, strict=True)
    }


def _judged(known: Known, teams: Collection[int] | None) -> list[int]:
    lives = known.lives
    found, counts = np.unique(lives.team[lives.ended], return_counts=True)
    return [int(team) for team in found[counts >= ENDS] if teams is None or int(team) in teams]


def _queue(lives: Lives, team: int) -> dict[int, int]:
    """The places of what a team had not begun, in the order of status and time."""
    waiting = lives.where((lives.team == team) & IS_OPEN[lives.status] & np.isnan(lives.begin))
    order = np.lexsort((waiting.since, _nearness(waiting)))
    return {int(number): place for place, number in enumerate(waiting.request[order], start=1)}


def _nearness(waiting: Lives) -> Ints:
    by_code = {CODES[status]: near for near, status in enumerate(QUEUE)}
    return np.array([by_code.get(int(code), len(QUEUE)) for code in waiting.status])


def _judge(tally: Tally, forecast: Forecast, end: date | None, today: date) -> None:
    for name, day in zip(LEVELS, (forecast.half, forecast.likely), strict=True):
        level = tally.levels[name]
        level.open += 1
        if day is None:
            continue
        if day >= today:
            tally.pending += 1
            continue
        level.given += 1
        level.held += end is not None and end <= day
