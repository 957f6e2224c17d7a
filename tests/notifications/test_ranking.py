"""The order of what a digest tells: nearest first, and no reader goes over all rows for it."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.digest.ranking import Nearness, Point, Ranked, nearness

Few = st.frozensets(st.integers(1, 6), max_size=3)


@dataclass(frozen=True)
class Thing:
    number: int
    teams: frozenset[int] = frozenset()
    goal_teams: frozenset[int] = frozenset()


POINT = Point(turns=frozenset({1}), own=frozenset({2}), teams=frozenset({7}))


@pytest.mark.parametrize(
    ("thing", "points"),
    [
        (Thing(1), Nearness.MY_TURN),
        (Thing(2), Nearness.MINE),
        (Thing(3, frozenset({7})), Nearness.MINE),
        (Thing(3, frozenset({8}), frozenset({7})), Nearness.MY_GOAL),
        (Thing(3, frozenset({8}), frozenset({9})), Nearness.THE_REST),
        (Thing(3), Nearness.THE_REST),
        # The nearest of several counts.
        (Thing(1, frozenset({7}), frozenset({7})), Nearness.MY_TURN),
        (Thing(2, frozenset({8}), frozenset({7})), Nearness.MINE),
    ],
)
def test_how_near_something_is(thing: Thing, points: Nearness) -> None:
    assert nearness(thing, POINT) == points


def test_my_turn_counts_more_than_mine_than_my_goal_than_the_rest() -> None:
    assert [rank.name for rank in sorted(Nearness, reverse=True)] == [
        "MY_TURN",
        "MINE",
        "MY_GOAL",
        "THE_REST",
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Thing, st.integers(1, 9), Few, Few)), st.builds(Point, Few, Few, Few))
def test_the_order_is_that_of_the_points_and_keeps_the_order_of_equals(
    things: list[Thing], point: Point
) -> None:
    expected = sorted(things, key=lambda thing: -nearness(thing, point))
    assert list(Ranked(things).nearest_first(point)) == expected


def test_who_is_near_to_nothing_reads_the_rows_as_they_are() -> None:
    things = [Thing(3), Thing(1), Thing(2)]
    assert list(Ranked(things).nearest_first(Point())) == things
