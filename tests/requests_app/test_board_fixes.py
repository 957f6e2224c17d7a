"""What a refused move offers to mend it, the way back, and the quick look."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activity import clock
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_person, make_request, make_scores, make_team, scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team, name="Tom Reiter", language="en")


@pytest.fixture
def signed_in(client: Client, tom: Person) -> Client:
    client.force_login(tom)
    return client


def move(client: Client, request: Request, status: str, query: str = "") -> tuple[int, Any]:
    data = {"number": request.number, "version": request.version, "status": status}
    answer = client.post(f"{reverse('requests:move', args=['crm-platform'])}?{query}", data)
    return answer.status_code, json.loads(answer.content)


def undo(client: Client, number: object, version: object) -> tuple[int, Any]:
    url = reverse("requests:board_undo", args=["crm-platform"])
    answer = client.post(url, {"number": number, "version": version})
    return answer.status_code, json.loads(answer.content)


def labels(answer: Any) -> list[str]:
    return [fix["label"] for fix in answer["fixes"]]


def test_each_missing_condition_comes_with_its_button(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(
        "shaping", serving_team=team, it_owner=tom, goal=None, metric="", marketing_owner=None
    )
    status, answer = move(signed_in, request, "ready")
    assert status == 409
    assert labels(answer) == [
        "Name the goal",
        "Fill the empty seat",
        "Complete the expected result",
        "Score the request",
    ]
    for fix in answer["fixes"]:
        page = signed_in.get(fix["url"])
        assert page.status_code == 200
        anchor = fix["url"].partition("#")[2]
        assert not anchor or f'id="{anchor}"' in page.content.decode(), fix


def test_a_divergence_and_the_gate_lead_on_too(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request("shaping", serving_team=team, it_owner=tom)
    make_scores(request, scores(1), scores(1, reach=4))
    _status, answer = move(signed_in, request, "ready")
    assert {"Talk about the divergence", "Park it"} <= set(labels(answer))


def test_unsigned_personal_data_lead_to_the_sign_off(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request(
        "ready", serving_team=team, it_owner=tom, personal_data="yes", personal_data_which="E-mail"
    )
    _status, answer = move(signed_in, request, "in_progress")
    assert labels(answer) == ["Sign the personal data off"]
    page = signed_in.get(answer["fixes"][0]["url"]).content.decode()
    assert 'id="id_personal_data_signed_by"' in page


def test_a_full_column_says_who_could_be_helped(signed_in: Client, team: Team, tom: Person) -> None:
    now = clock.now()
    ada = make_person(team, name="Ada Berg")
    for days in (2, 9, 5):
        make_request("in_progress", serving_team=team, it_owner=ada, status_since=now - timedelta(days=days))
    blocked = make_request(
        "in_progress",
        serving_team=team,
        it_owner=ada,
        status_since=now,
        waiting_for="outside",
        blocked_reason="Supplier",
    )
    secret = make_request("in_progress", serving_team=team, restricted=True, title="Secret")
    set_wip_limit(team, Status.IN_PROGRESS, 5, by=make_admin())
    request = make_request("ready", serving_team=team, it_owner=tom)
    status, answer = move(signed_in, request, "in_progress")
    assert status == 409
    assert "full (5)" in answer["message"]
    assert labels(answer)[0] == f"Help with {blocked.key}: blocked, Ada Berg, for 0 days"
    assert [label.rpartition(", ")[2] for label in labels(answer)] == [
        "for 0 days",
        "for 9 days",
        "for 5 days",
    ]
    assert secret.key not in str(answer)


def test_no_hidden_request_is_named_as_one_to_help(client: Client, team: Team) -> None:
    make_request("in_progress", serving_team=team, restricted=True)
    set_wip_limit(team, Status.IN_PROGRESS, 1, by=make_admin())
    outsider = make_person(make_team(Side.IT), language="en")
    request = make_request("ready", serving_team=team, it_owner=outsider)
    client.force_login(outsider)
    status, answer = move(client, request, "in_progress")
    assert (status, labels(answer)) == (409, [])


def test_a_move_is_taken_back(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request("ready", serving_team=team, it_owner=tom)
    _status, moved = move(signed_in, request, "in_progress")
    assert moved["undo"] is True
    status, answer = undo(signed_in, request.number, request.version + 1)
    assert (status, answer["status"]) == (200, "ready")
    assert f"data-v={request.version + 2} " in answer["card"]
    after = Request.objects.get(pk=request.pk)
    assert (after.status, after.rank) == ("ready", request.rank)


def test_a_change_of_places_offers_no_undo(signed_in: Client, team: Team) -> None:
    make_request("ready", serving_team=team)
    request = make_request("ready", serving_team=team)
    status, answer = move(signed_in, request, "ready")
    request.refresh_from_db()
    assert status == 200
    assert answer.keys() == {"version", "rank", "message"}
    assert (answer["version"], answer["rank"]) == (request.version, request.rank)


def test_what_cannot_be_taken_back_says_so(signed_in: Client, team: Team, tom: Person) -> None:
    request = make_request("ready", serving_team=team, it_owner=tom)
    assert undo(signed_in, request.number, request.version)[0] == 409
    move(signed_in, request, "in_progress")
    assert undo(signed_in, request.number, 99)[0] == 409
    with clock.moved_to(clock.now() + timedelta(seconds=61)):
        assert undo(signed_in, request.number, request.version + 1)[0] == 409
    for number, version in (("x", 1), (1, ""), (0, 1), ("9" * 30, 1)):
        assert undo(signed_in, number, version)[0] == 400


def test_somebody_elses_and_hidden_moves_stay(
    client: Client, signed_in: Client, team: Team, tom: Person
) -> None:
    request = make_request("ready", serving_team=team, it_owner=tom)
    move(signed_in, request, "in_progress")
    hidden = make_request("ready", serving_team=team, restricted=True)
    client.force_login(make_person(language="en"))
    assert undo(client, request.number, request.version + 1)[0] == 409
    url = reverse("requests:board_undo", args=[team.slug])
    assert client.post(url, {"number": hidden.number, "version": 1}).status_code == 404


def test_the_heads_of_a_filtered_board_count_what_it_shows(
    signed_in: Client, team: Team, tom: Person
) -> None:
    request = make_request("ready", serving_team=team, it_owner=tom, type="integration")
    make_request("in_progress", serving_team=team, type="automation")
    _status, answer = move(signed_in, request, "in_progress", "type=integration")
    assert "<span>1</span>" in answer["heads"]["in_progress"]


# The quick look -------------------------------------------------------------------------------------
def test_a_look_shows_what_it_is_about(signed_in: Client, team: Team) -> None:
    request = make_request(
        "ready", serving_team=team, customer_need="They ask.", waiting_for="it", blocked_reason="No date"
    )
    page = signed_in.get(reverse("requests:look", args=[request.number])).content.decode()
    for words in ("They ask.", "No date", request.key, "Expected result"):
        assert words in page
    assert "<html" not in page


def test_nobody_looks_at_what_is_hidden_or_a_draft(client: Client, team: Team) -> None:
    person = make_person()
    client.force_login(person)
    hidden = make_request("ready", serving_team=team, restricted=True)
    draft = make_request("draft", requester=person)
    for number in (hidden.number, draft.number, 10**9):
        assert client.get(reverse("requests:look", args=[number])).status_code == 404
