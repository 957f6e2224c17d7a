"""Matching of mentors and learners: within the rules, as many as possible, at the least cost."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowhow.bridges.pairing import (
    COST_OF_KNOWN_PAIR,
    COST_PER_LEARNER,
    FORBIDDEN,
    LEAST_AHEAD,
    MOST_LEARNERS,
    Pair,
    Somebody,
    _best,
    _extra,
    may_pair,
    pairs,
)

IT, MARKETING = frozenset({"it"}), frozenset({"marketing"})
BOTH = IT | MARKETING
SQL, CONSENT = 1, 2


def test_the_example_of_the_docs() -> None:
    """docs/skills.md: Ada teaches SQL at 4, Ben at 3; Cleo wants it from 2, Dana from 0."""
    ada, ben = Somebody(1, IT, {SQL: 4}), Somebody(2, IT, {SQL: 3})
    cleo, dana = Somebody(3, MARKETING, {SQL: 2}), Somebody(4, MARKETING, {SQL: 0})
    assert pairs([ada, ben], [cleo, dana]) == [Pair(1, 3, SQL), Pair(2, 4, SQL)]


@pytest.mark.parametrize(
    ("mentor", "learner", "fits"),
    [
        (IT, MARKETING, True),
        (MARKETING, IT, True),
        (BOTH, IT, True),
        (IT, IT, False),
        (IT, BOTH, False),
        (frozenset(), IT, False),
        (IT, frozenset(), True),
    ],
)
def test_only_across_the_sides(mentor: frozenset[str], learner: frozenset[str], fits: bool) -> None:
    assert may_pair(Somebody(1, mentor), Somebody(2, learner)) is fits


def test_nobody_teaches_themselves() -> None:
    assert pairs([Somebody(1, BOTH, {SQL: 4})], [Somebody(1, IT, {SQL: 0})]) == []


def test_who_is_not_ahead_is_no_mentor() -> None:
    assert pairs([Somebody(1, IT, {SQL: 2})], [Somebody(2, MARKETING, {SQL: 2})]) == []


def test_what_was_proposed_before_is_never_proposed_again() -> None:
    mentor, learner = Somebody(1, IT, {SQL: 4, CONSENT: 3}), Somebody(2, MARKETING, {SQL: 2, CONSENT: 0})
    assert pairs([mentor], [learner]) == [Pair(1, 2, SQL)]
    assert pairs([mentor], [learner], [Pair(1, 2, SQL)]) == [Pair(1, 2, CONSENT)]
    assert pairs([mentor], [learner], [Pair(1, 2, SQL), Pair(1, 2, CONSENT)]) == []


def test_a_new_acquaintance_comes_before_a_known_one() -> None:
    known, fresh = Somebody(1, IT, {SQL: 4}), Somebody(2, IT, {SQL: 4})
    learner = Somebody(3, MARKETING, {SQL: 2})
    assert pairs([known, fresh], [learner], [Pair(1, 3, CONSENT)]) == [Pair(2, 3, SQL)]


def test_who_has_learners_already_comes_later_and_has_an_end() -> None:
    busy, free = Somebody(1, IT, {SQL: 4}, load=1), Somebody(2, IT, {SQL: 4})
    learner = Somebody(3, MARKETING, {SQL: 2})
    assert pairs([busy, free], [learner]) == [Pair(2, 3, SQL)]
    assert pairs([Somebody(1, IT, {SQL: 4}, load=MOST_LEARNERS)], [learner]) == []


SIDES = st.sampled_from([IT, MARKETING, BOTH, frozenset[str]()])


@st.composite
def people(draw: st.DrawFn, first: int) -> list[Somebody]:
    found = []
    for n in range(draw(st.integers(0, 4))):
        skills = draw(st.dictionaries(st.integers(1, 3), st.integers(0, 4), max_size=3))
        found.append(Somebody(first + n, draw(SIDES), skills, draw(st.integers(0, MOST_LEARNERS))))
    return found


EARLIER = st.lists(st.builds(Pair, st.integers(1, 4), st.integers(3, 8), st.integers(1, 3)), max_size=4)


# Some people are both: the numbers of mentors and learners overlap.
@given(people(1), people(3), EARLIER)
@settings(max_examples=150, deadline=None)
def test_every_match_keeps_the_rules(
    mentors: list[Somebody], learners: list[Somebody], earlier: list[Pair]
) -> None:
    found = pairs(mentors, learners, earlier)
    teaching, learning = ({one.person: one for one in people} for people in (mentors, learners))
    assert len({pair.learner for pair in found}) == len(found)
    for pair in found:
        mentor, learner = teaching[pair.mentor], learning[pair.learner]
        assert may_pair(mentor, learner)
        assert mentor.skills[pair.skill] - learner.skills[pair.skill] >= LEAST_AHEAD
        assert pair not in earlier
    for mentor in mentors:
        taken = sum(pair.mentor == mentor.person for pair in found)
        assert taken == 0 or mentor.load + taken <= MOST_LEARNERS


@given(people(1), people(3), EARLIER, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_people_does_not_matter(
    mentors: list[Somebody], learners: list[Somebody], earlier: list[Pair], random: st.DataObject
) -> None:
    expected = pairs(mentors, learners, earlier)
    random.shuffle(mentors)  # type: ignore[attr-defined]
    random.shuffle(learners)  # type: ignore[attr-defined]
    assert pairs(mentors, learners, earlier) == expected


@given(people(1), people(3), EARLIER)
@settings(max_examples=80, deadline=None)
def test_no_other_assignment_is_better(
    mentors: list[Somebody], learners: list[Somebody], earlier: list[Pair]
) -> None:
    """Against trying all of them: as many pairs, at the same cost."""
    learners = learners[:3]
    assert cost_of(pairs(mentors, learners, earlier), mentors, learners, earlier) == pytest.approx(
        least_cost(mentors, learners, earlier)
    )


def places_of(mentors: list[Somebody]) -> list[tuple[Somebody, int]]:
    return [(one, taken) for one in mentors for taken in range(one.load, MOST_LEARNERS) if one.skills]


def one_cost(place: tuple[Somebody, int] | None, learner: Somebody, earlier: list[Pair]) -> float:
    found = _best(place[0], learner, set(earlier)) if place else None
    known = {(pair.mentor, pair.learner) for pair in earlier}
    return FORBIDDEN if found is None or place is None else found[0] + _extra(*place, learner, known)


def least_cost(mentors: list[Somebody], learners: list[Somebody], earlier: list[Pair]) -> float:
    places: list[tuple[Somebody, int] | None] = [*places_of(mentors), *([None] * len(learners))]
    tried = (
        sum(one_cost(place, learner, earlier) for place, learner in zip(chosen, learners, strict=True))
        for chosen in permutations(places, len(learners))
    )
    return min(tried, default=0.0)


def cost_of(
    found: list[Pair], mentors: list[Somebody], learners: list[Somebody], earlier: list[Pair]
) -> float:
    known = {(pair.mentor, pair.learner) for pair in earlier}
    loads = {mentor.person: mentor.load for mentor in mentors}
    teaching, learning = ({one.person: one for one in people} for people in (mentors, learners))
    total = FORBIDDEN * (len(learners) - len(found))
    for pair in found:
        ahead = teaching[pair.mentor].skills[pair.skill] - learning[pair.learner].skills[pair.skill]
        met = COST_OF_KNOWN_PAIR if (pair.mentor, pair.learner) in known else 0
        total += abs(ahead - 2) + COST_PER_LEARNER * loads[pair.mentor] + met
        loads[pair.mentor] += 1
    return total
