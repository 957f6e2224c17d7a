"""`similar/?q=`: what resembles a text, among what the token's person may see."""

import pytest
from django.test import Client

from requests_app import vocabulary
from requests_app.choices import Status
from requests_app.forecast.keeping import forecast_for
from teams.models import Side
from tests.api_client import send
from tests.factories import make_request, make_solution, make_team
from tests.requests_app.forecast.test_keeping import past, started

pytestmark = pytest.mark.django_db
URL = "similar/"


def test_it_answers_requests_and_solutions(it: Client) -> None:
    made = make_request(Status.SHAPING, title="Newsletteranmeldung")
    make_solution(title="Anmeldung per Code", slug="code")
    make_request(title="Etwas anderes")
    vocabulary.recount()
    body = send(it, "get", URL, {"q": "Anmeldung"}).json()
    [hit] = body["requests"]
    assert (hit["number"], hit["key"], hit["status"], hit["turn"]) == (
        made.pk,
        made.key,
        "shaping",
        made.turn,
    )
    assert hit["serving_team"] == str(made.serving_team)
    assert hit["url"].endswith(f"/requests/{made.pk}/")
    assert [one["slug"] for one in body["solutions"]] == ["code"]


def test_it_says_by_when_what_is_at_work_is_done(it: Client) -> None:
    team = make_team(Side.IT)
    past(team, *range(1, 41))
    at_work = started(team, title="Newsletteranmeldung")
    make_request(Status.PARKED, title="Newsletteranmeldung im Laden")
    vocabulary.recount()
    found = send(it, "get", URL, {"q": "Newsletteranmeldung"}).json()["requests"]
    hits = {hit["number"]: hit for hit in found}
    expected = forecast_for(at_work)
    assert expected.half is not None
    assert hits.pop(at_work.pk)["by_50"] == expected.half.isoformat()
    assert {hit["by_50"] for hit in hits.values()} == {None}


def test_nothing_similar_is_two_empty_lists(it: Client) -> None:
    assert send(it, "get", URL, {"q": "Anmeldung"}).json() == {"requests": [], "solutions": []}


def test_what_is_hidden_is_not_found(it: Client) -> None:
    make_request(title="Newsletteranmeldung", restricted=True)
    assert send(it, "get", URL, {"q": "Newsletteranmeldung"}).json()["requests"] == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({}, "q", "required"),
        ({"q": "  "}, "q", "required"),
        ({"q": "x" * 2_001}, "q", "too_long"),
        ({"q": "nul\0"}, "q", "control_character"),
        ({"q": "a", "limit": "3"}, "limit", "unknown_field"),
    ],
)
def test_it_refuses_wrong_input(it: Client, query: dict[str, str], field: str, code: str) -> None:
    answer = send(it, "get", URL, query)
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


def test_only_reading_is_possible(it: Client) -> None:
    assert send(it, "post", URL).status_code == 405


def test_the_document_shows_an_example(it: Client) -> None:
    document = it.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    answer = document["paths"]["/api/v1/similar/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert "T-12" in str(answer["examples"])
