"""The silo map as a drawing: Marketing left, IT right, the others between; pure geometry in SVG units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowhow.bridges.silo import SiloMap, Tie
from teams.models import Side, Team

WIDTH = 900
TOP, STEP = 40, 64
COLUMNS = {Side.MARKETING.value: 190, Side.IT.value: 710}
MIDDLE = 450
THICKEST = 14


@dataclass(frozen=True)
class Node:
    team: Team
    x: int
    y: int
    radius: int
    is_lonely: bool

    @property
    def anchor(self) -> str:
        """Where the name stands: outside of the drawing's middle."""
        return {COLUMNS[Side.MARKETING]: "end", COLUMNS[Side.IT]: "start"}.get(self.x, "middle")

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
    """Where each team and each tie stands."""
    nodes: dict[int, Node] = {}
    places: dict[int, int] = {}
    for team in teams:
        x = COLUMNS.get(team.side, MIDDLE)
        place = places.get(x, 0)
        places[x] = place + 1
        # A team between the sides stands a little lower, so that no line of the same height runs through it.
        y = TOP + place * STEP + (STEP // 2 if x == MIDDLE else 0)
        radius = 12 + round(10 * found.between.get(team.pk, 0.0))
        nodes[team.pk] = Node(team, x, y, radius, team.pk in found.lonely)
    most = max((tie.weight for tie in found.ties), default=1)
    lines = [
        Line(nodes[tie.one], nodes[tie.other], max(1.5, round(THICKEST * tie.weight / most, 1)), tie.weight)
        for tie in found.ties
    ]
    height = TOP * 2 + STEP * max(max(places.values(), default=1), 1)
    return Drawing(WIDTH, height, tuple(nodes.values()), tuple(lines))


def rows(teams: Mapping[int, Team], found: SiloMap) -> list[Row]:
    """The ties as a table, the closest first."""
    closest = sorted(found.ties, key=lambda tie: (-tie.weight, teams[tie.one].name, teams[tie.other].name))
    return [Row(teams[tie.one], teams[tie.other], tie) for tie in closest]
