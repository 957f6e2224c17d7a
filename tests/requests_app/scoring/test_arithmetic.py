"""The arithmetic, sentence by sentence of PRODUCT §4."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.choices import Dimension
from requests_app.scoring.arithmetic import Weights, alignment, difference, divergences, joint, parts
from tests.factories import scores

views = st.fixed_dictionaries({name: st.integers(1, 5) for name in Dimension.values})


def test_the_drawn_request_has_its_difference() -> None:
    marketing = {
        **{"customer_value": 5, "reach": 4, "goal_fit": 5},
        **{"time_criticality": 4, "effort": 2, "comprehension_burden": 1},
    }
    it = {
        **{"customer_value": 5, "reach": 3, "goal_fit": 4},
        **{"time_criticality": 2, "effort": 4, "comprehension_burden": 1},
    }
    found = joint(marketing, it, {})
    assert parts(found).value == (Fraction(5) + Fraction("3.5") + Fraction("4.5")) / 3 / 4 - Fraction(1, 4)
    assert (parts(found).urgency, parts(found).ease) == (Fraction(1, 2), Fraction(1))
    assert difference(found, Weights()) == 78
    assert divergences(marketing, it) == ["time_criticality", "effort"]
    assert alignment(marketing, it) == 1 - Fraction(6, 24)


@pytest.mark.parametrize(
    ("points", "burden", "found"), [(1, 5, 0), (5, 1, 100), (3, 3, 50), (4, 4, 68), (4, 2, 75)]
)
def test_the_ends_the_middle_and_halves_rounded_up(points: int, burden: int, found: int) -> None:
    view = scores(points, comprehension_burden=burden)
    assert difference(joint(view, view, {}), Weights()) == found


def test_effort_does_not_count_in_the_difference() -> None:
    cheap, dear = scores(4, effort=1), scores(4, effort=5)
    assert difference(joint(cheap, cheap, {}), Weights()) == difference(joint(dear, dear, {}), Weights())


def test_what_was_agreed_takes_the_place_of_the_mean() -> None:
    found = joint(scores(1), scores(5), {"reach": 2})
    assert (found["reach"], found["goal_fit"]) == (Fraction(2), Fraction(3))


def test_the_weights_are_those_that_are_set() -> None:
    view = scores(1, time_criticality=5, comprehension_burden=5)
    assert difference(joint(view, view, {}), Weights(0, 100, 0)) == 100
    assert difference(joint(view, view, {}), Weights(100, 0, 0)) == 0


@given(views, views)
def test_it_lies_between_nothing_and_a_hundred_and_takes_no_side(
    one: dict[str, int], other: dict[str, int]
) -> None:
    found = difference(joint(one, other, {}), Weights())
    assert 0 <= found <= 100
    assert found == difference(joint(other, one, {}), Weights())
    assert divergences(one, other) == divergences(other, one)


@given(views, views, st.sampled_from([name for name in Dimension.values if name != "comprehension_burden"]))
def test_more_value_never_makes_it_less(one: dict[str, int], other: dict[str, int], name: str) -> None:
    more = {**one, name: min(one[name] + 1, 5)}
    before = difference(joint(one, other, {}), Weights())
    after = difference(joint(more, other, {}), Weights())
    assert after == before if name == "effort" else after >= before


@given(views, views)
def test_alignment_is_whole_only_where_both_say_the_same(one: dict[str, int], other: dict[str, int]) -> None:
    found = alignment(one, other)
    assert 0 <= found <= 1
    assert (found == 1) == (one == other)
