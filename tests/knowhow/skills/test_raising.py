"""Attending an exchange offers to raise the skill that it was about."""

from datetime import timedelta

import pytest

from activity import clock
from knowhow.exchanges.models import Answer, SignUp
from knowhow.models import Skill
from knowhow.skills import profile
from knowhow.skills.raising import HIGHEST_OFFERED, OFFERED_FOR, Offer, offer_after, offers
from knowhow.skills.reading import own_skills
from teams.models import Person, Side
from tests.factories import give_skill, make_person, make_skill
from tests.knowhow.bridges.meetings import held

pytestmark = pytest.mark.django_db
BEFORE = clock.now() - timedelta(days=5)


@pytest.fixture
def me() -> Person:
    return make_person()


@pytest.fixture
def skill() -> Skill:
    return make_skill(Side.IT, "abfragen", name="SQL")


def offered(person: Person) -> list[Offer]:
    return offers(person, own_skills(person, person))


def test_one_level_more_than_before_also_by_a_synonym(me: Person, skill: Skill) -> None:
    give_skill(me, skill, 1, changed_at=BEFORE)
    held(make_person(), me, topic="Abfragen", title="SQL for all")
    assert offered(me) == [Offer("SQL", 2, "SQL for all")]


def test_a_new_skill_begins_at_one_and_taking_it_ends_the_offer(me: Person, skill: Skill) -> None:
    held(make_person(), me, topic="SQL")
    (offer,) = offered(me)
    assert offer.words == "SQL 1"
    profile.add_skills(offer.words, by=me)
    assert offered(me) == []


def test_nothing_is_offered_that_makes_no_sense(me: Person, skill: Skill) -> None:
    long_ago = clock.now() - OFFERED_FOR - timedelta(days=1)
    held(make_person(), me, topic="SQL", ended=long_ago)
    held(make_person(), me, topic="Juggling")
    held(make_person(), me)
    assert offered(me) == []
    give_skill(me, skill, HIGHEST_OFFERED, changed_at=BEFORE)
    held(make_person(), me, topic="SQL")
    assert offered(me) == []


def test_who_said_not_yet_is_not_asked(me: Person, skill: Skill) -> None:
    exchange = held(make_person(), me, topic="SQL")
    SignUp.objects.filter(exchange=exchange).update(answer=Answer.NO)
    assert offered(me) == []


def test_the_page_of_the_exchange_offers_the_same_as_the_own_skills(me: Person, skill: Skill) -> None:
    """One rule: whatever the level, both places offer the next one, or neither offers any."""
    for level in (None, 0, 1, 2, 3, 4):
        guest = make_person()
        if level is not None:
            give_skill(guest, skill, level, changed_at=BEFORE)
        exchange = held(make_person(), guest, topic="Abfragen")
        there = offer_after(SignUp.objects.get(exchange=exchange, person=guest), exchange)
        assert offered(guest) == ([there] if there else [])
        assert (there is None) is (level is not None and level >= HIGHEST_OFFERED)


def test_the_page_offers_nothing_to_who_was_absent_or_where_the_topic_is_no_skill(me: Person) -> None:
    make_skill(Side.IT, name="SQL")
    exchange, other = (held(make_person(), me, topic=topic) for topic in ("SQL", "Knitting"))
    absent = SignUp(exchange=exchange, person=me, attended=False)
    assert offer_after(absent, exchange) is None
    assert offer_after(SignUp.objects.get(exchange=other), other) is None
    assert offer_after(SignUp.objects.get(exchange=exchange), exchange) == Offer("SQL", 1, exchange.title)
