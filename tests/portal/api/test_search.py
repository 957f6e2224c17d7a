"""Search through the API: what the page finds, ranked, counted by kind, through what one may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from teams.models import Person
from tests.api_client import machine, send
from tests.factories import make_comment, make_goal, make_person, make_request, make_solution

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def me(person: Person) -> Client:
    return machine(person)


def test_hits_of_all_kinds_come_ranked_with_facets_and_marked_words(me: Client) -> None:
    request = make_request(title="Choose newsletter topics")
    make_comment(request, make_person(), "The newsletter is late.")
    make_goal(title="A better newsletter")
    body = send(me, "get", "search/", {"q": "newsletter"}).json()
    assert (body["total"], body["page"], body["pages"], body["more"], body["notes"]) == (3, 1, 1, False, [])
    counts = {one["kind"]: one["count"] for one in body["facets"] if one["count"]}
    assert counts == {"requests": 1, "comments": 1, "goals": 1}
    hit = next(one for one in body["hits"] if one["kind"] == "requests")
    assert (hit["key"], hit["title"]) == (request.key, "Choose <mark>newsletter</mark> topics")
    assert hit["url"] == f"http://127.0.0.1:8000/requests/{request.number}/"
    assert (hit["status"], hit["restricted"]) == (request.status, False)


def test_one_kind_alone_can_be_asked_for(me: Client) -> None:
    make_request(title="Newsletter")
    make_solution(title="Newsletter machine")
    body = send(me, "get", "search/", {"q": "newsletter", "kind": "solutions"}).json()
    assert {hit["kind"] for hit in body["hits"]} == {"solutions"}
    assert body["total"] == 2


def test_a_hidden_request_is_no_hit_and_no_number(me: Client) -> None:
    hidden = make_request(title="Newsletter", restricted=True)
    body = send(me, "get", "search/", {"q": "newsletter"}).json()
    assert (body["total"], body["hits"]) == (0, [])
    assert send(me, "get", "search/", {"q": hidden.key}).json()["total"] == 0
    assert hidden.requester
    assert send(machine(hidden.requester), "get", "search/", {"q": "newsletter"}).json()["total"] == 1


def test_what_was_written_in_a_title_cannot_become_markup(me: Client) -> None:
    make_request(title="<b>Newsletter</b> & more")
    (hit,) = send(me, "get", "search/", {"q": "newsletter"}).json()["hits"]
    assert hit["title"] == "&lt;b&gt;<mark>Newsletter</mark>&lt;/b&gt; &amp; more"


def test_further_pages_go_on_and_one_beyond_the_last_shows_the_last(me: Client) -> None:
    for _n in range(21):
        make_request(title="Newsletter")
    first, second, beyond = (
        send(me, "get", "search/", {"q": "newsletter", "page": page}).json() for page in ("1", "2", "9")
    )
    assert ([first["pages"], len(first["hits"]), len(second["hits"])], beyond) == ([2, 20, 1], second)


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({}, "q", "required"),
        ({"q": "  "}, "q", "required"),
        ({"q": "-newsletter"}, "q", "required"),
        ({"q": "x" * 3_000}, "q", "too_long"),
        ({"q": "a\u0000b"}, "q", "control_character"),
        ({"q": "a", "kind": "tickets"}, "kind", "invalid"),
        ({"q": "a", "page": "0"}, "page", "invalid"),
        ({"q": "a", "page": "x"}, "page", "invalid"),
        ({"q": "a", "page": "99999"}, "page", "invalid"),
        ({"q": "a", "colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_what_cannot_be_asked_is_refused(me: Client, asked: dict[str, str], field: str, code: str) -> None:
    response = send(me, "get", "search/", asked)
    assert response.status_code == 400
    assert (field, code) in [(error["field"], error["code"]) for error in response.json()["errors"]]


def test_a_filter_that_fits_nothing_is_named(me: Client) -> None:
    body = send(me, "get", "search/", {"q": "newsletter in:nowhere"}).json()
    assert (body["total"], len(body["notes"])) == (0, 1)


def test_more_hits_take_no_more_queries(me: Client) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert send(me, "get", "search/", {"q": "newsletter"}).json()["hits"]
        return len(queries)

    make_request(title="Newsletter")
    taken()
    few = taken()
    for _n in range(9):
        make_request(title="Newsletter")
    assert taken() == few
