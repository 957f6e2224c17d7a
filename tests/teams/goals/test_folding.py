"""A large tree of goals: what is near stands there, the rest is counted and opens on demand."""

from collections.abc import Iterator
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from teams.goals.folding import MOST_OPEN, TOP, Branch, folded
from teams.goals.tree import Node
from teams.models import Goal


def node(pk: int, depth: int) -> Node:
    return Node(Goal(pk=pk, title=f"Goal {pk}"), depth, None, None, None, is_over=False)


def wide(tops: int, each: int) -> list[Node]:
    """``tops`` goals, each with ``each`` below it: the n-th top is 100·n, what stands below it counts on."""
    return [node(100 * top + below, min(below, 1)) for top in range(1, tops + 1) for below in range(each + 1)]


def ids(nodes: list[Node], near: set[int] = frozenset(), opened: set[int] = frozenset()) -> list[int]:  # type: ignore[assignment]
    lines, _top = folded(nodes, lambda goal: goal.pk in near, opened)
    return [line.node.goal.pk for line in lines]


def test_a_tree_that_is_taken_in_at_once_is_not_folded() -> None:
    nodes = wide(10, 5)
    lines, top = folded(nodes, lambda goal: False, ())
    assert len(nodes) == MOST_OPEN
    assert [line.node for line in lines] == nodes
    assert {line.branch for line in lines} == {None}
    assert top == Branch(TOP, 0, is_open=False)


def test_a_larger_one_shows_its_top_and_counts_what_stands_below() -> None:
    lines, top = folded(wide(11, 6), lambda goal: False, ())
    assert [line.node.goal.pk for line in lines] == [100 * n for n in range(1, 12)]
    assert lines[0].branch == Branch(100, 6, is_open=False)
    assert top.hidden == 0


def test_what_is_near_is_shown_with_what_it_serves() -> None:
    nodes = [*wide(11, 6), node(1200, 0), node(1201, 1), node(1202, 2), node(1203, 2)]
    assert ids(nodes, near={1202})[-3:] == [1200, 1201, 1202]
    lines, _top = folded(nodes, lambda goal: goal.pk == 1202, ())
    assert [line.branch for line in lines[-3:]] == [None, Branch(1201, 1, is_open=False), None]


def test_what_is_opened_shows_all_that_stands_directly_below_and_can_be_closed_again() -> None:
    nodes = [*wide(11, 6), node(1200, 0), node(1201, 1), node(1202, 2)]
    assert ids(nodes, opened={1200})[-2:] == [1200, 1201]
    lines, _top = folded(nodes, lambda goal: False, {1200, 1201})
    assert [(line.node.goal.pk, line.branch) for line in lines[-3:]] == [
        (1200, Branch(1200, 0, is_open=True)),
        (1201, Branch(1201, 0, is_open=True)),
        (1202, None),
    ]


def test_of_a_flat_tree_the_first_and_the_near_are_shown() -> None:
    nodes = [node(n, 0) for n in range(1, 101)]
    lines, top = folded(nodes, lambda goal: goal.pk == 90, ())
    assert [line.node.goal.pk for line in lines] == [*range(1, MOST_OPEN + 1), 90]
    assert top == Branch(TOP, 100 - MOST_OPEN - 1, is_open=False)
    lines, top = folded(nodes, lambda goal: False, {TOP})
    assert (len(lines), top) == (100, Branch(TOP, 0, is_open=True))


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    numbers: Iterator[int] = count(1)
    depth, nodes = -1, []
    for step in draw(st.lists(st.integers(0, 3), min_size=1, max_size=90)):
        depth = max(0, min(depth + 1, step))
        nodes.append(node(next(numbers), depth))
    return nodes


@given(trees(), st.sets(st.integers(1, 90)), st.sets(st.integers(0, 90)))
def test_lines_keep_the_order_count_what_is_missing_and_hide_nothing_near(
    nodes: list[Node], near: set[int], opened: set[int]
) -> None:
    lines, top = folded(nodes, lambda goal: goal.pk in near, opened)
    shown = [line.node for line in lines]
    assert shown == [one for one in nodes if one in shown]
    assert {one.goal.pk for one in nodes} & near <= {one.goal.pk for one in shown}
    everything = {TOP, *(one.goal.pk for one in nodes)}
    assert len(folded(nodes, lambda goal: False, everything)[0]) == len(nodes)
    counted = top.hidden + sum(line.branch.hidden for line in lines if line.branch)
    assert (counted == 0) == (len(shown) == len(nodes))
