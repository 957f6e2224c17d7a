"""The pages of saved views."""

from typing import Any

import pytest
from django.test import Client

from requests_app.models import SavedView
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
