"""The catalogue of solutions through the API."""

from typing import Any

import pytest
from django.test import Client

from activity.models import Event
from knowhow.models import Expert, Solution
from requests_app.choices import Status
from teams.models import Person, Team
from teams.understanding import confirm
from tests.api_client import machine, send
from tests.factories import make_person, make_request, make_solution, make_team, make_touchpoint

pytestmark = pytest.mark.django_db
WHOLE = {
    "title": "Preference centre",
    "purpose": "Readers choose topics.",
    "limits": "Orders still come.",
    "what_to_do": "Look at the topics together.",
}
SHAPE = {
    *(
        "slug",
        "title",
        "purpose",
        "limits",
        "what_to_do",
        "terms",
        "status",
        "data_held",
        "review_on",
        "team",
    ),
    *(
        "affected_teams",
        "touchpoints",
        "experts",
        "bus_factor",
        "requests",
        "understanding",
        "version",
        "created_at",
        "url",
    ),
}


def made(it: Client, **fields: Any) -> Any:
    return send(it, "post", "solutions/", {**WHOLE, "team": "crm-platform", **fields})


def test_a_solution_is_described_read_and_listed(it: Client, campaigns: Team, crm: Team) -> None:
    make_touchpoint(slug="till")
    more = {"touchpoints": ["till"], "affected_teams": ["campaigns"], "review_on": "2027-06-01"}
    answer = made(it, **more)
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == SHAPE
    assert body["slug"] == "preference-centre"
    assert {name: body[name] for name in more} == more
    assert (body["status"], body["experts"], body["bus_factor"], body["requests"]) == ("live", [], 0, [])
    assert body["url"].endswith("/solutions/preference-centre/")
    assert answer.headers["Location"].endswith("/api/v1/solutions/preference-centre/")
    assert send(it, "get", "solutions/preference-centre/").json() == body
    assert send(it, "get", "solutions/").json()["results"] == [body]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, [("title", "required")]),
        ({"limits": "", "what_to_do": " "}, [("limits", "required"), ("what_to_do", "required")]),
        ({"purpose": "x" * 10_001}, [("purpose", "max_length")]),
        ({"status": "gone"}, [("status", "invalid_choice")]),
        ({"review_on": "soon"}, [("review_on", "invalid")]),
        ({"team": "no-such"}, [("team", "does_not_exist")]),
        ({"team": None}, [("team", "null")]),
        ({"touchpoints": ["moon"]}, [("touchpoints", "does_not_exist")]),
        ({"affected_teams": "campaigns"}, [("affected_teams", "not_a_list")]),
        ({"experts": []}, [("experts", "unknown_field")]),
        ({"slug": "mine"}, [("slug", "unknown_field")]),
    ],
)
def test_a_wrong_solution_is_refused(
    it: Client, crm: Team, fields: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    answer = made(it, **fields)
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == wrong
    assert not Solution.objects.exists()


def test_only_the_owner_team_describes_and_changes(marketing: Client, it: Client, crm: Team) -> None:
    assert made(marketing).status_code == 409
    made(it)
    answer = send(marketing, "patch", "solutions/preference-centre/", {"title": "Ours"})
    assert answer.status_code == 409
    assert answer.json()["missing"][0]["code"] == "not_yours"


def test_a_change_of_meaning_asks_again(it: Client, marketing: Client, mira: Person, crm: Team) -> None:
    slug = made(it, affected_teams=["campaigns"]).json()["slug"]
    brief = Solution.objects.get(slug=slug).understanding
    confirm(brief, by=mira)
    path = f"solutions/{slug}/"
    assert send(it, "get", path).json()["understanding"] == {"understood": 1, "of": 1}
    typo = send(it, "patch", path, {"purpose": "Readers pick topics."})
    assert typo.json()["understanding"] == {"understood": 1, "of": 1}
    wordless = send(it, "patch", path, {"limits": "No orders.", "in_substance": True})
    assert wordless.json()["errors"][0]["field"] == "what_changed"
    meaning = {"limits": "No orders.", "in_substance": True, "what_changed": "Orders are left out"}
    assert send(it, "patch", path, meaning).json()["understanding"] == {"understood": 0, "of": 1}


def test_a_change_honours_the_version(it: Client, crm: Team) -> None:
    tag = made(it).headers["ETag"]
    answer = send(it, "patch", "solutions/preference-centre/", {"status": "leaving"}, if_match=tag)
    assert (answer.status_code, answer.json()["status"], answer.json()["version"]) == (200, "leaving", 2)
    stale = send(it, "patch", "solutions/preference-centre/", {"status": "live"}, if_match=tag)
    assert stale.status_code == 412


def test_a_needed_section_cannot_be_emptied(it: Client, crm: Team) -> None:
    made(it)
    answer = send(it, "patch", "solutions/preference-centre/", {"limits": ""})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "limits"


def test_experts_are_put_and_taken_off(it: Client, ivo: Person, crm: Team) -> None:
    made(it)
    path = f"solutions/preference-centre/experts/{ivo.pk}/"
    body = send(it, "put", path, {"level": 3}).json()
    assert body["experts"] == [{"id": ivo.pk, "name": "Ivo IT", "side": "it", "level": 3}]
    assert body["bus_factor"] == 1
    events = Event.objects.count()
    assert send(it, "put", path, {"level": 3}).status_code == 200
    assert Event.objects.count() == events, "a repeat changes nothing"
    assert send(it, "delete", path).status_code == 204
    assert send(it, "delete", path).status_code == 409
    assert not Expert.objects.exists()


@pytest.mark.parametrize("level", [5, -1, "3", None, 2.5, True])
def test_a_wrong_level_is_refused(it: Client, ivo: Person, crm: Team, level: Any) -> None:
    made(it)
    answer = send(it, "put", f"solutions/preference-centre/experts/{ivo.pk}/", {"level": level})
    assert answer.status_code == 400
    assert not Expert.objects.exists()


def test_what_is_not_there_is_not_found(it: Client, ivo: Person, crm: Team) -> None:
    made(it)
    for path in ("solutions/none/", "solutions/none/experts/1/", "solutions/preference-centre/experts/9/"):
        method, body = ("put", {"level": 3}) if "experts" in path else ("patch", {"title": "x"})
        assert send(it, method, path, body).status_code == 404, path


def test_the_list_is_filtered(it: Client, crm: Team) -> None:
    made(it)
    other = make_solution(make_team(slug="web"), slug="till", purpose="Counts vouchers", status="pilot")
    other.touchpoints.add(make_touchpoint(slug="store-front"))
    for query in ({"status": "pilot"}, {"team": "web"}, {"touchpoint": "store-front"}, {"q": "voucher"}):
        found = send(it, "get", "solutions/", query).json()["results"]
        assert [one["slug"] for one in found] == ["till"], query


@pytest.mark.parametrize(
    "query",
    [{"status": "x"}, {"team": "x"}, {"touchpoint": "x"}, {"q": "a\x00"}, {"q": "x" * 201}, {"x": "1"}],
)
def test_a_filter_that_nothing_can_fit_is_an_error(it: Client, query: dict[str, str]) -> None:
    answer = send(it, "get", "solutions/", query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [*query]


def test_of_the_requests_that_built_it_only_those_are_told_that_one_may_see(
    it: Client, marketing: Client
) -> None:
    solution = make_solution(make_team())
    seen = make_request(Status.DONE, solution=solution)
    hidden = make_request(Status.IN_REVIEW, solution=solution, restricted=True)
    make_request(Status.DECLINED, solution=solution)
    path = f"solutions/{solution.slug}/"
    assert send(it, "get", path).json()["requests"] == [seen.number]
    admin = machine(make_person(is_admin=True))
    assert send(admin, "get", path).json()["requests"] == [seen.number, hidden.number]
