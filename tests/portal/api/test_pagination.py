"""Pages by cursor: what may be asked, and what a cursor is good for."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from requests_app.models import Request
from teams.models import Goal, Team
from tests.api_client import API, machine, send
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return machine(make_person())


def page(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def cursor(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_the_first_and_only_page_has_no_neighbours(client: Client) -> None:
    make_team()
    body = page(client, f"{API}teams/")
    assert (body["next"], body["previous"], len(body["results"])) == (None, None, 1)
    assert page(client, f"{API}goals/") == {"next": None, "previous": None, "results": []}


def test_fifty_come_where_no_limit_is_given_and_at_most_two_hundred(client: Client) -> None:
    first = make_goal()
    Goal.objects.bulk_create(Goal(title=f"Goal {n}", created_at=first.created_at) for n in range(220))
    assert len(page(client, f"{API}goals/")["results"]) == 50
    assert len(page(client, f"{API}goals/?limit=200")["results"]) == 200
    assert send(client, "get", "goals/?limit=201").status_code == 400


def test_a_page_does_not_shift_while_others_add_rows(client: Client) -> None:
    made = [make_request().number for _ in range(4)]
    first = page(client, f"{API}requests/?limit=2")
    make_request()
    second = page(client, first["next"])
    assert [row["number"] for row in first["results"] + second["results"]] == made[::-1]


def test_a_cursor_outlives_the_row_that_it_was_made_of(client: Client) -> None:
    names = [make_team(name=f"Team {letter}").name for letter in "ABCD"]
    first = page(client, f"{API}teams/?limit=2")
    Team.objects.filter(name="Team B").delete()
    assert [row["name"] for row in page(client, first["next"])["results"]] == names[2:]


def test_links_keep_the_filters(client: Client) -> None:
    for _ in range(3):
        make_request(type="integration")
        make_request()
    first = page(client, f"{API}requests/?type=integration&limit=2")
    second = page(client, first["next"])
    assert [row["type"] for row in first["results"] + second["results"]] == ["integration"] * 3
    assert first["next"].startswith("http://testserver/api/v1/requests/?")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        "number",
        ["-number", [1], False, 1],
        ["number", [1], False],
        ["-number", [], False],
        ["-number", [1, 2], False],
        ["-number", ["x"], False],
        ["-number", [None], False],
        ["-number", [True], False],
        ["-number", [[1]], False],
        ["-number", [{"a": 1}], False],
        ["-number", [2**63], False],
        ["-number", [-(2**70)], False],
        ["-number", [1], 1],
        ["-number", [1], None],
    ],
)
def test_a_made_up_cursor_is_refused(client: Client, content: Any) -> None:
    make_request()
    response = send(client, "get", f"requests/?cursor={cursor(content)}")
    assert response.status_code == 400, content
    assert [(e["field"], e["code"]) for e in response.json()["errors"]] == [("cursor", "invalid")]


@pytest.mark.parametrize("text", ["x", "%00", "a" * 2_000, "=", "ÄÖÜ", "W10", "//", "bnVsbA"])
def test_a_cursor_that_is_none_is_refused(client: Client, text: str) -> None:
    assert send(client, "get", f"requests/?cursor={text}").status_code == 400


@pytest.mark.parametrize(
    ("ordering", "values"),
    [
        ("deadline", ["x", 1]),
        ("deadline", ["2026-02-31", 1]),
        ("created_at", ["2026-01-01T00:00:00", 1]),
        ("created_at", [None, 1]),
        ("rank", ["a\x00", 1]),
        ("rank", ["a0", None]),
    ],
)
def test_a_cursor_with_a_wrong_value_is_refused(client: Client, ordering: str, values: list[Any]) -> None:
    text = cursor([f"{ordering},number", values, False])
    assert send(client, "get", f"requests/?ordering={ordering}&cursor={text}").status_code == 400


def test_a_cursor_serves_only_the_order_that_it_was_made_for(client: Client) -> None:
    for _ in range(3):
        make_request()
    first = page(client, f"{API}requests/?limit=1")
    other = first["next"] + "&ordering=created_at"
    assert client.get(other).status_code == 400


def test_a_cursor_shows_nobody_more_than_they_may_see(client: Client) -> None:
    hidden = make_request(restricted=True)
    seen = make_request()
    text = cursor(["-number", [2**62], False])
    body = page(client, f"{API}requests/?cursor={text}")
    assert [row["number"] for row in body["results"]] == [seen.number]
    assert Request.objects.filter(pk=hidden.pk).exists()
