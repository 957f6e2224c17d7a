"""The pages of saved views."""

import re
from typing import Any

import pytest
from django.test import Client

from requests_app.lists.saved import Wanted, change_view
from requests_app.models import Board, SavedView
from teams.models import Person, Side, Team
from tests.factories import make_person, make_request, make_team, make_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, name="Mira Brandt", language="en")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, path: str) -> str:
    answer: Any = browser(person).get(path)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_the_list_that_one_looks_at_is_kept_and_shown_again(mira: Person, campaigns: Team) -> None:
    form = page(mira, "/requests/views/?status=open&ordering=deadline")
    assert 'name="query" value="status=open&amp;ordering=deadline"' in form
    sent = {"name": "Open ones", "query": "status=open&ordering=deadline", "team": campaigns.pk}
    answer = browser(mira).post("/requests/views/", sent)
    assert answer.headers["Location"] == "/requests/?ordering=deadline&status=open"
    assert SavedView.objects.get().team == campaigns


def test_own_and_shared_views_stand_above_the_list_and_the_open_one_is_marked(
    mira: Person, campaigns: Team
) -> None:
    make_request()
    make_view(mira, name="Mine", query="status=open")
    make_view(make_person(campaigns), name="Ours", team=campaigns, query="ordering=deadline%2Ctitle")
    make_view(make_person(campaigns), name="Theirs")
    html = page(mira, "/requests/?ordering=deadline&ordering=title")
    assert 'href="?status=open"' in html
    assert 'href="?ordering=deadline%2Ctitle" aria-current="page" title="Shared with Campaigns"' in html
    assert "Theirs" not in html
    assert html.count('aria-current="page"') >= 1


def test_somebody_else_opens_the_same_address_and_sees_what_they_may_see(
    mira: Person, campaigns: Team
) -> None:
    hidden = make_request(restricted=True, title="Fusion", requesting_team=campaigns)
    view = make_view(mira, query="q=Fusion", team=campaigns)
    assert hidden.key in page(mira, f"/requests/?{view.query}")
    assert hidden.key not in page(make_person(make_team()), f"/requests/?{view.query}")


def test_a_wrong_name_keeps_what_was_typed(mira: Person) -> None:
    make_view(mira, name="Late")
    answer: Any = browser(mira).post("/requests/views/", {"name": "late", "query": "status=open"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a view of this name already." in text
    assert 'value="status=open"' in text


def test_a_query_that_no_list_understands_is_told_above_the_form(mira: Person) -> None:
    answer: Any = browser(mira).post("/requests/views/", {"name": "Odd", "query": "colour=red"})
    assert answer.status_code == 422
    assert "There is no filter with this name." in answer.content.decode()


def test_a_view_is_renamed_shared_and_thrown_away(mira: Person, campaigns: Team) -> None:
    view = make_view(mira, name="Late", query="status=open")
    client, path = browser(mira), f"/requests/views/{view.pk}/"
    assert client.post(path, {"name": "", "query": view.query}).status_code == 422
    assert client.post(path, {"name": "Later", "query": view.query, "team": campaigns.pk}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.team, view.query) == ("Later", campaigns, "status=open")
    assert client.post(f"{path}throw-away/").headers["Location"] == "/requests/views/"
    assert not SavedView.objects.exists()


def test_two_leads_who_change_a_shared_view_do_not_overwrite_each_other(
    mira: Person, campaigns: Team
) -> None:
    view = make_view(mira, name="Ours", team=campaigns)
    client, path = browser(mira), f"/requests/views/{view.pk}/"
    assert 'name="version" value="1"' in page(mira, path)
    change_view(view.pk, Wanted(name="Theirs"), by=make_person(lead_of=campaigns))
    late: Any = client.post(path, {"name": "Mine", "team": campaigns.pk, "version": "1"})
    text = late.content.decode()
    assert (late.status_code, SavedView.objects.get().name) == (422, "Theirs")
    assert all(words in text for words in ('value="Mine"', ">Theirs</p>", 'name="version" value="2"'))
    client.post(path, {"name": "Mine", "team": campaigns.pk, "version": "2"})
    assert (SavedView.objects.get().name, SavedView.objects.get().query) == ("Mine", view.query)


def test_a_member_looks_at_a_shared_view_and_cannot_change_it(mira: Person, campaigns: Team) -> None:
    view = make_view(make_person(campaigns, name="Ada Lovelace"), name="Ours", team=campaigns)
    path = f"/requests/views/{view.pk}/"
    html = page(mira, path)
    assert "Ada Lovelace keeps this view for Campaigns." in html
    assert "Remove this view" not in html
    assert browser(mira).post(path, {"name": "Mine"}).status_code == 422
    browser(mira).post(f"{path}throw-away/")
    view.refresh_from_db()
    assert view.name == "Ours"


def test_a_hidden_view_is_not_found(mira: Person) -> None:
    view = make_view(make_person(make_team()))
    client = browser(mira)
    for answer in (
        client.get(f"/requests/views/{view.pk}/"),
        client.post(f"/requests/views/{view.pk}/", {"name": "Mine"}),
        client.post(f"/requests/views/{view.pk}/throw-away/"),
        client.get("/requests/views/99999999999999999999/"),
    ):
        assert answer.status_code == 404


# Of boards ----------------------------------------------------------------------------------------
@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, slug="crm", name="CRM platform")


def test_the_board_that_one_looks_at_is_kept_and_shown_again(mira: Person, crm: Team) -> None:
    assert '/requests/views/?board=crm&amp;turn=mine"' in page(mira, "/boards/crm/?turn=mine&below=a0")
    form = page(mira, "/requests/views/?board=crm&turn=mine")
    assert 'name="board" value="crm"' in form
    assert 'name="query" value="turn=mine"' in form
    answer = browser(mira).post("/requests/views/", {"name": "Mine", "query": "turn=mine", "board": "crm"})
    assert answer.headers["Location"] == "/boards/crm/?turn=mine"
    assert '<a href="/boards/crm/?turn=mine">Mine</a>' in page(mira, "/requests/views/")
    assert "Show the board" in page(mira, f"/requests/views/{SavedView.objects.get().pk}/")


def test_own_and_shared_views_are_offered_on_their_board_alone(
    mira: Person, campaigns: Team, crm: Team
) -> None:
    board, other = Board.objects.get(team=crm), Board.objects.get(team=make_team(Side.IT, slug="web"))
    make_view(mira, name="My own", query="turn=mine", board=board)
    make_view(make_person(campaigns), campaigns, name="Ours", query="lanes=goal", board=board)
    make_view(make_person(crm), crm, name="Theirs", query="lanes=team", board=board)
    make_view(mira, name="Elsewhere", query="turn=mine", board=other)
    make_view(mira, name="Of the list")
    shown = page(mira, "/boards/crm/?turn=mine")
    offered = re.findall(r"view-links.*?</ul>", shown, re.DOTALL)[0]
    assert '<a href="?turn=mine" aria-current="page">' in offered
    assert "Ours" in offered
    assert not {name for name in ("Theirs", "Elsewhere", "Of the list") if name in offered}
    assert "My own" not in page(mira, "/requests/")


def test_a_board_names_no_view_of_somebody_else(mira: Person, crm: Team) -> None:
    foreign = make_view(make_person(crm), board=Board.objects.get(team=crm), query="turn=mine")
    answer = browser(mira).get(f"/boards/crm/?view={foreign.pk}")
    assert answer.status_code == 400
    assert foreign.name not in answer.content.decode()
    assert browser(mira).get(f"/requests/views/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("board", ["nowhere", "\x00", "x" * 300])
def test_an_unknown_board_is_told(mira: Person, board: str) -> None:
    sent = {"name": "Mine", "query": "turn=mine", "board": board}
    assert browser(mira).post("/requests/views/", sent).status_code == 422
    assert not SavedView.objects.exists()
