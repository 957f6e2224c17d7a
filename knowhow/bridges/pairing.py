"""Mentors and learners across the sides, matched as an assignment problem; pure.

docs/skills.md computes a small one by hand.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

# Whoever is two levels ahead still remembers how it was learnt.
BEST_AHEAD = 2
LEAST_AHEAD = 1
# So many learners at a time; open proposals count, too.
MOST_LEARNERS = 2
COST_PER_LEARNER = 1.0
COST_OF_KNOWN_PAIR = 2.0
# Above the sum of all that can be allowed, so that as many as possible find somebody.
FORBIDDEN = 1_000_000.0


@dataclass(frozen=True)
class Somebody:
    """A mentor with what they teach, or a learner with what they want: skill to own level.

    ``sides`` are those that the person is at home on; ``load`` how many learners a mentor has by now.
    """

    person: int
    sides: frozenset[str]
    skills: dict[int, int] = field(default_factory=dict)
    load: int = 0


@dataclass(frozen=True)
class Pair:
    mentor: int
    learner: int
    skill: int


def pairs(
    mentors: Sequence[Somebody], learners: Sequence[Somebody], earlier: Collection[Pair] = ()
) -> list[Pair]:
    """Each learner with at most one mentor of another side, as many as possible, at the least cost.

    Nobody is proposed a pair of ``earlier`` again, whatever became of it. Sorted by learner; the same for the
    same people in whatever order they come.
    """
    mentors = sorted(mentors, key=lambda one: one.person)
    learners = sorted(learners, key=lambda one: one.person)
    places = [
        (mentor, taken) for mentor in mentors for taken in range(mentor.load, MOST_LEARNERS) if mentor.skills
    ]
    if not places or not learners:
        return []
    known = {(pair.mentor, pair.learner) for pair in earlier}
    refused = set(earlier)
    best = _best_of_each([mentor for mentor, _taken in places], learners, refused)
    costs = [
        [
            FORBIDDEN if found is None else found[0] + _extra(mentor, taken, learner, known)
            for found, (mentor, taken) in zip(row, places, strict=True)
        ]
        for row, learner in zip(best, learners, strict=True)
    ]
    chosen = ((row, column, best[row][column]) for row, column in _assigned(costs))
    return [
        Pair(places[column][0].person, learners[row].person, found[1])
        for row, column, found in chosen
        if found is not None
    ]


def _best_of_each(
    mentors: Sequence[Somebody], learners: Sequence[Somebody], refused: Collection[Pair]
) -> list[list[tuple[float, int] | None]]:
    """For each learner and mentor their ``_best``; most teach nothing that the other wants."""
    teaching: dict[int, list[int]] = defaultdict(list)
    for place, mentor in enumerate(mentors):
        for skill in mentor.skills:
            teaching[skill].append(place)
    found: list[list[tuple[float, int] | None]] = [[None] * len(mentors) for _learner in learners]
    for row, learner in zip(found, learners, strict=True):
        for place in {place for skill in learner.skills for place in teaching[skill]}:
            row[place] = _best(mentors[place], learner, refused)
    return found


def may_pair(mentor: Somebody, learner: Somebody) -> bool:
    """Whether the mentor is at home on a side that the learner is not."""
    return mentor.person != learner.person and bool(mentor.sides - learner.sides)


def _best(mentor: Somebody, learner: Somebody, refused: Collection[Pair]) -> tuple[float, int] | None:
    """The least cost and the skill that has it, or None where the two cannot be paired."""
    if not may_pair(mentor, learner):
        return None
    costs = [
        (float(abs(mentor.skills[skill] - level - BEST_AHEAD)), skill)
        for skill, level in learner.skills.items()
        if skill in mentor.skills
        and mentor.skills[skill] - level >= LEAST_AHEAD
        and Pair(mentor.person, learner.person, skill) not in refused
    ]
    return min(costs, default=None)


def _extra(mentor: Somebody, taken: int, learner: Somebody, known: Collection[tuple[int, int]]) -> float:
    met = COST_OF_KNOWN_PAIR if (mentor.person, learner.person) in known else 0.0
    return taken * COST_PER_LEARNER + met


def _assigned(costs: list[list[float]]) -> list[tuple[int, int]]:
    # Takes a third of a second and 60 MB to import, and few processes ever match anybody.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
