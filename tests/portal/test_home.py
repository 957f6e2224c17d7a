"""The first page: my turn, my requests, and where to begin."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from portal import home as home_page
from requests_app.choices import Status, WaitingFor
from requests_app.models import Request
from teams.models import Person, Role, Side, Team
from tests.factories import (
    add_member,
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_team,
    scores,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(name="CRM platform")


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, name="Mira Brandt", language="en")


def get(person: Person) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get("/")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def part(html: str, title: str) -> str:
    """The section under a heading."""
    found = re.search(
        rf'<section class="card" aria-labelledby="{title}-title">(.*?)</section>', html, re.DOTALL
    )
    return found[1] if found else ""


def test_what_waits_for_me_stands_with_its_action(mira: Person) -> None:
    row = make_request(Status.IN_REVIEW, marketing_owner=mira, title="Topics")
    make_request(Status.IN_REVIEW, title="Somebody else's")
    turn = part(get(mira), "turn")
    assert "Topics" in turn
    assert f'href="/requests/{row.number}/actions/deliver/">Confirm delivery' in turn
    assert "Somebody else" not in turn


def test_who_waits_longest_comes_first(mira: Person) -> None:
    late, early = (make_request(Status.IN_REVIEW, marketing_owner=mira) for _ in range(2))
    Request.objects.filter(pk=late.pk).update(turn_since="2026-11-02T08:00Z")
    Request.objects.filter(pk=early.pk).update(turn_since="2026-11-01T08:00Z")
    turn = part(get(mira), "turn")
    assert turn.index(early.key) < turn.index(late.key)


@pytest.mark.parametrize(
    ("status", "fields", "path"),
    [
        (Status.SUBMITTED, {}, "actions/shape/"),
        (Status.SUBMITTED, {"serving_team": None}, "actions/assign/"),
        (Status.SUBMITTED, {"marketing_owner": None}, "actions/assign/"),
        (Status.SHAPING, {"goal": "one", "metric": "sign-ups"}, ""),
        (Status.SHAPING, {}, "edit/"),
        (Status.READY, {}, "actions/start/"),
        (Status.IN_PROGRESS, {}, "actions/hand_over/"),
        (Status.IN_REVIEW, {}, "actions/deliver/"),
        (
            Status.IN_PROGRESS,
            {"waiting_for": WaitingFor.MARKETING, "blocked_reason": "A decision."},
            "actions/unblock/",
        ),
    ],
)
def test_the_action_is_what_leads_on(status: Status, fields: dict[str, Any], path: str) -> None:
    if fields.get("goal"):
        fields = fields | {
            "goal": make_goal(),
            "baseline": 1,
            "target": 2,
            "measured_on": "2027-05-01",
        }
    row = make_request(status, **fields)
    if status == Status.SHAPING:
        make_scores(row, scores(), scores())
    assert home_page.asked_of(row).url == f"/requests/{row.number}/{path}"


def test_while_shaping_the_action_is_what_the_side_still_has_to_give(mira: Person) -> None:
    complete = {"goal": make_goal(), "metric": "sign-ups", "baseline": 1, "target": 2}
    rows = [
        make_request(Status.SHAPING, **complete, measured_on="2027-05-01", marketing_owner=mira)
        for _ in range(3)
    ]
    unscored, apart, low = rows
    make_scores(apart, scores(5), scores(2))
    make_scores(low, scores(1), scores(1))
    number = unscored.number
    assert home_page.asked_of(unscored).url == f"/requests/{number}/scores/it/"
    make_scores(unscored, None, scores())
    assert home_page.asked_of(unscored).url == f"/requests/{number}/scores/marketing/"
    assert home_page.asked_of(apart).url == f"/requests/{apart.number}/#scores"
    assert home_page.asked_of(low).url == f"/requests/{low.number}/"


def test_my_requests_come_with_my_drafts(mira: Person) -> None:
    make_request(Status.READY, requester=mira, title="Running")
    draft = make_request(Status.DRAFT, requester=mira, title="")
    make_request(Status.DONE, requester=mira, title="Delivered long ago")
    make_request(Status.DRAFT, title="Foreign draft")
    mine = part(get(mira), "mine")
    assert "Running" in mine
    assert "Draft without a title" in mine
    assert f'href="/requests/{draft.number}/edit/">Go on writing' in mine
    assert "Delivered long ago" not in mine
    assert "Foreign draft" not in mine


def test_more_than_fit_are_led_to_the_list(mira: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_page, "SHOWN", 1)
    for _ in range(2):
        make_request(Status.IN_REVIEW, marketing_owner=mira, requester=mira)
    html = get(mira)
    assert html.count("<li><div") == 2
    assert "/requests/?turn=me" in part(html, "turn")


def test_nothing_hidden_waits_for_a_lead(crm: Team) -> None:
    lead = make_person(lead_of=crm, language="en")
    make_request(restricted=True, title="Fusion")
    assert "Fusion" not in get(lead)


def steps(person: Person) -> list[str]:
    with translation.override("en"):
        return [words for _url, words in home_page.first_steps(person)]


def test_first_steps_follow_the_role(mira: Person, crm: Team) -> None:
    tom = make_person(crm)
    bridge = make_person(crm, make_team(Side.MARKETING))
    write, triage = "Describe what your customers need", "See what has come in"
    assert write in steps(mira)
    assert triage not in steps(mira)
    assert write not in steps(tom)
    assert write in steps(bridge)
    assert write in steps(make_person())
    assert "See what all teams work on" in steps(tom)


def test_every_first_step_leads_to_a_page_that_exists(crm: Team) -> None:
    everything = make_admin()
    add_member(crm, everything, Role.LEAD)
    client = Client()
    client.force_login(everything)
    for url, _words in home_page.first_steps(everything):
        assert client.get(url).status_code in (200, 302)


def test_first_steps_go_as_soon_as_something_is_there(mira: Person) -> None:
    assert "Welcome, Mira Brandt" in get(mira)
    make_request(requester=mira)
    html = get(mira)
    assert "Welcome" not in html
    assert "Nothing waits for you" in html


@pytest.mark.parametrize("rows", [1, 12])
def test_at_most_twelve_queries(
    mira: Person, campaigns: Team, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    add_member(make_team(), mira, Role.LEAD)
    for _ in range(rows):
        make_request(Status.IN_REVIEW, marketing_owner=mira, requester=mira, requesting_team=campaigns)
    client = Client()
    client.force_login(mira)
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200
