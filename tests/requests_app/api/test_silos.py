"""What joins the sides, by machine: the touchpoint map, bridges and potentials."""

from typing import Any

import pytest
from django.test import Client

from knowhow.bridges.openness import choose
from requests_app.models import Request
from teams.models import Person, Side, Touchpoint
from tests.api_client import machine, send
from tests.factories import (
    give_skill,
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_skill,
    make_solution,
    make_team,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Touchpoint:
    Touchpoint.objects.all().delete()
    return make_touchpoint(slug="till", name_en="Till", name_de="Kasse", phase="buy")


def at_the_till(client: Client) -> dict[str, Any]:
    phases = send(client, "get", "touchpoints/").json()["phases"]
    (place,) = [place for phase in phases for place in phase["touchpoints"]]
    return dict(place)


def wish(till: Touchpoint, **fields: Any) -> Request:
    request = make_request(**fields)
    request.touchpoints.add(till)
    return request


def test_the_map_has_the_whole_journey_with_what_stands_at_each_place(till: Touchpoint) -> None:
    goal, scanner = make_goal(title="Fewer queues"), make_solution(title="Scanner")
    scanner.touchpoints.add(till)
    wish(till, goal=goal)
    me = machine(make_person())
    labels = [phase["label"] for phase in send(me, "get", "touchpoints/").json()["phases"]]
    assert labels == ["Discover", "Choose", "Buy", "Use", "Stay"]
    assert at_the_till(me) == {
        "touchpoint": "till",
        "name": "Till",
        "tools": [{"slug": scanner.slug, "title": "Scanner", "status": scanner.status}],
        "leaving": [],
        "wishes": 1,
        "goals": [{"id": goal.pk, "title": "Fewer queues"}],
        "gap": "",
    }


def test_a_hidden_wish_counts_for_nobody_who_may_not_see_it(till: Touchpoint) -> None:
    hidden = wish(till, restricted=True, goal=make_goal(title="Secret"))
    assert at_the_till(machine(make_person()))["wishes"] == 0
    assert at_the_till(machine(make_person()))["goals"] == []
    assert hidden.requester
    seen = at_the_till(machine(hidden.requester))
    assert (seen["wishes"], seen["gap"]) == (1, "unserved")


def test_a_map_that_one_holds_already_is_not_sent_again(till: Touchpoint) -> None:
    me = machine(make_person())
    tag = send(me, "get", "touchpoints/").headers["ETag"]
    assert send(me, "get", "touchpoints/", if_none_match=tag).status_code == 304
    wish(till)
    assert send(me, "get", "touchpoints/", if_none_match=tag).status_code == 200


def strong_in_it(**fields: Any) -> Person:
    person = make_person(make_team(Side.IT), **fields)
    for _n in range(2):
        give_skill(person, make_skill(Side.IT), 3)
    give_skill(person, make_skill(Side.MARKETING), 1, wants=True)
    return person


def test_leads_and_administrators_see_those_who_agreed_and_nobody_else_does() -> None:
    person = strong_in_it(name="Ada")
    strong_in_it(name="Silent")
    choose({"bridge": True}, by=person)
    for reader in (make_person(lead_of=make_team()), make_admin()):
        body = send(machine(reader), "get", "bridges/").json()
        assert [one["person"]["name"] for one in body["potentials"]] == ["Ada"]
        assert body["bridges"] == []
    for reader in (make_person(make_team()), person):
        assert send(machine(reader), "get", "bridges/").status_code == 404


def test_ones_own_potential_names_skills_and_the_next_step() -> None:
    person, mentor = strong_in_it(), make_person(make_team(Side.MARKETING), name="Zoe")
    own = send(machine(person), "get", "me/potential/").json()["potential"]
    assert (own["side"], len(own["strong"]), own["next_step"]) == ("it", 2, None)
    (wanted,) = own["wanted"]
    give_skill(mentor, person.skills.get(skill=wanted).skill, 4, teaches=True)
    step = send(machine(person), "get", "me/potential/").json()["potential"]["next_step"]
    assert (step["skill"], step["mentor"]["name"], step["exchange"]) == (wanted, "Zoe", None)


def test_who_could_become_none_is_told_so() -> None:
    assert send(machine(make_person()), "get", "me/potential/").json() == {"potential": None}
