"""Who could translate between the sides about a subject; pure. Three are named, in no order of merit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from teams.models import Side
from teams.words import letters

NAMED = 3
# Somebody who knows the basics can explain; who has only heard of it cannot.
LEAST_LEVEL = 2
# Being at home on a side helps where the subject names nothing of it, less than knowing the matter.
HOME = 1
SIDES = (Side.MARKETING.value, Side.IT.value)


@dataclass(frozen=True)
class Knower:
    """Somebody with their sides and levels by skill."""

    person: int
    name: str
    sides: frozenset[str]
    levels: dict[int, int]


@dataclass(frozen=True)
class Translator:
    """``knows``: the skills of the subject that speak for them; ``homes``: the sides they are at home on."""

    person: int
    name: str
    knows: tuple[int, ...]
    homes: tuple[str, ...]


def translators(subject: Mapping[int, str], people: Iterable[Knower]) -> list[Translator]:
    """Up to three of ``people`` who know both sides of ``subject`` (skill to its side), by name.

    Who knows the matter better on their weaker side is chosen first.
    """
    rated = [(_strengths(subject, knower), knower) for knower in people]
    fitting = [(values, knower) for values, knower in rated if min(values) > 0 and _knows(subject, knower)]
    fitting.sort(key=lambda one: (-min(one[0]), -sum(one[0]), one[1].name, one[1].person))
    named = [_told(subject, knower) for _values, knower in fitting[:NAMED]]
    return sorted(named, key=lambda one: (letters(one.name), one.person))


def _strengths(subject: Mapping[int, str], knower: Knower) -> list[int]:
    return [_strength(subject, knower, side) for side in SIDES]


def _strength(subject: Mapping[int, str], knower: Knower, side: str) -> int:
    """The best level in the subject's skills of ``side``, else HOME for who is at home there, else 0."""
    levels = [knower.levels.get(skill, 0) for skill, at in subject.items() if at == side]
    best = max(levels, default=0)
    if best >= LEAST_LEVEL:
        return best
    return HOME if side in knower.sides else 0


def _knows(subject: Mapping[int, str], knower: Knower) -> tuple[int, ...]:
    return tuple(skill for skill in subject if knower.levels.get(skill, 0) >= LEAST_LEVEL)


def _told(subject: Mapping[int, str], knower: Knower) -> Translator:
    homes = tuple(side for side in SIDES if side in knower.sides)
    return Translator(knower.person, knower.name, _knows(subject, knower), homes)
