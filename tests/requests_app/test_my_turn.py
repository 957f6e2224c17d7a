"""Whose turn it is, asked by one person: `RequestQuerySet.my_turn`."""

import pytest

from requests_app.choices import Status, Turn, WaitingFor
from requests_app.models import Request
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def waiting(person: Person) -> set[Request]:
    return set(Request.objects.my_turn(person))


@pytest.fixture
def crm() -> Team:
    return make_team()


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING)


def test_it_is_the_turn_of_who_holds_the_seat(crm: Team, campaigns: Team) -> None:
    mira, tom = make_person(campaigns), make_person(crm)
    review = make_request(Status.IN_REVIEW, marketing_owner=mira, it_owner=tom)
    ready = make_request(Status.READY, marketing_owner=mira, it_owner=tom)
    assert waiting(mira) == {review}
    assert waiting(tom) == {ready}


def test_it_is_not_the_leads_turn_where_the_seat_is_taken(crm: Team, campaigns: Team) -> None:
    make_request(Status.READY, serving_team=crm, requesting_team=campaigns)
    make_request(Status.IN_REVIEW, serving_team=crm, requesting_team=campaigns)
    assert waiting(make_person(lead_of=crm)) == set()
    assert waiting(make_person(lead_of=campaigns)) == set()


def test_an_empty_seat_of_it_is_the_turn_of_the_serving_teams_leads(crm: Team) -> None:
    row = make_request(serving_team=crm)
    assert waiting(make_person(lead_of=crm)) == {row}
    assert waiting(make_person(crm)) == set()
    assert waiting(make_person(lead_of=make_team())) == set()


def test_an_empty_seat_of_marketing_is_the_turn_of_the_requesting_teams_leads(campaigns: Team) -> None:
    row = make_request(marketing_owner=None, requesting_team=campaigns)
    assert row.turn == Turn.MARKETING
    assert waiting(make_person(lead_of=campaigns)) == {row}
    assert row.requester is not None
    assert waiting(row.requester) == set()
    assert waiting(make_person(lead_of=make_team(Side.MARKETING))) == set()


def test_from_side_other_it_is_also_the_requesters_turn() -> None:
    store = make_team(Side.OTHER)
    anna = make_person(store)
    row = make_request(requester=anna, requesting_team=store, marketing_owner=None)
    assert waiting(anna) == {row}
    assert waiting(make_person(lead_of=store)) == {row}
    assert waiting(make_person(store)) == set()


def test_without_a_serving_team_it_is_the_turn_of_all_it_leads(campaigns: Team) -> None:
    row = make_request(serving_team=None)
    assert row.turn == Turn.IT
    assert waiting(make_person(lead_of=make_team())) == {row}
    assert waiting(make_person(make_team())) == set()
    assert waiting(make_person(lead_of=campaigns)) == set()


def test_a_blocked_request_is_the_turn_of_the_side_that_is_named(crm: Team, campaigns: Team) -> None:
    mira, tom = make_person(campaigns), make_person(crm)
    people = {"marketing_owner": mira, "it_owner": tom, "blocked_reason": "A decision is missing."}
    row = make_request(Status.IN_PROGRESS, waiting_for=WaitingFor.MARKETING, **people)
    make_request(Status.IN_PROGRESS, waiting_for=WaitingFor.OUTSIDE, **people)
    assert waiting(mira) == {row}
    assert waiting(tom) == set()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.DONE, Status.PARKED, Status.DECLINED])
def test_nothing_waits_in_a_request_that_is_not_open(status: Status, campaigns: Team) -> None:
    mira = make_person(lead_of=campaigns)
    make_request(status, marketing_owner=mira, requester=mira, requesting_team=campaigns)
    assert waiting(mira) == set()


def test_an_admin_is_not_asked_for_every_empty_seat() -> None:
    make_request(serving_team=None)
    assert waiting(make_admin()) == set()


def test_nothing_hidden_waits_for_anybody(crm: Team) -> None:
    lead = make_person(lead_of=crm)
    row = make_request(serving_team=crm, restricted=True)
    assert waiting(lead) == {row}
    lead.is_active = False
    assert waiting(lead) == set()
