"""What the first page points to: one thing of each kind, with the right reason, and never twice a week."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity import clock
from requests_app.choices import Status
from requests_app.worth_a_minute import to_understand, worth_a_minute
from teams.goals import edit_goal
from teams.models import Brief, Goal, Person, Pointer, Side, Team
from teams.understanding import answer, ask, confirm, settle
from tests.factories import (
    give_skill,
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_skill,
    make_solution,
    make_team,
)
from tests.knowhow.exchanges.making import make_exchange
from tests.requests_app.test_understanding import should

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, name="CRM")


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, name="Mira", language="en")


@pytest.fixture
def goal(crm: Team, campaigns: Team) -> Goal:
    """A goal of CRM that Campaigns' request serves."""
    goal = make_goal(crm, title="Consent", brief="More people say yes.")
    make_request(Status.READY, goal=goal, requesting_team=campaigns)
    return goal


def pointed(person: Person, days: float = 0) -> list[tuple[str, str]]:
    now = clock.now() + timedelta(days=days)
    with clock.moved_to(now):
        found = worth_a_minute(person, now)
    return [(one.kind, str(one.thing.thing if isinstance(one.thing, Brief) else one.thing)) for one in found]


def test_who_should_understand_something_is_pointed_to_it_until_they_do(mira: Person, goal: Goal) -> None:
    assert pointed(mira) == [("understand", "Consent")]
    confirm(goal.understanding, by=mira)
    assert pointed(mira) == []


def test_those_pointed_to_a_goal_are_those_who_should_understand_it(
    mira: Person, goal: Goal, crm: Team
) -> None:
    own, outside = make_person(crm), make_person(make_team())
    for person in (mira, own, outside):
        assert (goal.understanding in to_understand(person)) is (person.pk in should(goal))


def test_what_had_been_understood_and_changed_comes_first(mira: Person, goal: Goal, campaigns: Team) -> None:
    other = make_goal(make_team(), title="Another", brief="Also.")
    make_request(Status.READY, goal=other, requesting_team=campaigns)
    confirm(goal.understanding, by=mira)
    assert to_understand(mira)[0] == other.understanding
    edit_goal(goal, brief="Less.", in_substance=True, what_changed="Less", by=make_admin())
    assert to_understand(mira)[0] == goal.understanding


def test_solutions_and_teams_that_one_works_with_are_pointed_to_as_well(
    mira: Person, crm: Team, campaigns: Team
) -> None:
    solution = make_solution(crm, title="Mailer")
    solution.affected_teams.add(campaigns)
    serving = make_team(Side.IT, brief="We build.", name="Web")
    make_request(Status.IN_PROGRESS, serving_team=serving, requesting_team=campaigns, goal=make_goal())
    assert [str(brief.thing) for brief in to_understand(mira)] == ["Mailer", "Web"]


def test_nothing_restricted_unwritten_archived_or_ones_own_is_pointed_to(
    mira: Person, campaigns: Team
) -> None:
    for fields, restricted in (({"brief": ""}, False), ({"brief": "Secret"}, True)):
        make_request(Status.READY, goal=make_goal(**fields), requesting_team=campaigns, restricted=restricted)
    archived = make_goal(brief="Old", is_archived=True)
    make_request(Status.READY, goal=archived, requesting_team=campaigns)
    make_request(Status.READY, goal=make_goal(campaigns, brief="Ours"), requesting_team=campaigns)
    assert not to_understand(mira).exists()


def test_an_answer_to_ones_own_question_is_pointed_to_until_it_is_settled(mira: Person, crm: Team) -> None:
    question = ask(crm.understanding, "Who are you?", by=mira)
    assert pointed(mira) == []
    answer(question, "CRM.", by=make_person(crm))
    assert pointed(mira) == [("settle", "Who are you?")]
    settle(question, by=mira)
    assert pointed(mira) == []


def test_the_exchange_about_a_wanted_skill_is_chosen_and_says_why(mira: Person, crm: Team) -> None:
    give_skill(mira, make_skill(name="SQL"), 1, wants=True)
    make_exchange(make_person(crm), days=2, title="Soonest")
    make_exchange(make_person(crm), days=9, title="Wanted", topic="sql")
    (one,) = worth_a_minute(mira, clock.now())
    assert (one.kind, one.thing.title, str(one.skill)) == ("exchange", "Wanted", "SQL")


def test_of_a_kind_there_is_one_a_week_and_nothing_comes_twice(mira: Person, crm: Team) -> None:
    for n in (1, 2, 3):
        make_exchange(make_person(crm), days=10 + n, title=f"Exchange {n}")
    days = [pointed(mira, day) for day in (0, 0.5, 1.1, 3, 6.9)]
    assert days == [[("exchange", "Exchange 1")], [("exchange", "Exchange 1")], [], [], []]
    # The Monday of the next calendar week may come first; a week later it has come in any case.
    assert pointed(mira, 7.5) == [("exchange", "Exchange 2")]


def test_what_is_waved_away_goes_from_the_page_and_stays_away(
    client: Client, mira: Person, crm: Team
) -> None:
    for n in (1, 2):
        make_exchange(make_person(crm), days=n, title=f"Exchange {n}")
    client.force_login(mira)
    page = client.get("/worth-a-minute/", headers=HTMX)
    assert "Exchange 1" in page.content.decode()
    pointer = Pointer.objects.get()
    answered = client.post(f"/worth-a-minute/{pointer.pk}/away/", headers=HTMX)
    assert answered.content.decode().strip() == ""
    assert client.get("/worth-a-minute/", headers=HTMX).content.decode().strip() == ""
    assert client.post("/worth-a-minute/0/away/").status_code == 404


def test_without_script_the_way_leads_to_the_first_page(client: Client, mira: Person, crm: Team) -> None:
    make_exchange(make_person(crm))
    client.force_login(mira)
    assert client.get("/worth-a-minute/").headers["Location"] == "/"
    client.get("/worth-a-minute/", headers=HTMX)
    pointer = Pointer.objects.get()
    assert client.post(f"/worth-a-minute/{pointer.pk}/away/").headers["Location"] == "/"


def test_the_number_of_queries_does_not_grow(
    client: Client, mira: Person, crm: Team, campaigns: Team
) -> None:
    def counted(more: int) -> int:
        for _ in range(more):
            make_exchange(make_person(crm))
            goal = make_goal(crm, brief="Something.")
            make_request(Status.READY, goal=goal, requesting_team=campaigns)
            answer(ask(goal.understanding, "Why?", by=mira), "So.", by=make_person(crm))
        Pointer.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert len(worth_a_minute(mira, clock.now())) == 3
        return len(captured)

    assert counted(6) == counted(1)
