"""Who could become a bridge."""

import pytest

from knowhow.bridges.potentials import Held, Potential, is_bridge, potential

IT_STRONG = (Held(1, "it", 3), Held(2, "it", 4))
MARKETING_STRONG = (Held(3, "marketing", 4), Held(4, "marketing", 3))
WISH = Held(5, "marketing", 1, wants=True)


def test_strong_on_one_side_and_wanting_the_other() -> None:
    assert potential((*IT_STRONG, WISH)) == Potential("it", (1, 2), (5,))
    other_way = (*MARKETING_STRONG, Held(6, "it", 0, wants=True))
    assert potential(other_way) == Potential("marketing", (3, 4), (6,))


@pytest.mark.parametrize(
    "held",
    [
        (),
        IT_STRONG,
        (IT_STRONG[0], WISH),
        (*IT_STRONG, Held(5, "it", 1, wants=True)),
        (*IT_STRONG, Held(5, "other", 1, wants=True)),
        (*IT_STRONG, Held(5, "marketing", 3, wants=True)),
        (*IT_STRONG, *MARKETING_STRONG, WISH),
    ],
)
def test_everybody_else_is_none(held: tuple[Held, ...]) -> None:
    assert potential(held) is None


def test_who_is_strong_on_both_sides_is_a_bridge() -> None:
    assert is_bridge((*IT_STRONG, *MARKETING_STRONG))
    assert not is_bridge((*IT_STRONG, MARKETING_STRONG[0]))
