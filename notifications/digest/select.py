"""What a digest tells: pure selection, the same for mail, page and preview.

Everything is ids; texts are fetched when it is shown, through what the reader may see then.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

# More than that per section is counted, not listed; more than the second not even kept.
LISTED = 8
KEPT = 100


@dataclass(frozen=True)
class Happening:
    """An event on a request, with the teams that it concerns."""

    event: int
    kind: str
    number: int
    position: int | None
    at: datetime
    teams: Set[int]


@dataclass(frozen=True)
class Standing:
    """Where an open request stands."""

    number: int
    status: str
    turn: str
    since: str
    teams: Set[int]


@dataclass(frozen=True)
class Period:
    """What happened from ``start`` to ``end``, plus what was committed too late for the digest before.

    Positions are stamped after commit: an event belongs to the first period that ends after it and after its
    position, so consecutive periods tell of each event exactly once. ``last`` is None for a preview.
    """

    start: datetime
    end: datetime
    first_after: int | None
    last: int | None

    def tells_of(self, happening: Happening) -> bool:
        if happening.at >= self.end or self._is_too_late(happening.position):
            return False
        return happening.at >= self.start or self._was_too_late_before(happening.position)

    def _is_too_late(self, position: int | None) -> bool:
        return self.last is not None and (position is None or position > self.last)

    def _was_too_late_before(self, position: int | None) -> bool:
        return self.first_after is not None and (position is None or position > self.first_after)


@dataclass(frozen=True)
class Facts:
    """What the whole company's log and requests say, read once for many readers."""

    moved: Sequence[Happening]
    decided: Sequence[Happening]
    delivered: Sequence[Happening]
    stalled: Sequence[Standing]
    # What was chosen of a kind for a period, which most readers of a batch share.
    chosen: dict[tuple[str, Period], list[Happening]] = field(default_factory=dict, compare=False, repr=False)

    def latest(self, kind: str, period: Period) -> list[Happening]:
        """For each request the last thing of ``kind`` that happened in the period, newest first."""
        if (kind, period) not in self.chosen:
            last = {row.number: row for row in getattr(self, kind) if period.tells_of(row)}
            newest = sorted(last.values(), key=lambda row: (row.at, row.event), reverse=True)
            self.chosen[kind, period] = newest
        return self.chosen[kind, period]


@dataclass(frozen=True)
class Reader:
    """One reader: their teams, what waits for them, and which requests they may see."""

    teams: Set[int]
    turns: Sequence[Standing]
    sees: Callable[[int], bool]


Turns = list[dict[str, Any]]


@dataclass
class Selection:
    """The chosen ids, kept with the digest as JSON."""

    your_turn: Turns
    your_teams: list[dict[str, Any]]
    decided: list[int]
    delivered: list[int]
    stalled: Turns

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)

    def numbers(self) -> set[int]:
        """The requests that are named by number; those of events are found through the events."""
        return {row["number"] for row in [*self.your_turn, *self.stalled]}

    def events(self) -> set[int]:
        teams = {event for row in self.your_teams for event in row["events"]}
        return {*self.decided, *self.delivered, *teams}


def select(reader: Reader, period: Period, facts: Facts) -> Selection:
    """Choose what ``reader`` is told about ``period``."""
    moved, decided, delivered = (
        [row for row in facts.latest(kind, period) if reader.sees(row.number)]
        for kind in ("moved", "decided", "delivered")
    )
    mine = {turn.number for turn in reader.turns}
    stalled = [row for row in facts.stalled if reader.sees(row.number) and row.number not in mine]
    return Selection(
        your_turn=[_standing(row) for row in reader.turns[:KEPT]],
        your_teams=_of_teams(reader, moved),
        decided=_ids(_own_first(reader, decided)),
        delivered=_ids(_own_first(reader, delivered)),
        stalled=[_standing(row) for row in _own_first(reader, stalled)[:KEPT]],
    )


def _own_first(reader: Reader, rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: not row.teams & reader.teams)


def _of_teams(reader: Reader, moved: list[Happening]) -> list[dict[str, Any]]:
    """Each of the reader's teams with what happened there; a request that concerns two stands in each."""
    by_team = {team: [row for row in moved if team in row.teams] for team in sorted(reader.teams)}
    return [{"team": team, "events": _ids(rows)} for team, rows in by_team.items()]


def _ids(rows: Sequence[Happening]) -> list[int]:
    return [row.event for row in rows[:KEPT]]


def _standing(row: Standing) -> dict[str, Any]:
    return {"number": row.number, "status": row.status, "turn": row.turn, "since": row.since}
