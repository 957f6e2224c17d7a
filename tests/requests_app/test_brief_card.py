"""What a goal or solution means where it is named; how well the goals of a board are understood."""

from typing import Any

import pytest
from django.test import Client

from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Confirmation, Goal, Person, Side, Team
from teams.understanding import confirm
from tests.factories import make_goal, make_person, make_request, make_solution, make_team

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, name="CRM")


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), name="Mira", language="en")


@pytest.fixture
def goal(crm: Team) -> Goal:
    return make_goal(crm, title="Consent", brief="More people say yes.", customer_change="One click.")


@pytest.fixture
def request_of(mira: Person, goal: Goal) -> Request:
    asking, serving = mira.teams.get(), goal.teams.get()
    return make_request(
        Status.IN_REVIEW, goal=goal, requester=mira, requesting_team=asking, serving_team=serving
    )


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def card(client: Client, pk: int) -> str:
    answer: Any = client.get(f"/understanding/{pk}/?card=1", headers=HTMX)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_the_request_page_has_a_place_for_the_card_of_its_goal_and_of_its_solution(
    mira: Person, request_of: Request
) -> None:
    page = browser(mira).get(request_of.get_absolute_url()).content.decode()
    assert request_of.goal
    assert request_of.solution
    for brief in (request_of.goal.understanding_id, request_of.solution.understanding_id):
        assert f'popovertarget="card-{brief}"' in page
        assert f'hx-get="/understanding/{brief}/?card=1"' in page


@pytest.mark.usefixtures("request_of")
def test_the_card_says_what_is_meant_and_takes_the_confirmation_in_place(mira: Person, goal: Goal) -> None:
    client, brief = browser(mira), goal.understanding
    text = card(client, brief.pk)
    for words in ("More people say yes.", "One click.", "0 % understand it", "I understand this"):
        assert words in text
    sent = {"words": "Fewer questions", "seen": brief.substance}
    answer = client.post(f"/understanding/{brief.pk}/confirm/?card=1", sent, headers=HTMX)
    assert answer.templates[0].name == "requests_app/_brief_card.html"
    assert "100 % understand it" in answer.content.decode()
    assert Confirmation.objects.get().words == "Fewer questions"
    assert "I understand this" not in card(client, brief.pk)


def test_who_answers_for_it_is_not_asked(crm: Team, goal: Goal) -> None:
    text = card(browser(make_person(crm, language="en")), goal.understanding_id)
    assert "More people say yes." in text
    assert "I understand this" not in text


def test_a_change_while_it_was_read_is_told_in_the_card(mira: Person, goal: Goal) -> None:
    answer = browser(mira).post(
        f"/understanding/{goal.understanding_id}/confirm/?card=1", {"seen": "7"}, headers=HTMX
    )
    assert answer.status_code == 409
    assert "brief-card" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_the_explainer_of_a_solution_reads_in_its_sections(mira: Person) -> None:
    solution = make_solution(purpose="It sends mails.", limits="No SMS.", what_to_do="Ask Tom.")
    text = card(browser(mira), solution.understanding_id)
    for words in ("It sends mails.", "No SMS.", "Ask Tom."):
        assert words in text


def test_what_is_not_explained_says_so(mira: Person, crm: Team) -> None:
    assert "not explained yet" in card(browser(mira), make_goal(crm).understanding_id)


# Lanes of a board -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("request_of")
def test_the_lanes_of_goals_show_how_well_each_is_understood(mira: Person, goal: Goal, crm: Team) -> None:
    client, nobody_should = browser(mira), make_goal(crm)
    confirm(goal.understanding, by=mira)
    path = f"/boards/lanes/understood/?goal={goal.pk}&goal={nobody_should.pk}&goal=x&goal={10**30}"
    text = client.get(path, headers=HTMX).content.decode()
    assert f'id="understood-{goal.pk}"' in text
    assert "100 % understand it" in text
    assert f"understood-{nobody_should.pk}" not in text


@pytest.mark.usefixtures("request_of")
def test_a_board_by_goal_has_a_place_beside_each_lane(mira: Person, goal: Goal, crm: Team) -> None:
    make_request(Status.READY, goal=goal, serving_team=crm)
    page = browser(mira).get(f"/boards/{crm.slug}/?lanes=goal").content.decode()
    assert f'id="understood-{goal.pk}"' in page
    assert f"/boards/lanes/understood/?goal={goal.pk}&amp;" in page
    assert "understood-" not in browser(mira).get(f"/boards/{crm.slug}/?lanes=type").content.decode()
