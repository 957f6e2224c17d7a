"""Who could become a bridge, with a step that helps; leads see those who agreed."""

from datetime import timedelta
from typing import Any

import pytest

from activity import clock
from knowhow.bridges.openness import choose
from knowhow.models import Skill
from requests_app.bridging.growing import bridges_and_potentials, own_potential
from teams.models import Person, Side
from tests.factories import give_skill, make_person, make_request, make_skill, make_team
from tests.knowhow.bridges.meetings import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish() -> Skill:
    return make_skill(Side.MARKETING, name="Newsletter")


def strong_in_it(wish: Skill, **fields: Any) -> Person:
    person = make_person(make_team(Side.IT), **fields)
    for _n in range(2):
        give_skill(person, make_skill(Side.IT), 3)
    give_skill(person, wish, 1, wants=True)
    return person


def test_a_mentor_of_the_other_side_the_next_exchange_and_a_request_to_join(wish: Skill) -> None:
    person = strong_in_it(wish)
    own_side = make_person(make_team(Side.IT), name="Ada")
    other_side = make_person(make_team(Side.MARKETING), name="Zoe")
    for mentor in (own_side, other_side):
        give_skill(mentor, wish, 4, teaches=True)
    make_request(title="Newsletter", restricted=True)
    request = make_request(title="Newsletter")
    held(make_person(), topic="Newsletter")
    held(person, topic="Newsletter", ended=clock.now() + timedelta(days=1))
    exchange = held(make_person(), topic="Newsletter", ended=clock.now() + timedelta(days=2))
    found = own_potential(person)
    assert found is not None
    assert found.step is not None
    assert (found.side, found.wanted, found.step.mentor) == ("it", (wish,), other_side)
    assert (found.step.exchange, found.step.request) == (exchange, request)


def test_ones_own_request_is_nothing_to_join(wish: Skill) -> None:
    person = strong_in_it(wish)
    make_request(title="Newsletter", it_owner=person)
    found = own_potential(person)
    assert found is not None
    assert found.step is None


def test_leads_see_those_who_agreed_by_name(wish: Skill) -> None:
    zoe, ada = strong_in_it(wish, name="Zoe"), strong_in_it(wish, name="Ada")
    strong_in_it(wish, name="Silent")
    both = strong_in_it(wish, name="Both")
    for _n in range(2):
        give_skill(both, make_skill(Side.MARKETING), 4)
    for person in (zoe, ada, both):
        choose({"bridge": True}, by=person)
    lead = make_person(lead_of=make_team())
    bridges, potentials = bridges_and_potentials(lead)
    assert [person.name for person in bridges] == ["Both"]
    assert [one.person.name for one in potentials] == ["Ada", "Zoe"]
    choose({"bridge": False}, by=ada)
    assert [one.person.name for one in bridges_and_potentials(lead)[1]] == ["Zoe"]


def test_what_somebody_shows_to_nobody_is_told_to_no_lead_either(wish: Skill) -> None:
    person, lead = strong_in_it(wish), make_person(lead_of=make_team())
    both = strong_in_it(wish)
    for _n in range(2):
        give_skill(both, make_skill(Side.MARKETING), 4)
    for one in (person, both):
        choose({"bridge": True, "skills": "nobody"}, by=one)
    assert bridges_and_potentials(lead) == ([], [])
    choose({"skills": "leads"}, by=person)
    assert [one.person for one in bridges_and_potentials(lead)[1]] == [person]
    assert own_potential(person) is not None
