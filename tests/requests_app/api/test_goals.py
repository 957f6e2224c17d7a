"""Goals by machine: set, changed, measured, judged, closed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from activity.models import Event
from teams.goals.key_results import today
from teams.models import CheckIn, Goal, KeyResult, Person, Side, Team
from tests.api_client import machine, send
from tests.factories import make_goal, make_key_result, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm-platform", brief="We run the accounts.", contact="Tom")


@pytest.fixture
def goal(team: Team) -> Goal:
    return make_goal(team, title="More consent", brief="Three of a hundred.", way_in="Wednesdays")


@pytest.fixture
def member(team: Team) -> Person:
    return make_person(team)


@pytest.fixture
def lead(team: Team) -> Person:
    return make_person(lead_of=team)


def test_a_goal_tells_its_sections_and_how_its_key_results_stand(goal: Goal, member: Person) -> None:
    make_key_result(goal, baseline=Decimal(9), target=Decimal(5), current=Decimal(7), title="Leaving")
    body = send(machine(member), "get", f"goals/{goal.pk}/").json()
    assert (body["brief"], body["way_in"], body["level"], body["parent"], body["health"]) == (
        "Three of a hundred.",
        "Wednesdays",
        "team",
        None,
        None,
    )
    (one,) = body["key_results"]
    assert (one["title"], one["direction"], one["progress"], one["current"]) == ("Leaving", "down", 50, 7.0)
    assert send(machine(member), "get", "teams/crm-platform/").json()["contact"] == "Tom"


def test_a_member_checks_in(goal: Goal, member: Person) -> None:
    one = make_key_result(goal)
    sent = {"key_result": one.pk, "value": 1.25, "confidence": "high", "note": "New form"}
    answered = send(machine(member), "post", f"goals/{goal.pk}/check-ins/", sent)
    assert answered.status_code == 201
    assert (answered.json()["value"], answered.json()["on"]) == (1.25, today().isoformat())
    listed = send(machine(member), "get", f"goals/{goal.pk}/check-ins/").json()["results"]
    assert [row["note"] for row in listed] == ["New form"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"value": 1.00001}, "value"),
        ({"value": "1"}, "value"),
        ({"value": 1, "confidence": "sure"}, "confidence"),
        ({"value": 1, "on": "tomorrow"}, "on"),
        ({"value": 1, "note": "x" * 1001}, "note"),
        ({"value": 1, "mood": "fine"}, "mood"),
        ({}, "value"),
    ],
)
def test_a_wrong_check_in_names_its_field(
    goal: Goal, member: Person, sent: dict[str, object], field: str
) -> None:
    one = make_key_result(goal)
    answered = send(machine(member), "post", f"goals/{goal.pk}/check-ins/", {"key_result": one.pk, **sent})
    assert answered.status_code == 400
    assert field in {error["field"] for error in answered.json()["errors"]}


def test_a_check_in_in_the_future_or_of_another_goal_is_refused(goal: Goal, member: Person) -> None:
    one, foreign = make_key_result(goal), make_key_result(make_goal(make_team()))
    later = (today() + timedelta(days=1)).isoformat()
    path = f"goals/{goal.pk}/check-ins/"
    answered = send(machine(member), "post", path, {"key_result": one.pk, "value": 1, "on": later})
    assert (answered.status_code, answered.json()["errors"][0]["code"]) == (400, "future")
    sent = {"key_result": foreign.pk, "value": 1}
    assert send(machine(member), "post", path, sent).status_code == 404
    assert not CheckIn.objects.exists()


def test_a_lead_sets_a_goal_and_finds_it_at_its_address(team: Team, lead: Person) -> None:
    shop = make_team(Side.MARKETING, slug="shop")
    above = make_goal(team, shop)
    sent = {
        "title": "Fewer calls",
        "teams": ["crm-platform", "shop"],
        "brief": "Half of them.",
        "parent": above.pk,
        "starts_on": "2026-10-01",
        "ends_on": "2027-03-31",
    }
    made = send(machine(lead), "post", "goals/", sent)
    assert made.status_code == 201
    body = made.json()
    assert (body["level"], body["teams"], body["parent"]) == ("joint", ["crm-platform", "shop"], above.pk)
    assert made.headers["Location"].endswith(f"/api/v1/goals/{body['id']}/")
    read = send(machine(lead), "get", f"goals/{body['id']}/")
    assert (read.json(), read.headers["ETag"]) == (body, made.headers["ETag"])
    assert send(machine(lead), "get", "goals/").json()["results"][0] == body
    event = Event.objects.get(kind="goal.created", object_id=body["id"])
    assert event.actor == lead


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"teams": ["crm-platform"]}, "title", "required"),
        ({"title": "A"}, "teams", "required"),
        ({"title": "A", "teams": []}, "teams", "required"),
        ({"title": "A", "teams": ["none"]}, "teams.0", "does_not_exist"),
        ({"title": "A", "teams": "crm-platform"}, "teams", "not_a_list"),
        ({"title": "", "teams": ["crm-platform"]}, "title", "required"),
        ({"title": "A", "teams": ["crm-platform"], "parent": 0}, "parent", "invalid"),
        ({"title": "A", "teams": ["crm-platform"], "starts_on": "2027-01-01"}, "ends_on", "required"),
        ({"title": "A", "teams": ["crm-platform"], "in_substance": True}, "in_substance", "unknown_field"),
        ({"title": "A", "teams": ["crm-platform"], "level": "company"}, "level", "unknown_field"),
    ],
)
def test_a_goal_that_cannot_be_kept_is_refused(
    lead: Person, sent: dict[str, Any], field: str, code: str
) -> None:
    answered = send(machine(lead), "post", "goals/", sent)
    assert answered.status_code == 400
    assert (field, code) in [(error["field"], error["code"]) for error in answered.json()["errors"]]
    assert not Goal.objects.exists()


def test_only_leads_of_owning_teams_set_change_and_judge(goal: Goal, member: Person) -> None:
    me, path = machine(member), f"goals/{goal.pk}/"
    for method, address, sent in (
        ("post", "goals/", {"title": "A", "teams": ["crm-platform"]}),
        ("patch", path, {"title": "A"}),
        ("put", f"{path}health/", {"health": "at_risk", "reason": "Late"}),
        ("post", f"{path}close/", {"result": "Much", "learning": "More"}),
        ("post", f"{path}key-results/", {"title": "A", "baseline": 1, "target": 2}),
    ):
        answered = send(me, method, address, sent)
        assert (answered.status_code, answered.json()["missing"][0]["code"]) == (409, "not_yours"), address


def test_only_what_is_sent_is_changed_and_a_change_of_meaning_says_what(goal: Goal, lead: Person) -> None:
    me, path = machine(lead), f"goals/{goal.pk}/"
    body = send(me, "patch", path, {"title": "Much more consent"}).json()
    assert (body["title"], body["brief"], body["version"]) == ("Much more consent", "Three of a hundred.", 2)
    answered = send(me, "patch", path, {"brief": "Four.", "in_substance": True})
    assert answered.json()["errors"][0]["field"] == "what_changed"
    send(me, "patch", path, {"brief": "Four.", "in_substance": True, "what_changed": "One more."})
    goal.refresh_from_db()
    assert (goal.brief, goal.understanding.substance) == ("Four.", 2)


def test_who_holds_an_older_version_changes_nothing(goal: Goal, lead: Person) -> None:
    me, path = machine(lead), f"goals/{goal.pk}/"
    tag = send(me, "get", path).headers["ETag"]
    send(me, "patch", path, {"title": "Much more consent"})
    measured = make_key_result(goal)
    for method, address, sent in (
        ("patch", path, {"title": "Late"}),
        ("put", f"{path}health/", {"health": "at_risk", "reason": "Late"}),
        ("post", f"{path}close/", {"result": "Much", "learning": "More"}),
        ("patch", f"{path}key-results/{measured.pk}/", {"title": "Late"}),
        ("post", f"{path}key-results/{measured.pk}/end/", {"reason": "Late"}),
    ):
        stale = '"9-0123456789abcdef"' if "key-results" in address else tag
        assert send(me, method, address, sent, if_match=stale).status_code == 412, address
    goal.refresh_from_db()
    assert (goal.title, goal.health_said, goal.closed_at) == ("Much more consent", "", None)


def test_a_lead_says_how_it_stands_and_lets_the_figures_speak_again(goal: Goal, lead: Person) -> None:
    me, path = machine(lead), f"goals/{goal.pk}/health/"
    answered = send(me, "put", path, {"health": "at_risk"})
    assert answered.json()["errors"][0]["field"] == "reason"
    assert send(me, "put", path, {"health": "fine"}).json()["errors"][0]["code"] == "invalid_choice"
    assert send(me, "put", path, {"health": "at_risk", "reason": "Late"}).json()["health"] == "at_risk"
    assert send(me, "put", path, {"health": ""}).json()["health"] is None


def test_a_key_result_is_added_read_changed_and_ended(goal: Goal, lead: Person) -> None:
    me, path = machine(lead), f"goals/{goal.pk}/key-results/"
    made = send(me, "post", path, {"title": "Sign-ups", "unit": "%", "baseline": 1.8, "target": 3})
    assert made.status_code == 201
    one = f"{path}{made.json()['id']}/"
    assert send(me, "get", one).json() == made.json()
    changed = send(me, "patch", one, {"target": 2.5}, if_match=made.headers["ETag"]).json()
    assert (changed["target"], changed["unit"], changed["version"]) == (2.5, "%", 2)
    assert send(me, "patch", one, {"target": 1.8}).json()["errors"][0]["field"] == "target"
    assert send(me, "post", f"{one}end/", {}).json()["errors"][0]["field"] == "reason"
    assert send(me, "post", f"{one}end/", {"reason": "Nobody counts it"}).json()["ended"] is True
    again = send(me, "post", f"{one}end/", {"reason": "Again"})
    assert (again.status_code, again.json()["missing"][0]["code"]) == (409, "already_done")


def test_a_key_result_of_another_goal_is_not_there(goal: Goal, lead: Person) -> None:
    foreign = make_key_result(make_goal(make_team()))
    path = f"goals/{goal.pk}/key-results/{foreign.pk}/"
    assert send(machine(lead), "get", path).status_code == 404
    assert send(machine(lead), "patch", path, {"title": "Mine"}).status_code == 404
    assert send(machine(lead), "get", f"goals/{goal.pk}/key-results/{2**70}/").status_code == 404


def test_closing_asks_what_becomes_of_each_unfinished_key_result(
    goal: Goal, lead: Person, team: Team
) -> None:
    goes_on, ends = make_key_result(goal), make_key_result(goal)
    heir = make_goal(team)
    me, path, said = machine(lead), f"goals/{goal.pk}/close/", {"result": "Much", "learning": "More"}
    refused = send(me, "post", path, said)
    assert refused.status_code == 400
    named = {error["field"] for error in refused.json()["errors"]}
    assert named == {f"key_results.{goes_on.pk}", f"key_results.{ends.pk}"}
    fates = [{"key_result": goes_on.pk, "goal": heir.pk}, {"key_result": ends.pk, "because": "Too dear"}]
    body = send(me, "post", path, {**said, "key_results": fates}).json()
    assert (body["result"], body["archived"], body["closed_at"] is None) == ("Much", True, False)
    assert KeyResult.objects.get(goal=heir).title == goes_on.title
    assert send(me, "patch", f"goals/{goal.pk}/", {"title": "Late"}).status_code == 409
