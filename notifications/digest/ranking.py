"""How near something is to a reader: what comes first in each section of a digest. Pure.

The nearest is worth three points, the farthest none; what is equally near stands in its section's own order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Generic, Protocol, TypeVar


class Nearness(IntEnum):
    """Points of a request for one reader."""

    MY_TURN = 3
    # I am its requester or owner or watch it, or one of my teams asks for it or serves it.
    MINE = 2
    # It serves a goal that one of my teams owns.
    MY_GOAL = 1
    THE_REST = 0


@dataclass(frozen=True)
class Point:
    """From where somebody looks: requests (numbers) and teams (ids)."""

    turns: Set[int] = frozenset()
    own: Set[int] = frozenset()
    teams: Set[int] = frozenset()


class Concerning(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def teams(self) -> Set[int]: ...


class Placed(Concerning, Protocol):
    """What happened to a request, with the teams that own its goal."""

    @property
    def goal_teams(self) -> Set[int]: ...


def nearness(row: Placed, point: Point) -> Nearness:
    """How near ``row`` is to whom looks from ``point``."""
    if row.number in point.turns:
        return Nearness.MY_TURN
    if row.number in point.own or row.teams & point.teams:
        return Nearness.MINE
    return Nearness.MY_GOAL if row.goal_teams & point.teams else Nearness.THE_REST


Row = TypeVar("Row", bound=Concerning)
Near = TypeVar("Near", bound=Placed)


@dataclass(frozen=True)
class Ordered(Generic[Row]):
    """Rows in the order in which they are told, found by team too: no reader goes over all of them."""

    rows: Sequence[Row]

    @cached_property
    def _by_team(self) -> Mapping[int, Sequence[tuple[int, Row]]]:
        found: dict[int, list[tuple[int, Row]]] = defaultdict(list)
        for place, row in enumerate(self.rows):
            for team in row.teams:
                found[team].append((place, row))
        return found

    def of_team(self, team: int) -> Iterator[Row]:
        return (row for _place, row in self._by_team.get(team, ()))

    def own_first(self, teams: Set[int]) -> Iterator[Row]:
        """Those that concern one of ``teams``, then the others."""
        own = {place: row for team in teams for place, row in self._by_team.get(team, ())}
        yield from (own[place] for place in sorted(own))
        yield from (row for row in self.rows if not row.teams & teams)


@dataclass(frozen=True)
class Ranked(Ordered[Near]):
    """Rows that are found by everything by which they can be near to somebody."""

    def nearest_first(self, point: Point) -> Iterator[Near]:
        """As sorted by ``nearness``, the nearest first, each rank in the order of the rows."""
        told: set[int] = set()
        levels = (
            self._at("number", point.turns),
            self._at("number", point.own) | self._at("team", point.teams),
            self._at("goal_team", point.teams),
        )
        for level in levels:
            yield from (self.rows[place] for place in sorted(level - told))
            told |= level
        yield from (row for place, row in enumerate(self.rows) if place not in told)

    def _at(self, kind: str, wanted: Set[int]) -> set[int]:
        by = self._index[kind]
        return {place for one in wanted if one in by for place in by[one]}

    @cached_property
    def _index(self) -> Mapping[str, Mapping[int, Sequence[int]]]:
        found: dict[str, dict[int, list[int]]] = {
            kind: defaultdict(list) for kind in ("number", "team", "goal_team")
        }
        for place, row in enumerate(self.rows):
            found["number"][row.number].append(place)
            for kind, teams in (("team", row.teams), ("goal_team", row.goal_teams)):
                for team in teams:
                    found[kind][team].append(place)
        return found
