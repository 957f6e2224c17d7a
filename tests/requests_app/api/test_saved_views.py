"""Saved views through the API."""

from typing import Any

import pytest
from django.test import Client

from requests_app.models import SavedView
from teams.models import Person, Side, Team
from tests.api_client import machine, send
from tests.factories import make_person, make_team, make_view

pytestmark = pytest.mark.django_db
SHAPE = {"id", "name", "query", "team", "board", "owner", "version", "created_at", "url"}


def test_a_view_is_kept_read_and_found_in_the_list(marketing: Client, mira: Person, campaigns: Team) -> None:
    sent = {"name": "Late", "query": "?status=open&ordering=deadline", "team": "campaigns"}
    made = send(marketing, "post", "views/", sent)
    assert made.status_code == 201
    body = made.json()
    assert set(body) == SHAPE
    assert (body["query"], body["team"]) == ("ordering=deadline&status=open", "campaigns")
    assert body["owner"] == {"id": mira.pk, "name": "Mira Marketing", "side": "marketing"}
    assert body["url"].endswith("/requests/?ordering=deadline&status=open")
    assert made.headers["Location"].endswith(f"/api/v1/views/{body['id']}/")
    assert send(marketing, "get", f"views/{body['id']}/").json() == body
    assert send(marketing, "get", "views/").json() == {"next": None, "previous": None, "results": [body]}


def test_a_query_is_not_needed(marketing: Client) -> None:
    body = send(marketing, "post", "views/", {"name": "All"}).json()
    assert (body["query"], body["team"]) == ("", None)
    assert body["url"].endswith("/requests/")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "name", "required"),
        ({"name": ""}, "name", "required"),
        ({"name": 5}, "name", "invalid"),
        ({"name": None}, "name", "null"),
        ({"name": "x" * 81}, "name", "max_length"),
        ({"name": "A", "query": ["a"]}, "query", "invalid"),
        ({"name": "A", "query": "status=finished"}, "query", "invalid"),
        ({"name": "A", "query": "x" * 8_001}, "query", "max_length"),
        ({"name": "A", "team": "no-such-team"}, "team", "does_not_exist"),
        ({"name": "A", "team": 3}, "team", "invalid"),
        ({"name": "A", "owner": 1}, "owner", "unknown_field"),
        ({"name": "A", "version": 1}, "version", "unknown_field"),
    ],
)
def test_a_wrong_view_is_refused(marketing: Client, body: dict[str, Any], field: str, code: str) -> None:
    response = send(marketing, "post", "views/", body)
    assert response.status_code == 400
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]
    assert not SavedView.objects.exists()


def test_sharing_with_a_foreign_team_and_a_taken_name_are_409(marketing: Client, mira: Person) -> None:
    make_team(slug="other")
    make_view(mira, name="Late")
    for body, code in (({"name": "A", "team": "other"}, "not_yours"), ({"name": "late"}, "already_done")):
        response = send(marketing, "post", "views/", body)
        assert response.status_code == 409
        assert [missing["code"] for missing in response.json()["missing"]] == [code]


def test_only_what_is_sent_is_changed(marketing: Client, mira: Person, campaigns: Team) -> None:
    view = make_view(mira, name="Late", query="status=open", team=campaigns)
    path = f"views/{view.pk}/"
    body = send(marketing, "patch", path, {"name": "Later"}).json()
    assert (body["name"], body["query"], body["team"], body["version"]) == (
        "Later",
        "status=open",
        "campaigns",
        2,
    )
    body = send(marketing, "patch", path, {"query": ""}).json()
    assert (body["query"], body["team"]) == ("", "campaigns")
    assert send(marketing, "patch", path, {"team": None}).json()["team"] is None
    assert send(marketing, "patch", path, {}).json()["version"] == 4


def test_a_stale_tag_is_412_for_changing_and_for_throwing_away(marketing: Client, mira: Person) -> None:
    path = f"views/{make_view(mira).pk}/"
    tag = send(marketing, "get", path).headers["ETag"]
    assert send(marketing, "get", path, None, if_none_match=tag).status_code == 304
    assert send(marketing, "patch", path, {"name": "B"}, if_match=tag).status_code == 200
    assert send(marketing, "patch", path, {"name": "C"}, if_match=tag).status_code == 412
    assert send(marketing, "delete", path, None, if_match=tag).status_code == 412
    assert send(marketing, "delete", path).status_code == 204
    assert send(marketing, "get", path).status_code == 404


def test_views_of_others_do_not_exist(marketing: Client, ivo: Person, it: Client, crm: Team) -> None:
    private, shared = make_view(ivo), make_view(ivo, team=crm)
    for view in (private, shared):
        for method in ("get", "patch", "delete"):
            assert send(marketing, method, f"views/{view.pk}/").status_code == 404
    assert send(marketing, "get", "views/").json()["results"] == []
    assert send(marketing, "get", f"views/{2**70}/").status_code == 404
    assert len(send(it, "get", "views/").json()["results"]) == 2
    assert SavedView.objects.count() == 2


def test_a_member_reads_a_shared_view_and_does_not_change_it(ivo: Person, crm: Team) -> None:
    view = make_view(ivo, team=crm)
    member = machine(make_person(crm))
    assert send(member, "get", f"views/{view.pk}/").status_code == 200
    for method in ("patch", "delete"):
        assert (
            send(
                member, method, f"views/{view.pk}/", {"name": "Mine"} if method == "patch" else None
            ).status_code
            == 409
        )
    assert SavedView.objects.filter(pk=view.pk, version=1).exists()


def test_views_come_in_pages(marketing: Client, mira: Person) -> None:
    made = [make_view(mira).pk for _ in range(3)]
    first = send(marketing, "get", "views/?limit=2").json()
    second = marketing.get(first["next"]).json()
    assert [view["id"] for page in (first, second) for view in page["results"]] == made


def test_the_list_of_requests_sorts_by_several(marketing: Client) -> None:
    assert send(marketing, "get", "requests/?ordering=deadline&ordering=-title").status_code == 200
    assert send(marketing, "get", "requests/?ordering=deadline,-title").status_code == 200
    assert send(marketing, "get", "requests/?ordering=deadline,-title,deadline").status_code == 400


def test_a_view_of_a_board_is_kept_and_stays_there(marketing: Client) -> None:
    make_team(Side.IT, slug="web")
    body = send(marketing, "post", "views/", {"name": "Mine", "query": "turn=mine", "board": "web"}).json()
    assert (body["board"], body["query"]) == ("web", "turn=mine")
    assert body["url"].endswith("/boards/web/?turn=mine")
    wrong = {"name": "Wrong", "query": "status=open", "board": "web"}
    assert send(marketing, "post", "views/", wrong).status_code == 400
    assert send(marketing, "post", "views/", {"name": "Wrong", "board": "nowhere"}).status_code == 400
    moved = send(marketing, "patch", f"views/{body['id']}/", {"board": None})
    assert moved.status_code == 400
    assert SavedView.objects.get().board is not None
