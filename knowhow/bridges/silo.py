"""The silo map: what joins teams, and which team stands alone; pure, by networkx."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Who has worked with nobody for so long is named.
LONELY_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Tie:
    """What two teams did together: how often each kind, and when last (aware)."""

    one: int
    other: int
    counts: Mapping[str, int]
    last_at: datetime

    @property
    def weight(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class SiloMap:
    """``between``: the share of shortest ways between other teams that lead over a team, 0 to 1."""

    ties: tuple[Tie, ...]
    between: dict[int, float] = field(default_factory=dict)
    lonely: tuple[int, ...] = ()


def silo_map(
    teams: Iterable[int], ties: Iterable[Tie], now: datetime, young: Collection[int] = ()
) -> SiloMap:
    """The map as of ``now``; ties to other teams than ``teams`` are left out.

    ``young`` teams have not been there for LONELY_AFTER, so nobody can say that they were alone so long.
    """
    # Only this page needs it; a process that never shows the map never loads it.
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(teams))
    kept = tuple(tie for tie in ties if tie.weight and {tie.one, tie.other} <= set(graph))
    for tie in kept:
        # Who works together often is near.
        graph.add_edge(tie.one, tie.other, distance=1 / tie.weight)
    between = networkx.betweenness_centrality(graph, weight="distance")
    joined = {team for tie in kept if now - tie.last_at < LONELY_AFTER for team in (tie.one, tie.other)}
    not_lonely = joined | set(young)
    return SiloMap(kept, dict(between), tuple(team for team in graph if team not in not_lonely))


def summed(ties: Iterable[Tie]) -> list[Tie]:
    """The ties of several months as one per pair."""
    found: dict[tuple[int, int], Tie] = {}
    for tie in ties:
        pair = (tie.one, tie.other)
        before = found.get(pair)
        found[pair] = tie if before is None else _joined(before, tie)
    return list(found.values())


def _joined(before: Tie, tie: Tie) -> Tie:
    kinds = [*before.counts, *(kind for kind in tie.counts if kind not in before.counts)]
    counts = {kind: before.counts.get(kind, 0) + tie.counts.get(kind, 0) for kind in kinds}
    return Tie(tie.one, tie.other, counts, max(before.last_at, tie.last_at))
