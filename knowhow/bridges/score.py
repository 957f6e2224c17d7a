"""How far somebody is at home on both sides, as one pure function that opens to its parts.

100 = 40 skills + 30 tandem + 15 exchanges + 15 questions; docs/skills.md computes one by hand. It is for the
person themselves, and for leads where the person agrees. Nothing here compares two people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from teams.models import Side

BEST_SKILLS = 3
HIGHEST_LEVEL = 4


class Part(StrEnum):
    SKILLS = "skills"
    TANDEM = "tandem"
    EXCHANGES = "exchanges"
    QUESTIONS = "questions"


MOST = {Part.SKILLS: 40, Part.TANDEM: 30, Part.EXCHANGES: 15, Part.QUESTIONS: 15}
POINTS_PER_REQUEST = 6
POINTS_PER_TAUGHT = 5
POINTS_PER_ATTENDED = 2
POINTS_PER_ANSWER = 3


@dataclass(frozen=True)
class Known:
    """A skill that somebody has: whose home it is (marketing, it, other), and the level from 0 to 4."""

    name: str
    side: str
    level: int


@dataclass(frozen=True)
class Evidence:
    """What speaks for somebody: skills, and the ids of what they did."""

    skills: tuple[Known, ...] = ()
    tandem: tuple[int, ...] = ()
    taught: tuple[int, ...] = ()
    attended: tuple[int, ...] = ()
    answered: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """One part of a score: ``points`` of at most ``most``."""

    part: Part
    points: int
    most: int


@dataclass(frozen=True)
class Score:
    """0 to 100, and what it consists of."""

    pieces: tuple[Piece, ...]
    evidence: Evidence

    @property
    def total(self) -> int:
        return sum(piece.points for piece in self.pieces)


def bridge_score(evidence: Evidence) -> Score:
    """The score that follows from ``evidence``; every part grows with it and stops at its most."""
    exchanges = POINTS_PER_TAUGHT * len(evidence.taught) + POINTS_PER_ATTENDED * len(evidence.attended)
    points = {
        Part.SKILLS: _skills(evidence.skills),
        Part.TANDEM: POINTS_PER_REQUEST * len(evidence.tandem),
        Part.EXCHANGES: exchanges,
        Part.QUESTIONS: POINTS_PER_ANSWER * len(evidence.answered),
    }
    pieces = tuple(Piece(part, min(points[part], most), most) for part, most in MOST.items())
    return Score(pieces, evidence)


def strength(skills: Iterable[Known], side: str) -> int:
    """The sum of the three highest levels of a side's skills: 0 to 12."""
    levels = sorted((skill.level for skill in skills if skill.side == side), reverse=True)
    return sum(levels[:BEST_SKILLS])


def _skills(skills: tuple[Known, ...]) -> int:
    """The weaker side decides: who is strong on one side alone is no bridge."""
    weaker = min(strength(skills, Side.MARKETING), strength(skills, Side.IT))
    return MOST[Part.SKILLS] * weaker // (BEST_SKILLS * HIGHEST_LEVEL)
