"""Where a request stands in the matrix: pure arrangement."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.matrix import (
    BAND,
    SIDE_BY_SIDE,
    STEP,
    Field,
    Point,
    across,
    dots,
    effort_border,
    field_of,
    quarters,
    up,
)

EFFORTS = [Decimal(n) / 2 for n in range(2, 11)]


def point(number: int, difference: int = 50, effort: float = 2) -> Point:
    return Point(number, f"Request {number}", difference, Decimal(str(effort)), "ready")


@pytest.mark.parametrize(
    ("difference", "effort", "field"),
    [
        (40, "3", Field.DO_NOW),
        (40, "3.5", Field.PLAN),
        (39, "3", Field.QUICK_WIN),
        (39, "3.5", Field.NICE_TO_HAVE),
        (100, "1", Field.DO_NOW),
        (0, "5", Field.NICE_TO_HAVE),
    ],
)
def test_the_gate_and_an_effort_of_3_divide_the_fields(difference: int, effort: str, field: Field) -> None:
    assert field_of(difference, Decimal(effort), 40) == field


def test_the_highest_impact_comes_first_then_the_smaller_effort() -> None:
    found = quarters([point(1, 60, 3), point(2, 80, 2), point(3, 60, 1), point(4, 10, 5)], 40)
    assert [[one.number for one in quarter.points] for quarter in found] == [[2, 3, 1], [], [], [4]]


def test_all_four_fields_are_there_even_when_empty() -> None:
    assert [quarter.kind for quarter in quarters([], 40)] == list(Field)


def test_one_alone_stands_in_the_middle_of_its_column_with_its_number() -> None:
    (dot,) = dots([point(7, 71, 3)], 40)
    assert (dot.x, dot.y, dot.is_named, dot.first.number) == (50.0, 29.0, True, 7)


def test_those_close_together_stand_side_by_side_in_one_row() -> None:
    left, right = dots([point(1, 70), point(2, 72)], 40)
    assert left.x < float(across(Decimal(2))) < right.x
    assert left.y == right.y == 29.0
    assert not left.is_named


def test_too_many_in_one_place_become_one_with_their_count() -> None:
    (dot,) = dots([point(n, 70) for n in range(SIDE_BY_SIDE + 1)], 40)
    assert dot.count == SIDE_BY_SIDE + 1


def test_no_dot_stands_on_a_line() -> None:
    assert all(abs(float(across(effort)) - effort_border()) > 2 for effort in EFFORTS)
    assert up(39) > up(39.5) > up(40)


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(EFFORTS)), max_size=60), st.integers(1, 99))
def test_every_request_is_drawn_once_in_its_column_and_field(
    rows: list[tuple[int, Decimal]], gate: int
) -> None:
    points = [Point(n, "", difference, effort, "ready") for n, (difference, effort) in enumerate(rows)]
    found = dots(points, gate)
    assert sorted(one.number for dot in found for one in dot.points) == list(range(len(rows)))
    for dot in found:
        assert abs(dot.x - float(across(dot.first.effort))) < 100 / 18
        assert 0 <= dot.y <= 100
        for one in dot.points:
            assert (dot.y < up(gate - 0.5)) == (one.difference >= gate)


def test_of_300_dots_none_covers_another() -> None:
    chance = Random(7)
    points = [point(n, int(chance.gauss(60, 15)) % 101, chance.choice([1, 1.5, 2, 3, 4])) for n in range(300)]
    found = dots(points, 40)
    apart = [
        max(abs(a.x - b.x) / float(STEP), abs(a.y - b.y) / BAND)
        for n, a in enumerate(found)
        for b in found[:n]
    ]
    assert min(apart) >= 1 - 1e-9
