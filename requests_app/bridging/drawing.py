"""The silo map as a drawing: Marketing left, IT right, the others beneath; pure geometry in SVG units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from knowhow.bridges.silo import SiloMap, Tie
from teams.models import Side, Team
from teams.words import letters

WIDTH = 900
TOP, STEP = 40, 64
COLUMNS = {Side.MARKETING.value: 190, Side.IT.value: 710}
MIDDLE = 450
THICKEST = 14
# Of many more ties nobody sees anything: two hundred teams have thousands.
MOST_TIES = 100


@dataclass(frozen=True)
class Node:
    team: Team
    x: int
    y: int
    radius: int
    is_lonely: bool

    @property
    def anchor(self) -> str:
        """Where the name stands: outside of the drawing's middle, or beneath."""
        return {Side.MARKETING: "end", Side.IT: "start"}.get(Side(self.team.side), "middle")

    @property
    def label_x(self) -> int:
        shift = self.radius + 10
        return {"end": self.x - shift, "start": self.x + shift}.get(self.anchor, self.x)

    @property
    def label_y(self) -> int:
        return self.y + (5 if self.anchor != "middle" else self.radius + 18)


@dataclass(frozen=True)
class Line:
    one: Node
    other: Node
    width: float
    weight: int

    @property
    def path(self) -> str:
        """A straight line, or a bow where both ends stand in one column."""
        a, b = self.one, self.other
        if a.x != b.x:
            return f"M{a.x} {a.y} L{b.x} {b.y}"
        bow = a.x + (90 if a.x < MIDDLE else -90)
        return f"M{a.x} {a.y} Q{bow} {(a.y + b.y) // 2} {b.x} {b.y}"


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """A pair of teams in the table: what they did together."""

    one: Team
    other: Team
    tie: Tie

    @property
    def counts(self) -> Mapping[str, int]:
        return self.tie.counts


def drawn(teams: Sequence[Team], found: SiloMap) -> Drawing:
    """Where each team and each of the MOST_TIES closest ties stands.

    Where there are more ties, teams that have none of these are left out, but for those that stand alone.
    """
    closest = _closest(found)
    told = {pk for tie in closest for pk in (tie.one, tie.other)} | set(found.lonely)
    shown = [team for team in teams if team.pk in told or len(closest) == len(found.ties)]
    nodes = {node.team.pk: node for node in _placed(shown, found)}
    most = max((tie.weight for tie in found.ties), default=1)
    lines = [
        Line(nodes[tie.one], nodes[tie.other], max(1.5, round(THICKEST * tie.weight / most, 1)), tie.weight)
        for tie in closest
    ]
    height = max((node.y for node in nodes.values()), default=0) + STEP
    return Drawing(WIDTH, height, tuple(nodes.values()), tuple(lines))


def _placed(teams: Sequence[Team], found: SiloMap) -> Iterator[Node]:
    """Two columns, and beneath them, where no line between these runs, the teams of other sides in a row."""
    sides = {x: [team for team in teams if COLUMNS.get(team.side) == x] for x in COLUMNS.values()}
    others = [team for team in teams if team.side not in COLUMNS]
    below = TOP + max(len(column) for column in sides.values()) * STEP
    places = [(team, x, TOP + n * STEP) for x, column in sides.items() for n, team in enumerate(column)]
    gap = WIDTH // (len(others) + 1)
    places += [(team, gap * n, below + STEP // 2) for n, team in enumerate(others, start=1)]
    for team, x, y in places:
        radius = 12 + round(10 * found.between.get(team.pk, 0.0))
        yield Node(team, x, y, radius, team.pk in found.lonely)


def rows(teams: Mapping[int, Team], found: SiloMap) -> list[Row]:
    """The MOST_TIES closest ties as a table, the closest first, equal ones by the teams' names."""
    pairs = [Row(teams[tie.one], teams[tie.other], tie) for tie in _closest(found)]
    return sorted(pairs, key=lambda row: (-row.tie.weight, letters(row.one.name), letters(row.other.name)))


def _closest(found: SiloMap) -> list[Tie]:
    """Those of the most that was done together; drawing and table show the same ones."""
    return nlargest(MOST_TIES, found.ties, key=lambda tie: (tie.weight, tie.last_at))
