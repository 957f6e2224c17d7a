"""Who could host what is wished for, and what attending gives."""

import pytest

from activity import clock
from knowhow.bridges.models import Openness
from knowhow.exchanges.topics import MOST_ASKED, could_host
from knowhow.skills.models import Skill
from teams.models import Person, Side
from tests.factories import give_skill, make_person, make_skill, make_team
from tests.knowhow.exchanges.making import make_exchange, make_proposal, seat

pytestmark = pytest.mark.django_db


def test_whoever_taught_it_most_comes_first_then_who_learnt_it() -> None:
    once, twice = make_person(name="Ada"), make_person(name="Zoe")
    exchanges = [make_exchange(host, days=-3, topic="SQL") for host in (once, twice, twice)]
    learner = seat(exchanges[0], attended=True, answer="yes").person
    seat(exchanges[0], attended=True, answer="no")
    seat(exchanges[1], attended=True)
    found = could_host(make_proposal(topic="sql"))
    assert [(one.person, one.taught, one.learnt) for one in found] == [
        (twice, 2, 0),
        (once, 1, 0),
        (learner, 0, 1),
    ]


def test_what_is_still_to_come_was_cancelled_or_is_about_something_else_does_not_count() -> None:
    make_exchange(topic="SQL")
    make_exchange(days=-3, topic="SQL", cancelled_at=make_exchange().created_at)
    make_exchange(days=-3, topic="SQL for two")
    make_exchange(make_person(is_active=False), days=-3, topic="SQL")
    assert could_host(make_proposal(topic="SQL")) == []


def test_not_who_asks_and_without_a_topic_nobody() -> None:
    asking = make_person()
    make_exchange(asking, days=-3, topic="SQL")
    make_exchange(days=-3)
    assert could_host(make_proposal(asking, topic="SQL")) == []
    assert could_host(make_proposal(topic="")) == []


def test_a_day_of_job_shadowing_is_offered_by_the_other_side() -> None:
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    other, same, both = make_person(it), make_person(marketing), make_person(it, marketing)
    for host in (other, same, both):
        make_exchange(host, days=-3, topic="CRM")
    proposal = make_proposal(make_person(marketing), topic="CRM", kind="shadowing")
    assert {one.person for one in could_host(proposal)} == {other, both}


def test_a_topic_that_begins_with_an_umlaut_is_known_again() -> None:
    exchange = make_exchange(days=-3, topic="Übersetzen")
    assert [one.person for one in could_host(make_proposal(topic="Übersetzen"))] == [exchange.host]


def test_only_a_few_are_asked() -> None:
    for _host in range(MOST_ASKED + 2):
        make_exchange(days=-3, topic="SQL")
    assert len(could_host(make_proposal(topic="SQL"))) == MOST_ASKED


def able(skill: Skill, level: int, person: Person | None = None, **fields: bool) -> Person:
    """Somebody with ``skill`` in their profile."""
    return give_skill(person or make_person(), skill, level, **fields).person


def test_the_directory_names_those_who_teach_it_then_those_who_can_do_it_well() -> None:
    skill = make_skill(Side.IT, "queries", name_en="SQL", name_de="SQL")
    good, teacher = able(skill, 4), able(skill, 2, teaches=True)
    able(skill, 2)
    hosted = make_exchange(days=-3, topic="Queries").host
    found = could_host(make_proposal(topic="queries"))
    assert [(one.person, one.level, one.teaches, one.taught) for one in found] == [
        (teacher, 2, True, 0),
        (good, 4, False, 0),
        (hosted, 0, False, 1),
    ]


def test_what_somebody_does_not_show_to_all_names_nobody() -> None:
    skill = make_skill(name_en="SQL", name_de="SQL")
    shy = able(skill, 4)
    Openness.objects.create(person=shy, skills=Openness.Readers.LEADS, changed_at=clock.now())
    able(skill, 4, make_person(is_active=False))
    assert could_host(make_proposal(topic="SQL")) == []
