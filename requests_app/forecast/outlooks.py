"""A team's forecasts, from what was known at a moment: pure arithmetic, no database.

Begun work is compared with the first of these that holds ten cases: what this team had in the same status as
long, what all teams had in it as long, what this team had been at work on as long, what all teams had. Cases
of which none was delivered carry nothing, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from requests_app.forecast import survival, waiting
from requests_app.forecast.record import IS_OPEN, Flags, Floats, Ints, Known, Lives
from requests_app.forecast.survival import AT_RISK, Sample, sample
from requests_app.forecast.week import Week, week_of

CHANCES = np.array([0.5, 0.85])
HALF, LIKELY = 0, 1
# Fewer of its own make a history thin.
DELIVERIES = 10
WHOLE = 100


class State(StrEnum):
    """What a forecast can say."""

    DATED = "dated"
    BOUNDED = "bounded"
    NO_HISTORY = "no_history"
    NO_TEAM = "no_team"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class Basis:
    """What a forecast rests on.

    ``deliveries`` among the compared requests, the first of them from ``since``; ``borrowed``: of all teams;
    ``same_status``: compared by time in the present status, else by time at work. For work not begun also the
    ``place`` in the queue (1 is next) and the ``starts`` its pace is told from.
    """

    deliveries: int
    since: date
    borrowed: bool
    same_status: bool
    place: int = 0
    starts: int = 0
    starts_borrowed: bool = False


@dataclass(frozen=True)
class Forecast:
    """What history says of one request.

    ``half`` and ``likely`` are the days by which it is done in 50 and 85 of 100 cases, None where history
    does not carry so far; then in ``beyond`` of 100 cases it is not done before ``not_before``. ``chance``
    (of 100) is that of being done by ``deadline``; ``at_least``: it is only a lower bound.
    """

    number: int
    state: State
    half: date | None = None
    likely: date | None = None
    not_before: date | None = None
    beyond: int | None = None
    deadline: date | None = None
    chance: int | None = None
    at_least: bool = False
    basis: Basis | None = None


@dataclass(frozen=True)
class Board:
    """What is asked for besides the record: ``deadlines`` and ``places`` in the queue by request."""

    deadlines: Mapping[int, date] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)


def week_known(known: Known, zone: ZoneInfo) -> Week:
    """The working week as all ends known until then teach it."""
    lives = known.lives
    first = float(known.record.enter.min(initial=known.moment))
    return week_of(lives.until[lives.ended], first, known.moment, zone)


def team_forecasts(known: Known, team: int, week: Week, board: Board) -> dict[int, Forecast]:
    """The forecast of each open request of ``team``, by its number."""
    lives = known.lives
    mine = lives.where((lives.team == team) & IS_OPEN[lives.status])
    begun = np.isfinite(mine.begin)
    desk = _Desk(known, team, week, board)
    found: dict[int, Forecast] = {}
    for status in np.unique(mine.status[begun]):
        found |= desk.of_begun(mine.where(begun & (mine.status == status)), int(status))
    return found | desk.of_waiting(mine.where(~begun))


class _Desk:
    """One team's questions to what was known, with the answers that several of them need."""

    def __init__(self, known: Known, team: int, week: Week, board: Board) -> None:
        self.known, self.team, self.week, self.board = known, team, week, board
        self.now = float(week.clock(np.array([known.moment]))[0])
        lives = known.lives
        # A team with fewer deliveries borrows; where all teams together have fewer, nobody can lend.
        self.own = int((lives.ended & (lives.team == team)).sum()) >= DELIVERIES
        self.shared = int(lives.ended.sum()) >= DELIVERIES

    def of_begun(self, asked: Lives, status: int) -> dict[int, Forecast]:
        """Requests at work that all stand in ``status``."""
        found: dict[int, Forecast] = {}
        left = np.ones(len(asked.request), dtype=bool)
        for cases, borrowed, same_status in self._compared(status):
            ages = self.now - self.week.clock(asked.since if same_status else asked.begin)
            fits = left & (cases.at_risk(ages) >= AT_RISK)
            if fits.any():
                found |= self._told(asked.where(fits), ages[fits], cases, borrowed, same_status)
            left &= ~np.isin(asked.request, list(found))
            if not left.any():
                break
        return found | {int(number): self._unknown(int(number)) for number in asked.request[left]}

    def _compared(self, status: int) -> Iterator[tuple[Sample, bool, bool]]:
        """The cases to compare with, nearest first; whether they are borrowed, and of the same status."""
        stays, lives = self.known.stays, self.known.lives
        of_status, at_work = stays.status == status, np.isfinite(lives.begin)
        if self.own:
            yield self._stays(of_status & (stays.team == self.team)), False, True
        if self.shared:
            yield self._stays(of_status), True, True
        if self.own:
            yield self._lives(at_work & (lives.team == self.team)), False, False
        if self.shared:
            yield self._lives(at_work), True, False

    def _stays(self, chosen: Flags) -> Sample:
        stays, clock = self.known.stays, self.week.clock
        enter, leave, until = (clock(column[chosen]) for column in (stays.enter, stays.leave, stays.until))
        return sample(enter, leave, until, stays.ended[chosen])

    def _lives(self, chosen: Flags) -> Sample:
        lives, clock = self.known.lives, self.week.clock
        until = clock(lives.until[chosen])
        return sample(clock(lives.begin[chosen]), until, until, lives.ended[chosen])

    def _told(
        self, asked: Lives, ages: Floats, cases: Sample, borrowed: bool, same_status: bool
    ) -> dict[int, Forecast]:
        """What the cases foretell; nothing for whom none of them was delivered at that age or later."""
        found = survival.outlook(cases, ages, CHANCES, self._until_deadlines(asked.request))
        since = self.week.days(found.since)
        bases = [
            Basis(int(ends), first or self.week.first, borrowed, same_status)
            for ends, first in zip(found.ends, since, strict=True)
        ]
        told = self._forecasts(
            asked.request, found.reached, (found.floor, found.beyond), (found.over, found.exact), bases
        )
        return {number: one for number, one in told.items() if one.basis and one.basis.deliveries}

    def of_waiting(self, asked: Lives) -> dict[int, Forecast]:
        """Requests that nobody has begun: the wait for a start at the team's pace, and then the work."""
        pace, paced_by_others = self._pace()
        lasting = self._durations()
        if not len(asked.request) or pace is None or lasting is None:
            return {int(number): self._unknown(int(number)) for number in asked.request}
        durations, basis = lasting
        places = np.array([self._place(int(number)) for number in asked.request])
        sums = waiting.summed(waiting.waits(pace, places), durations)
        bases = [
            replace(basis, place=int(place), starts=pace.starts, starts_borrowed=paced_by_others)
            for place in places
        ]
        return self._forecasts(
            asked.request,
            waiting.reached(sums, CHANCES),
            _carried(sums),
            waiting.over(sums, self._until_deadlines(asked.request)),
            bases,
        )

    def _place(self, number: int) -> int:
        # Without a place on the board it stands behind all that have one.
        return self.board.places.get(number, len(self.board.places) + 1)

    def _pace(self) -> tuple[waiting.Pace | None, bool]:
        """The pace of starts, and whether it is that of other teams."""
        own = self._pace_of(self.team)
        if own is not None:
            return own, False
        others = [self._pace_of(int(team)) for team in np.unique(self.known.record.team)]
        return waiting.borrowed_pace([pace for pace in others if pace is not None]), True

    def _pace_of(self, team: int) -> waiting.Pace | None:
        return waiting.pace_of(self.week.clock(self.known.record.starts(team)), self.now)

    def _durations(self) -> tuple[Floats, Basis] | None:
        """How long work lasts from its start, at equally likely levels."""
        lives = self.known.lives
        at_work, start = np.isfinite(lives.begin), np.zeros(1)
        mine = at_work & (lives.team == self.team)
        for chosen, enough, borrowed in ((mine, self.own, False), (at_work, self.shared, True)):
            cases = self._lives(chosen)
            if enough and cases.at_risk(start)[0] >= AT_RISK:
                found = survival.outlook(cases, start, waiting.LEVELS, start)
                since = self.week.days(found.since)[0] or self.week.first
                lasting: Floats = found.reached[0]
                return lasting, Basis(int(found.ends[0]), since, borrowed, same_status=False)
        return None

    def _until_deadlines(self, numbers: Ints) -> Floats:
        """The working time left until each deadline; none left without one."""
        ends = [self.board.deadlines.get(int(number)) for number in numbers]
        return np.array([max(self.week.end_of(day) - self.now, 0.0) if day else 0.0 for day in ends])

    def _forecasts(
        self,
        numbers: Ints,
        reached: Floats,
        carried: tuple[Floats, Floats],
        chances: tuple[Floats, Flags],
        bases: list[Basis],
    ) -> dict[int, Forecast]:
        half, likely = (self.week.due(self.now + reached[:, level], self.now) for level in (HALF, LIKELY))
        floors, (beyond, (over, exact)) = self.week.days(self.now + carried[0]), (carried[1], chances)
        today = self.week.days(np.array([self.now]))[0]
        found = {}
        for row, number in enumerate(numbers):
            deadline = self.board.deadlines.get(int(number))
            chance = _percent(float(over[row])) if deadline else None
            if not exact[row] and not chance:
                # "At least 0 %" says nothing.
                chance = None
            bounded = likely[row] is None and floors[row] is not None and floors[row] != today
            found[int(number)] = Forecast(
                number=int(number),
                state=State.DATED if half[row] or likely[row] else State.BOUNDED,
                half=half[row],
                likely=likely[row],
                not_before=floors[row] if bounded else None,
                beyond=_percent(float(beyond[row])) if bounded else None,
                deadline=deadline,
                chance=chance,
                at_least=chance is not None and not exact[row],
                basis=bases[row],
            )
        return found

    def _unknown(self, number: int) -> Forecast:
        return Forecast(number, State.NO_HISTORY, deadline=self.board.deadlines.get(number))


def _percent(chance: float) -> int:
    """Of 100; nothing is certain."""
    return min(round(WHOLE * chance), WHOLE - 1)


def _carried(sums: Floats) -> tuple[Floats, Floats]:
    """How far sums carry, and the share of cases beyond."""
    finite = np.isfinite(sums)
    farthest: Floats = np.where(finite, sums, 0.0).max(axis=1)
    return farthest, 1.0 - finite.mean(axis=1)
