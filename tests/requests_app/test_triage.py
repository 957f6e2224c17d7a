"""The queue of new requests."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests_app.choices import Status
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
URL = "/triage/"


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, language="en")


@pytest.fixture
def signed_in(client: Client, tom: Person) -> Client:
    client.force_login(tom)
    return client


def test_it_invites_where_nothing_waits(signed_in: Client) -> None:
    assert "Nothing is waiting" in signed_in.get(URL).content.decode()


def test_it_shows_what_the_own_team_could_serve(signed_in: Client, team: Team) -> None:
    make_request(serving_team=team, title="Ours")
    make_request(serving_team=None, title="Nobody's")
    make_request(title="Theirs")
    make_request(Status.SHAPING, serving_team=team, title="Shaped")
    page = signed_in.get(URL).content.decode()
    assert "Ours" in page
    assert "Nobody&#x27;s" in page
    assert "Theirs" not in page
    assert "Shaped" not in page
    assert "Theirs" in signed_in.get(URL, {"scope": "all"}).content.decode()


def test_it_shows_the_chosen_request_and_its_neighbours(signed_in: Client, team: Team) -> None:
    first, second, third = (make_request(serving_team=team, outcome=f"Outcome {n}") for n in range(3))
    page = signed_in.get(URL, {"request": second.number}).content.decode()
    assert "Outcome 1" in page
    assert f"?request={first.number}" in page
    assert f"?request={third.number}" in page


@pytest.mark.parametrize("wanted", ["x", "0", "-1", "9" * 40, "12\0"])
def test_an_unknown_choice_shows_the_first(signed_in: Client, team: Team, wanted: str) -> None:
    make_request(serving_team=team, outcome="The first outcome")
    assert "The first outcome" in signed_in.get(URL, {"request": wanted}).content.decode()


def test_one_press_takes_a_request(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(serving_team=None, it_owner=None)
    page = signed_in.get(URL).content.decode()
    assert f'name="it_owner" value="{tom.pk}"' in page
    data = {"it_owner": tom.pk, "serving_team": team.pk, "version": request.version, "back": "triage"}
    answer = signed_in.post(f"/requests/{request.number}/actions/assign/", data)
    request.refresh_from_db()
    assert (request.serving_team, request.it_owner) == (team, tom)
    assert answer["Location"] == URL


def test_it_offers_no_taking_to_marketing(client: Client, team: Team) -> None:
    make_request(serving_team=team, it_owner=None)
    client.force_login(make_person(make_team(Side.MARKETING), language="en"))
    assert 'name="it_owner"' not in client.get(URL).content.decode()


def test_it_hides_restricted_requests(client: Client) -> None:
    make_request(restricted=True, title="Secret plan")
    client.force_login(make_person(make_team(Side.IT)))
    assert "Secret plan" not in client.get(URL, {"scope": "all"}).content.decode()
    client.force_login(make_admin())
    assert "Secret plan" in client.get(URL, {"scope": "all"}).content.decode()


@pytest.mark.parametrize("waiting", [1, 15])
def test_its_queries_do_not_grow(
    signed_in: Client, team: Team, waiting: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(waiting):
        make_request(serving_team=team)
    with django_assert_max_num_queries(12):
        signed_in.get(URL)
