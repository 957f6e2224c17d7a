"""Who could become a bridge: strong on one side and wanting the other; pure."""

from dataclasses import dataclass

from teams.models import Side

STRONG_LEVEL = 3
STRONG_SKILLS = 2
OTHER = {Side.MARKETING.value: Side.IT.value, Side.IT.value: Side.MARKETING.value}


@dataclass(frozen=True)
class Held:
    """One skill of somebody: its id, whose home it is, the level, and whether they want to learn it."""

    skill: int
    side: str
    level: int
    wants: bool = False


@dataclass(frozen=True)
class Potential:
    """``strong`` and ``wanted`` are skill ids; ``side`` is where somebody is strong."""

    side: str
    strong: tuple[int, ...]
    wanted: tuple[int, ...]


def potential(held: tuple[Held, ...]) -> Potential | None:
    """What somebody could become, or None.

    Strong: at least STRONG_SKILLS skills of a side at STRONG_LEVEL or more. Wanting: at least one skill of
    the other side that they want and do not master yet. Who is strong on both sides is a bridge already.
    """
    strong = {side: _strong(held, side) for side in OTHER}
    sides = [side for side in OTHER if len(strong[side]) >= STRONG_SKILLS]
    if len(sides) != 1:
        return None
    side = sides[0]
    wanted = tuple(
        one.skill for one in held if one.wants and one.side == OTHER[side] and one.level < STRONG_LEVEL
    )
    return Potential(side, strong[side], wanted) if wanted else None


def is_bridge(held: tuple[Held, ...]) -> bool:
    """Whether somebody is strong on both sides."""
    return all(len(_strong(held, side)) >= STRONG_SKILLS for side in OTHER)


def _strong(held: tuple[Held, ...], side: str) -> tuple[int, ...]:
    return tuple(one.skill for one in held if one.side == side and one.level >= STRONG_LEVEL)
