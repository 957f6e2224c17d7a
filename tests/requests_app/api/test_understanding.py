"""How well goals, teams and solutions are understood, by machine: confirmations, questions, looking again."""

from datetime import timedelta

import pytest

from activity import clock
from requests_app.choices import Status
from teams.models import Brief, BriefQuestion, Confirmation, Goal, Person, Side, Team
from tests.api_client import machine, send
from tests.factories import make_goal, make_person, make_request, make_solution, make_team

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
    for path in (
        "goals/0/understanding/",
        f"goals/{2**70}/understanding/",
        "teams/none/understanding/",
        "solutions/none/understanding/",
    ):
        assert send(machine(member), "get", path).status_code == 404
    assert send(machine(member), "patch", "questions/0/", {"answer": "x"}).status_code == 404


def test_a_solution_is_confirmed_and_asked_about_like_a_goal(team: Team, member: Person) -> None:
    solution = make_solution(team)
    affected = make_team(Side.MARKETING)
    solution.affected_teams.add(affected)
    reader, path = make_person(affected), f"solutions/{solution.slug}/"
    assert send(machine(member), "post", f"{path}understanding/", {}).status_code == 409
    body = send(machine(reader), "post", f"{path}understanding/", {"words": "It mails."}).json()
    assert (body["understood"], body["percent"]) == (1, 100)
    asked = send(machine(reader), "post", f"{path}questions/", {"text": "Whom?"}).json()
    shown = send(machine(member), "get", f"{path}understanding/").json()
    assert [one["id"] for one in shown["questions"]] == [asked["id"]]


@pytest.mark.parametrize("kind", ["goals", "teams", "solutions"])
def test_a_lead_says_that_it_still_holds_and_others_may_not(kind: str, goal: Goal, team: Team) -> None:
    solution = make_solution(team)
    key = {"goals": goal.pk, "teams": team.slug, "solutions": solution.slug}[kind]
    Brief.objects.update(reviewed_at=clock.now() - timedelta(days=90))
    path = f"{kind}/{key}/"
    assert send(machine(make_person(team)), "get", f"{path}understanding/").json()["stale"] is True
    refused = send(machine(make_person(team)), "post", f"{path}review/")
    assert (refused.status_code, refused.json()["missing"][0]["code"]) == (409, "not_yours")
    lead = machine(make_person(lead_of=team))
    assert send(lead, "post", f"{path}review/", {"all": True}).status_code == 400
    assert send(lead, "post", f"{path}review/").json()["stale"] is False


def test_who_holds_it_already_is_told_so(goal: Goal, member: Person) -> None:
    path = f"goals/{goal.pk}/understanding/"
    tag = send(machine(member), "get", path).headers["ETag"]
    assert send(machine(member), "get", path, if_none_match=tag).status_code == 304
    send(machine(make_person()), "post", f"goals/{goal.pk}/questions/", {"text": "Why?"})
    assert send(machine(member), "get", path, if_none_match=tag).status_code == 200
