"""The first page: my turn, my requests, and where to begin."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from activity import clock
from portal import home as home_page
from requests_app.choices import Status
from requests_app.forecast.keeping import made_on
from requests_app.forecast.outlooks import Forecast, State
from requests_app.intake.edit import edit
from requests_app.models import Request, TeamForecasts
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.company import portal_zone
from teams.models import Person, Role, Side, Team
from tests.factories import (
    add_member,
    holder,
    make_admin,
    make_person,
    make_request,
    make_team,
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


def test_a_deadline_that_has_passed_is_said_to_have(crm: Team) -> None:
    tom = make_person(crm, language="en")
    today = timezone.localdate(clock.now())
    for days, title in ((-3, "Too late"), (3, "In time")):
        make_request(
            "ready",
            serving_team=crm,
            it_owner=tom,
            turn="it",
            title=title,
            deadline=today + timedelta(days=days),
            deadline_reason="Booked",
        )
    turn = part(get(tom), "turn")
    assert turn.count("overdue since") == 1
    assert turn.index("overdue since") > turn.index("Too late")


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
def test_at_most_twelve_queries_with_everything_on_it(
    mira: Person, campaigns: Team, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    crm = make_team()
    add_member(crm, mira, Role.LEAD)
    yesterday = clock.now() - timedelta(days=1)
    Person.objects.filter(pk=mira.pk).update(visited_at=yesterday, time_zone="Europe/Berlin")
    for _ in range(rows):
        mine = make_request(
            Status.IN_REVIEW,
            marketing_owner=mira,
            requester=mira,
            requesting_team=campaigns,
            serving_team=crm,
        )
        make_request(Status.IN_REVIEW, requesting_team=campaigns)
        perform("send_back", mine.pk, by=make_admin(), inputs=Inputs(reason="Empty."))
    client = Client()
    client.force_login(mira)
    with django_assert_max_num_queries(12):
        html = client.get("/").content.decode()
    for title in ("turn", "side", "mine", "since", "boards"):
        assert part(html, title), title


def test_what_was_parked_and_what_is_to_be_measured_lead_to_that_step(mira: Person) -> None:
    today = timezone.localdate(clock.now())
    parked = make_request(Status.PARKED, marketing_owner=mira, revisit_on=today)
    done = make_request(Status.DONE, marketing_owner=mira, measured_on=today - timedelta(days=1))
    turn = part(get(mira), "turn")
    assert f'href="/requests/{parked.number}/actions/reconsider/"' in turn
    assert f'href="/requests/{done.number}/outcome/"' in turn


def test_a_proposal_leads_to_its_answer(mira: Person, crm: Team) -> None:
    ready = make_request(Status.READY, marketing_owner=mira, serving_team=crm)
    edit(ready.pk, {"target": Decimal(9)}, by=holder(ready.it_owner), reason="The market moved.")
    assert f'href="/requests/{ready.number}/#proposal-title">Answer the proposal' in part(get(mira), "turn")
    assert 'id="proposal-title"' in page(mira, f"/requests/{ready.number}/")


def test_what_waits_for_my_side_stands_apart(crm: Team) -> None:
    tom = make_person(crm, language="en")
    make_request(Status.READY, serving_team=crm, title="A colleague's")
    make_request(Status.READY, serving_team=crm, it_owner=tom, title="My own")
    html = get(tom)
    assert "A colleague" in part(html, "side")
    assert "My own" not in part(html, "side")
    assert "My own" in part(html, "turn")


def test_my_teams_boards_stand_there_small(crm: Team) -> None:
    tom = make_person(crm, language="en")
    for _ in range(2):
        make_request(Status.READY, serving_team=crm)
    make_request(Status.DONE, serving_team=crm)
    (small,) = home_page.boards_of(tom)
    assert [held for _label, held in small.columns] == [0, 2, 0, 0]
    assert f'href="/boards/{crm.slug}/">CRM platform' in part(get(tom), "boards")


def test_who_has_no_team_has_no_boards() -> None:
    assert home_page.boards_of(make_person()) == []


def test_my_requests_carry_their_forecast_of_today(mira: Person, crm: Team) -> None:
    row = make_request(Status.IN_PROGRESS, requester=mira, serving_team=crm)
    assert 'class="outlook"' not in get(mira)
    day = clock.now().astimezone(portal_zone()).date()
    told = Forecast(row.number, State.DATED, half=day + timedelta(days=9), likely=day + timedelta(days=20))
    kept = {str(row.number): _plain_forecast(told)}
    TeamForecasts.objects.create(team=crm, made_for=made_on(day), forecasts=kept)
    mine = part(get(mira), "mine")
    assert 'class="outlook"' in mine
    assert "with 85\u00a0% by" in mine


def _plain_forecast(told: Forecast) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(told), default=str))
    return {**plain, "basis": None}


def test_what_is_new_since_the_last_visit(mira: Person) -> None:
    row = make_request(Status.READY, requester=mira, title="Topics")
    yesterday = clock.now() - timedelta(days=1)
    Person.objects.filter(pk=mira.pk).update(visited_at=yesterday)
    perform("start", row.pk, by=holder(row.it_owner))
    assert "started work on this request" in part(get(mira), "since")
    assert "started work on this request" in part(get(mira), "since")


def test_it_hears_of_what_it_shows(mira: Person) -> None:
    row = make_request(Status.READY, requester=mira)
    html = get(mira)
    assert f'data-numbers="{row.number}"' in html
    assert "data-inbox" in html
    assert "There is something new." in html


def page(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()
