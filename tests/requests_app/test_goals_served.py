"""What serves a goal, what serves none, and what a team works on: each as its reader may see it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from activity import clock
from requests_app.choices import Status
from requests_app.goals_served import served_by, without_goal
from requests_app.models import Request
from requests_app.outcomes.record import record_outcome
from requests_app.team_work import work_of
from teams.models import Goal, Person, Side, Team
from teams.understanding import ask
from tests.factories import (
    holder,
    make_admin,
    make_comment,
    make_goal,
    make_person,
    make_request,
    make_solution,
    make_team,
)
from tests.knowhow.exchanges.making import make_exchange

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def goal() -> Goal:
    return make_goal(make_team(), title="More consent")


def text(answered: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answered.content.decode()))


# What serves a goal -------------------------------------------------------------------------------------
def test_open_delivered_and_parked_requests_serve_it_with_their_effects(goal: Goal) -> None:
    running = make_request(Status.IN_PROGRESS, goal=goal)
    done = make_request(Status.DONE, goal=goal)
    record_outcome(done.pk, Decimal(99), by=holder(done.marketing_owner))
    waits = make_request(Status.DONE, goal=goal)
    parked = make_request(Status.PARKED, goal=goal)
    for status in (Status.DRAFT, Status.DECLINED, Status.WITHDRAWN):
        make_request(status, goal=goal)
    found = served_by(goal, make_person())
    assert [one.row for one in found.open] == [running]
    assert [one.row for one in found.parked] == [parked]
    assert [(one.row, one.measured) for one in found.done] == [(waits, None), (done, Decimal(99))]
    assert (found.measured, found.reached) == (1, 1)


def test_what_was_measured_before_it_was_reopened_is_no_effect(goal: Goal) -> None:
    done = make_request(Status.DONE, goal=goal)
    record_outcome(done.pk, Decimal(99), by=holder(done.marketing_owner))
    Request.objects.filter(pk=done.pk).update(done_at=holder(done.requester).joined_at)
    assert served_by(goal, make_person()).measured == 0


def test_each_reader_sees_only_what_they_may(goal: Goal) -> None:
    hidden = make_request(Status.READY, goal=goal, restricted=True, title="Kanarienvogel")
    assert served_by(goal, make_person()).open == []
    assert [one.row for one in served_by(goal, holder(hidden.it_owner)).open] == [hidden]
    page = browser(make_person()).get(f"/goals/{goal.pk}/requests/")
    assert "Kanarienvogel" not in page.content.decode()


def test_the_part_names_expected_and_measured_values(goal: Goal) -> None:
    done = make_request(Status.DONE, goal=goal, metric="sign-ups", baseline=Decimal("1.8"), target=Decimal(3))
    record_outcome(done.pk, Decimal("3.5"), by=holder(done.marketing_owner))
    page = text(browser(make_person(language="en")).get(f"/goals/{goal.pk}/requests/"))
    assert "sign-ups: 1.8 → 3" in page
    assert "1 of 1 measured delivery reached what was expected" in page


def test_a_goal_that_nothing_serves_says_how_to_begin(goal: Goal) -> None:
    client = browser(make_person(language="en"))
    assert "No request serves this goal yet." in text(client.get(f"/goals/{goal.pk}/requests/"))
    assert client.get("/goals/0/requests/").status_code == 404


# The pile -----------------------------------------------------------------------------------------------
def test_only_open_requests_that_one_sees_lie_in_the_pile(goal: Goal) -> None:
    lonely = make_request()
    make_request(goal=goal)
    make_request(Status.DECLINED, goal=None)
    make_request(restricted=True)
    assert [row for row, _may in without_goal(make_person()).rows] == [lonely]
    assert [row for row, _may in without_goal(make_person(), own=True).rows] == []
    assert [row for row, _may in without_goal(holder(lonely.requester), own=True).rows] == [lonely]


def test_who_may_edit_a_request_may_name_its_goal_and_nobody_else() -> None:
    lonely = make_request(serving_team=make_team())
    assert lonely.requesting_team
    near = [
        holder(lonely.requester),
        make_admin(),
        make_person(lead_of=lonely.requesting_team),
        make_person(lead_of=lonely.serving_team),
    ]
    far = [make_person(), make_person(lonely.requesting_team), make_person(lead_of=make_team())]
    for person, may in [*((one, True) for one in near), *((one, False) for one in far)]:
        assert without_goal(person).rows == [(lonely, may)]


def test_from_ready_on_it_needs_a_reason_and_so_another_form() -> None:
    ready = make_request(Status.READY)
    Request.objects.filter(pk=ready.pk).update(goal=None)
    rows = without_goal(make_admin()).rows
    assert all(not may for _row, may in rows)


def test_a_goal_is_named_in_place(goal: Goal) -> None:
    lonely = make_request()
    person = holder(lonely.requester)
    Person.objects.filter(pk=person.pk).update(language="en")
    client, path = browser(person), f"/requests/{lonely.pk}/goal/"
    assert "Which goal?" in text(client.get("/goals/without/"))
    sent = client.post(path, {"goal": goal.pk}, headers={"HX-Request": "true"})
    assert f"{lonely.key} serves “More consent” now." in text(sent)
    assert "Every open request serves a goal." in text(sent)
    lonely.refresh_from_db()
    assert lonely.goal == goal


@pytest.mark.parametrize("wrong", ["", "0", "x", "99999999999999999999", "\0"])
def test_no_goal_or_a_wrong_one_is_told_in_words(goal: Goal, wrong: str) -> None:
    lonely = make_request()
    client = browser(holder(lonely.requester))
    for sent in ({}, {"goal": wrong}):
        answered = client.post(f"/requests/{lonely.pk}/goal/", sent, headers={"HX-Request": "true"})
        assert answered.status_code == 422
        assert lonely.key in text(answered)
    lonely.refresh_from_db()
    assert lonely.goal is None


def test_others_and_archived_goals_are_refused(goal: Goal) -> None:
    lonely = make_request()
    path, htmx = f"/requests/{lonely.pk}/goal/", {"HX-Request": "true"}
    assert browser(make_person()).post(path, {"goal": goal.pk}, headers=htmx).status_code == 409
    archived = make_goal(make_team(), is_archived=True)
    own = browser(holder(lonely.requester))
    assert own.post(path, {"goal": archived.pk}, headers=htmx).status_code == 422
    hidden = make_request(restricted=True)
    assert browser(make_person()).post(f"/requests/{hidden.pk}/goal/", {"goal": goal.pk}).status_code == 404


def test_on_the_first_page_an_empty_pile_shows_nothing() -> None:
    client, htmx = browser(make_person()), {"HX-Request": "true"}
    assert client.get("/goals/without/?own=1", headers=htmx).content == b""
    lonely = make_request()
    assert lonely.key in text(browser(holder(lonely.requester)).get("/goals/without/?own=1", headers=htmx))


def test_a_card_without_a_goal_says_so() -> None:
    team = make_team(Side.IT)
    make_request(Status.SHAPING, serving_team=team)
    board = browser(make_person(team, language="en")).get(f"/boards/{team.slug}/")
    assert "<p class=ng>no goal</p>" in board.content.decode()


# What a team works on -----------------------------------------------------------------------------------
@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


def test_a_team_s_work_is_what_it_serves_and_what_it_asked_for(team: Team) -> None:
    served = make_request(Status.IN_PROGRESS, serving_team=team)
    coming = make_request(Status.READY, serving_team=team)
    done = make_request(Status.DONE, serving_team=team)
    make_request(Status.IN_PROGRESS)
    work = work_of(team, make_person())
    assert [one.row for one in work.now] == [served]
    assert [one.row for one in work.coming] == [coming]
    assert [one.row for one in work.delivered] == [done]
    assert work.load
    asking = served.requesting_team
    assert asking
    theirs = work_of(asking, make_person())
    assert ([one.row for one in theirs.now], theirs.load) == ([served], None)


def test_it_shows_what_the_team_is_asked(team: Team) -> None:
    served = make_request(Status.SHAPING, serving_team=team)
    question = make_comment(served, holder(served.requester), "How long?", question_to=Side.IT)
    make_comment(served, holder(served.it_owner), "Which topics?", question_to=Side.MARKETING)
    goal = make_goal(team)
    asked = [
        ask(goal.understanding, "Why?", by=make_person()),
        ask(team.understanding, "Who?", by=make_person()),
        ask(make_solution(team).understanding, "What for?", by=make_person()),
    ]
    work = work_of(team, make_person())
    assert work.questions == [question]
    assert work.brief_questions == asked


def test_it_names_the_next_exchange_that_somebody_of_the_team_holds(team: Team) -> None:
    host = make_person(team)
    make_exchange(host, days=9), make_exchange(host, days=-1), make_exchange(days=1)
    make_exchange(host, days=1, cancelled_at=clock.now())
    soon = make_exchange(host, days=2, title="Read numbers")
    assert work_of(team, make_person()).exchange == soon
    page = text(browser(make_person(language="en")).get(f"/teams/{team.slug}/work/"))
    assert re.search(r"The next exchange with this team .* Read numbers", page)
    assert work_of(make_team(), make_person()).exchange is None


def test_restricted_work_is_hidden_from_others(team: Team) -> None:
    hidden = make_request(Status.IN_PROGRESS, serving_team=team, restricted=True, title="Kanarienvogel")
    make_comment(hidden, holder(hidden.requester), "Kanarienvogel?", question_to=Side.IT)
    outside = work_of(team, make_person())
    assert (outside.now, outside.questions) == ([], [])
    page = browser(make_person()).get(f"/teams/{team.slug}/work/")
    assert "Kanarienvogel" not in page.content.decode()
    assert [one.row for one in work_of(team, make_person(team)).now] == [hidden]


def test_a_team_without_work_says_so(team: Team) -> None:
    page = text(browser(make_person(language="en")).get(f"/teams/{team.slug}/work/"))
    for words in ("Nothing is in progress.", "Nothing is being prepared.", "Nothing was delivered."):
        assert words in page
