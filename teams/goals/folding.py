"""A tree of goals too large to be taken in at once: what is near stands there, the rest is folded."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from teams.goals.tree import Node
from teams.models import Goal

# So many goals are still taken in at once; a larger tree begins folded.
MOST_OPEN = 60
# What the branch at the top is called among those that are opened.
TOP = 0


@dataclass(frozen=True)
class Branch:
    """What stands directly below a goal, or at the top: ``hidden`` of it are folded away."""

    at: int
    hidden: int
    is_open: bool


@dataclass(frozen=True)
class Line:
    """A goal in the tree that is shown; ``branch`` is None where nothing below it can be folded."""

    node: Node
    branch: Branch | None = None


@dataclass
class _Place:
    node: Node
    below: list["_Place"] = field(default_factory=list)
    is_near: bool = False


def folded(
    nodes: Sequence[Node], is_near: Callable[[Goal], bool], opened: Collection[int]
) -> tuple[list[Line], Branch]:
    """The lines of a tree, from the top down, and the branch at its top; pure.

    Up to MOST_OPEN ``nodes`` nothing is folded. Else of what stands below a goal only near goals are shown
    and what they serve, unless its id is ``opened``; of the top the first MOST_OPEN are shown as well.
    """
    if len(nodes) <= MOST_OPEN:
        return [Line(node) for node in nodes], Branch(TOP, 0, is_open=False)
    tops = _grown(nodes, is_near)
    is_open = TOP in opened
    shown = [place for n, place in enumerate(tops) if is_open or n < MOST_OPEN or place.is_near]
    lines: list[Line] = []
    for place in shown:
        _walk(place, opened, lines)
    return lines, Branch(TOP, len(tops) - len(shown), is_open and len(tops) > MOST_OPEN)


def _walk(place: _Place, opened: Collection[int], lines: list[Line]) -> None:
    pk = place.node.goal.pk
    is_open = pk in opened
    shown = [one for one in place.below if is_open or one.is_near]
    can_fold = any(not one.is_near for one in place.below)
    hidden = len(place.below) - len(shown)
    lines.append(Line(place.node, Branch(pk, hidden, is_open) if can_fold else None))
    for one in shown:
        _walk(one, opened, lines)


def _grown(nodes: Sequence[Node], is_near: Callable[[Goal], bool]) -> list[_Place]:
    """The tree of ``nodes``, which stand in it from the top down; near is also what a near goal serves."""
    tops: list[_Place] = []
    path: list[_Place] = []
    for node in nodes:
        place = _Place(node, is_near=is_near(node.goal))
        del path[node.depth :]
        (path[-1].below if path else tops).append(place)
        path.append(place)
        if place.is_near:
            for above in path:
                above.is_near = True
    return tops
