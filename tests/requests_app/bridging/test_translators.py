"""Who could translate for a request: who may see it, and shows what they can."""

from typing import Any

import pytest

from knowhow.bridges.openness import choose
from knowhow.models import Openness, Skill
from requests_app.bridging.translators import invitation_words, who_could_translate
from requests_app.models import Request
from teams.models import Person, Side
from tests.factories import give_skill, holder, make_person, make_request, make_skill, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def skills() -> tuple[Skill, Skill]:
    return make_skill(Side.MARKETING, name="Newsletter"), make_skill(Side.IT, name="Abfragen")


def bridge(skills: tuple[Skill, Skill], **fields: Any) -> Person:
    person = make_person(make_team(Side.MARKETING), **fields)
    for skill in skills:
        give_skill(person, skill, 3)
    return person


def names(request: Request, reader: Person) -> list[str]:
    return [one.person.name for one in who_could_translate(request, reader)[1]]


def test_who_knows_both_sides_of_it(skills: tuple[Skill, Skill]) -> None:
    request = make_request(title="Newsletter mit Abfragen")
    person = bridge(skills, name="Priya")
    give_skill(make_person(make_team(Side.IT), name="Only IT"), skills[1], 4)
    subject, (named,) = who_could_translate(request, make_person())
    assert (named.person, named.skills, named.homes, named.is_in) == (person, skills, ("marketing",), False)
    assert set(subject.skills.values()) == set(skills)


def test_not_oneself_and_not_who_has_left(skills: tuple[Skill, Skill]) -> None:
    request = make_request(title="Newsletter mit Abfragen")
    bridge(skills, is_active=False)
    assert names(request, bridge(skills)) == []


def test_what_is_hidden_speaks_for_nobody(skills: tuple[Skill, Skill]) -> None:
    request = make_request(title="Newsletter mit Abfragen")
    person = bridge(skills, name="Priya")
    choose({"skills": Openness.Readers.LEADS}, by=person)
    assert names(request, make_person()) == []
    assert names(request, make_person(lead_of=make_team())) == ["Priya"]


def test_of_a_restricted_request_only_those_who_see_it(skills: tuple[Skill, Skill]) -> None:
    outside = bridge(skills, name="Outside")
    inside = bridge(skills, name="Inside")
    request = make_request(title="Newsletter mit Abfragen", restricted=True, it_owner=inside)
    assert outside.name not in names(request, holder(request.requester))
    assert names(request, holder(request.requester)) == ["Inside"]


def test_they_are_asked_in_their_own_language(skills: tuple[Skill, Skill]) -> None:
    request = make_request(title="Newsletter mit Abfragen")
    bridge(skills, language="en")
    _subject, (named,) = who_could_translate(request, make_person(language="de"))
    words = invitation_words(named, make_person(language="de"))
    assert words == "could you translate between both sides here? You know Newsletter, Abfragen."


def test_the_queries_do_not_grow_with_the_people(
    skills: tuple[Skill, Skill], django_assert_max_num_queries: object
) -> None:
    request, reader = make_request(title="Newsletter mit Abfragen"), make_person()
    for _n in range(8):
        bridge(skills)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert len(names(request, reader)) == 3
