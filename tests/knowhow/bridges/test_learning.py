"""From whom one could learn what one wants to, and what to do where nobody can teach it now."""

import pytest

from knowhow.bridges.learning import NAMED, Way, ways
from knowhow.bridges.mentoring import answer_pair, pairs_of, propose_pair
from knowhow.bridges.openness import choose
from knowhow.bridges.pairing import MOST_LEARNERS
from knowhow.models import PersonSkill, Skill
from teams.models import Person, Side
from tests.factories import give_skill, make_person, make_skill, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> Person:
    return make_person(make_team(Side.MARKETING))


@pytest.fixture
def sql(learner: Person) -> Skill:
    skill = make_skill(name="SQL")
    give_skill(learner, skill, 1, wants=True)
    return skill


def who(name: str, skill: Skill, level: int, *, teaches: bool = False) -> Person:
    person = make_person(make_team(Side.IT), name=name)
    give_skill(person, skill, level, teaches=teaches)
    return person


def way_of(learner: Person) -> Way:
    (way,) = ways(learner, pairs_of(learner))
    return way


def names(rows: list[PersonSkill]) -> list[str]:
    return [row.person.name for row in rows]


def test_whoever_teaches_it_and_knows_more_can_be_asked(learner: Person, sql: Skill) -> None:
    who("Tom", sql, 4, teaches=True), who("Ida", sql, 1, teaches=True), who("Leo", sql, 4)
    way = way_of(learner)
    assert (names(way.mentors), way.is_taught, way.paired) == (["Tom"], True, [])


def test_where_all_who_teach_it_are_full_that_is_said(learner: Person, sql: Skill) -> None:
    tom = who("Tom", sql, 4, teaches=True)
    for _n in range(MOST_LEARNERS):
        propose_pair(tom.pk, make_person(make_team()).pk, sql.pk, by=tom)
    way = way_of(learner)
    assert (way.mentors, way.is_taught, names(way.masters)) == ([], True, ["Tom"])


def test_where_nobody_passes_it_on_those_are_named_who_do_it_on_their_own(
    learner: Person, sql: Skill
) -> None:
    for name in "DBCA":
        who(name, sql, 3)
    who("Helped", sql, 2)
    hidden = who("Aaron", sql, 4)
    choose({"skills": "nobody"}, by=hidden)
    way = way_of(learner)
    assert (way.mentors, way.is_taught) == ([], False)
    assert names(way.masters) == ["A", "B", "C"][:NAMED]


def test_with_whom_one_is_brought_together_is_told_as_long_as_that_stands(
    learner: Person, sql: Skill
) -> None:
    tom = who("Tom", sql, 4, teaches=True)
    pair = propose_pair(tom.pk, learner.pk, sql.pk, by=None)
    way = way_of(learner)
    assert (way.mentors, way.paired) == ([], [pair])
    answer_pair(pair.pk, False, by=learner)
    assert (way_of(learner).mentors, way_of(learner).paired) == ([], [])


def test_what_one_does_not_want_has_no_way(learner: Person) -> None:
    give_skill(learner, make_skill(), 3)
    assert ways(learner, []) == []
