"""Who could host what is wished for, and what attending gives."""

import pytest

from knowhow.exchanges.topics import MOST_ASKED, could_host, learnt_by
from teams.models import Side
from tests.factories import make_person, make_team
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


def test_only_a_few_are_asked() -> None:
    for _host in range(MOST_ASKED + 2):
        make_exchange(days=-3, topic="SQL")
    assert len(could_host(make_proposal(topic="SQL"))) == MOST_ASKED


def test_what_one_attended_about_a_topic_is_learnt_the_last_first() -> None:
    person = make_person()
    early, late = make_exchange(days=-9, topic="SQL"), make_exchange(days=-3, topic="Consent")
    seat(early, person, attended=True, answer="partly")
    seat(late, person, attended=True)
    seat(make_exchange(days=-3, topic="CRM"), person, attended=False)
    seat(make_exchange(days=-3), person, attended=True)
    found = [(one.topic, one.exchange, one.answer) for one in learnt_by(person)]
    assert found == [("Consent", late, ""), ("SQL", early, "partly")]
