"""The queue of new requests."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests_app.choices import Status
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
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


def test_one_press_takes_a_request_and_goes_on(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(serving_team=None, it_owner=None)
    other = make_request(serving_team=team)
    page = signed_in.get(URL).content.decode()
    assert f'action="/triage/{request.number}/take/"' in page
    data = {"team": team.pk, "queue": f"request={other.number}"}
    answer = signed_in.post(f"/triage/{request.number}/take/", data)
    request.refresh_from_db()
    assert (request.serving_team, request.it_owner) == (team, tom)
    assert answer["Location"] == f"{URL}?request={other.number}&undo={request.number}"
    page = signed_in.get(answer["Location"]).content.decode()
    assert f'action="/requests/{request.number}/actions/undo/"' in page
    assert f"You have taken T-{request.number}." in page


def test_what_was_taken_stays_and_is_said_to_be_ones_own(signed_in: Client, team: Team) -> None:
    request, other = make_request(serving_team=team, it_owner=None), make_request(serving_team=team)
    answer = signed_in.post(f"/triage/{request.number}/take/", {"queue": f"request={other.number}"})
    page = signed_in.get(answer["Location"]).content.decode()
    assert f"You have taken {request.key}. It stays in the queue" in page
    assert "you have it" in page


def test_what_was_decided_is_said_with_where_it_is_now(signed_in: Client, team: Team, tom: Person) -> None:
    first, second = (make_request(serving_team=team) for _ in range(2))
    perform("park", first.number, by=tom, inputs=Inputs(reason="No", revisit_on=date(2999, 1, 1)))
    page = signed_in.get(URL, {"request": second.number, "undo": first.number}).content.decode()
    assert f"{first.key}, {first.title}: now “Parked”." in page


def test_parking_without_a_team_is_a_button_that_says_what_misses(signed_in: Client) -> None:
    request = make_request(serving_team=None, it_owner=None)
    page = signed_in.get(URL, {"request": request.number}).content.decode()
    assert 'disabled aria-describedby="why-park"' in page
    assert 'id="why-park"' in page


def test_taking_what_somebody_has_says_who(signed_in: Client, team: Team) -> None:
    nora = make_person(team, name="Nora Weiss")
    request = make_request(serving_team=team, it_owner=nora)
    answer = signed_in.post(f"/triage/{request.number}/take/", {"queue": ""}, follow=True)
    assert f"Nora Weiss has taken T-{request.number} already." in answer.content.decode()
    page = signed_in.post(f"/triage/{request.number}/take/", headers={"HX-Request": "true"})
    assert page["HX-Retarget"] == "#triage"
    assert f"Nora Weiss has taken T-{request.number} already." in page.content.decode()
    request.refresh_from_db()
    assert request.it_owner == nora


@pytest.mark.parametrize("sent", ["x", "9" * 30, "-1", "1\0"])
def test_a_team_that_is_none_of_ones_own_is_not_taken_along(signed_in: Client, sent: str) -> None:
    request = make_request(serving_team=None, it_owner=None)
    for team in (sent, str(make_team(Side.IT).pk)):
        signed_in.post(f"/triage/{request.number}/take/", {"team": team})
        request.refresh_from_db()
        assert request.serving_team is None


def test_after_a_step_the_fragment_shows_the_next_request(signed_in: Client, team: Team) -> None:
    first, second = (make_request(serving_team=team, title=f"Wish {n}") for n in range(2))
    data = {"back": "triage", "queue": f"request={second.number}", "reason": "No", "revisit_on": "2999-01-01"}
    answer = signed_in.post(f"/requests/{first.number}/actions/park/", data, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer["HX-Retarget"] == "#triage"
    assert (
        json.loads(answer["HX-Trigger"])["tandem:toast"]["text"]
        == f"{first.key} is now “Parked”. Next: Wish 1"
    )
    assert f'data-one="{second.number}"' in page
    assert f"/requests/{first.number}/actions/undo/" in page
    assert "<html" not in page


def test_taking_a_step_back_leads_to_its_request(signed_in: Client, team: Team, tom: Person) -> None:
    first, second = (make_request(serving_team=team) for n in range(2))
    perform("park", first.number, by=tom, inputs=Inputs(reason="No", revisit_on=date(2999, 1, 1)))
    page = signed_in.get(URL, {"request": second.number, "undo": first.number}).content.decode()
    sent = re.search(r'name="queue" value="([^"]*)"', page)
    assert sent is not None
    data = {"back": "triage", "queue": sent[1]}
    answer = signed_in.post(f"/requests/{first.number}/actions/undo/", data)
    assert answer["Location"] == f"{URL}?request={first.number}"
    first.refresh_from_db()
    assert first.status == Status.SUBMITTED


def test_nobody_is_offered_to_undo_what_others_did(signed_in: Client, team: Team) -> None:
    request = make_request(serving_team=team)
    other = make_person(team)
    perform("park", request.number, by=other, inputs=Inputs(reason="No", revisit_on=date(2999, 1, 1)))
    make_request(serving_team=team)
    assert "actions/undo" not in signed_in.get(URL, {"undo": request.number}).content.decode()


def test_a_question_is_asked_from_the_queue(signed_in: Client, team: Team) -> None:
    first, second = (make_request(serving_team=team) for n in range(2))
    address = f"/triage/{first.number}/ask/"
    page = signed_in.get(address, {"queue": f"request={second.number}"}).content.decode()
    assert f'value="request={second.number}"' in page
    empty = signed_in.post(address, {"body": "", "question_to": "marketing"})
    assert empty.status_code == 422
    data = {"body": "Who reads it?", "question_to": "marketing", "queue": f"request={second.number}"}
    answer = signed_in.post(address, data)
    assert answer["Location"] == f"{URL}?request={second.number}"
    assert first.comments.get().question_to == "marketing"


def test_parts_come_alone(signed_in: Client, team: Team) -> None:
    request = make_request(serving_team=team)
    for part, inside in (("one", "data-one"), ("list", "data-pick"), ("all", 'id="triage"')):
        page = signed_in.get(URL, {"part": part, "request": str(request.number)}).content.decode()
        assert inside in page
        assert "<html" not in page
    assert "<html" in signed_in.get(URL, {"part": "nonsense"}).content.decode()


def test_what_resembles_it_is_at_hand_for_merging(signed_in: Client, team: Team) -> None:
    first, second = (make_request(serving_team=team, title="Birthday voucher mailing") for n in range(2))
    address = f"/requests/{first.number}/actions/merge/"
    page = signed_in.get(address, {"back": "triage", "queue": "request=5"}).content.decode()
    link = f"{address}?into={second.number}&amp;back=triage&amp;queue=request%3D5"
    assert link in page
    assert f'value="{second.number}"' in signed_in.get(address, {"into": second.number}).content.decode()


@pytest.mark.parametrize(
    "queue", ["x" * 5000, "request=1&undo=abc&scope=\0", "request=" + "9" * 40, "&" * 1500]
)
def test_a_broken_look_at_the_queue_falls_back(signed_in: Client, team: Team, queue: str) -> None:
    request = make_request(serving_team=team)
    answer = signed_in.post(f"/triage/{request.number}/take/", {"queue": queue})
    assert answer["Location"].startswith(URL)
    assert signed_in.get(answer["Location"]).status_code == 200


def test_it_offers_no_taking_to_marketing(client: Client, team: Team) -> None:
    make_request(serving_team=team, it_owner=None)
    client.force_login(make_person(make_team(Side.MARKETING), language="en"))
    assert "/take/" not in client.get(URL).content.decode()


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
