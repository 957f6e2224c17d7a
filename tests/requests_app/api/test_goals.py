"""Goals by machine: what they say and how they stand, check-ins, confirmations, questions."""

from datetime import timedelta
from decimal import Decimal

import pytest

from requests_app.choices import Status
from teams.goals.key_results import today
from teams.models import BriefQuestion, CheckIn, Confirmation, Goal, Person, Side, Team
from tests.api_client import machine, send
from tests.factories import make_goal, make_key_result, make_person, make_request, make_team

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


def test_confirming_counts_and_names_who_is_missing(goal: Goal) -> None:
    request = make_request(Status.READY, goal=goal)
    assert request.requester
    path = f"goals/{goal.pk}/understanding/"
    answered = send(machine(request.requester), "post", path, {"words": "I see", "substance": 1})
    assert answered.status_code == 201
    body = answered.json()
    assert body["understood"] == 1 < body["should"]
    assert body["percent"] == 100 // body["should"]
    assert [one["words"] for one in body["confirmed"]] == ["I see"]
    assert len(body["missing"]) == body["should"] - 1


def test_who_owns_it_or_read_something_else_confirms_nothing(goal: Goal, member: Person) -> None:
    path = f"goals/{goal.pk}/understanding/"
    answered = send(machine(member), "post", path, {})
    assert (answered.status_code, answered.json()["missing"][0]["code"]) == (409, "own_brief")
    answered = send(machine(make_person()), "post", path, {"substance": 7})
    assert answered.json()["missing"][0]["code"] == "brief_changed"
    assert not Confirmation.objects.exists()


def test_a_question_goes_all_its_way(goal: Goal, member: Person) -> None:
    asker = make_person()
    asked = send(machine(asker), "post", f"goals/{goal.pk}/questions/", {"text": "Why?"})
    path = f"questions/{asked.json()['id']}/"
    for wrong in ({}, {"settled": False}, {"answer": "x", "settled": True}):
        assert send(machine(member), "patch", path, wrong).status_code == 400
    assert send(machine(member), "patch", path, {"answer": "Because."}).json()["answer"] == "Because."
    assert send(machine(asker), "patch", path, {"settled": True}).json()["settled_at"]
    assert BriefQuestion.objects.get().settled_at


def test_what_is_not_there_is_not_found(member: Person) -> None:
    for path in ("goals/0/understanding/", f"goals/{2**70}/check-ins/", "teams/none/understanding/"):
        assert send(machine(member), "get", path).status_code == 404
    assert send(machine(member), "patch", "questions/0/", {"answer": "x"}).status_code == 404
