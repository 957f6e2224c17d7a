"""Comments through the API."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.models import Event, Origin
from requests_app.choices import Status
from requests_app.models import Comment
from teams.models import Person
from tests.api_client import send
from tests.factories import make_comment, make_person, make_request

pytestmark = pytest.mark.django_db


def test_a_comment_is_added_and_read(marketing: Client, mira: Person) -> None:
    path = f"requests/{make_request().number}/comments/"
    made = send(marketing, "post", path, {"body": "  **Yes**, please. "})
    assert made.status_code == 201
    body = made.json()
    assert body["author"] == {"id": mira.pk, "name": "Mira Marketing", "side": "marketing"}
    assert (body["body"], body["version"]) == ("**Yes**, please.", 1)
    empty = ("question_to", "answered_at", "answered_by", "answer_to", "edited_at", "deleted_at")
    assert {name: body[name] for name in empty} == dict.fromkeys(empty)
    assert send(marketing, "get", path).json() == {"next": None, "previous": None, "results": [body]}
    assert Event.objects.get(kind="request.commented").origin == Origin.API


def test_comments_come_in_pages_the_oldest_first(marketing: Client) -> None:
    request, author = make_request(), make_person()
    made = [make_comment(request, author, f"Thought {n}").pk for n in range(5)]
    make_comment(make_request(), author)
    first = send(marketing, "get", f"requests/{request.number}/comments/?limit=3").json()
    second = marketing.get(first["next"]).json()
    assert [row["id"] for page in (first, second) for row in page["results"]] == made
    assert second["next"] is None
    assert marketing.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body", "required"),
        ({"body": ""}, "body", "blank"),
        ({"body": " \n "}, "body", "required"),
        ({"body": None}, "body", "null"),
        ({"body": ["a"]}, "body", "invalid"),
        ({"body": "x" * 20_001}, "body", "max_length"),
        ({"body": "Why?", "question_to": "other"}, "question_to", "invalid_choice"),
        ({"body": "Why?", "question_to": ["it"]}, "question_to", "invalid_choice"),
        ({"body": "Why?", "ask": "it"}, "ask", "unknown_field"),
        ({"body": "Me", "author": 1}, "author", "unknown_field"),
    ],
)
def test_a_wrong_comment_is_refused(marketing: Client, body: dict[str, Any], field: str, code: str) -> None:
    response = send(marketing, "post", f"requests/{make_request().number}/comments/", body)
    assert response.status_code == 400
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]
    assert not Comment.objects.exists()


def test_a_draft_is_not_talked_about(marketing: Client, mira: Person) -> None:
    draft = make_request(Status.DRAFT, requester=mira)
    response = send(marketing, "post", f"requests/{draft.number}/comments/", {"body": "To myself"})
    assert (response.status_code, response.json()["missing"][0]["code"]) == (409, "wrong_status")


@pytest.mark.parametrize("rows", [1, 20])
def test_comments_take_few_queries(
    marketing: Client, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    request = make_request()
    for _ in range(rows):
        make_comment(request, make_person())
    send(marketing, "get", "me/")
    with django_assert_max_num_queries(4):
        assert len(send(marketing, "get", f"requests/{request.number}/comments/").json()["results"]) == rows


def test_a_question_is_asked_answered_and_closed(marketing: Client, it: Client, mira: Person) -> None:
    request = make_request(Status.READY, marketing_owner=mira)
    path = f"requests/{request.number}/comments/"
    asked = send(it, "post", path, {"body": "Which topics?", "question_to": "marketing"}).json()
    assert (asked["question_to"], asked["answered_at"]) == ("marketing", None)
    assert send(it, "get", f"requests/{request.number}/").json()["turn"] == "marketing"
    refused = send(it, "post", f"{path}{asked['id']}/answer/", {"body": "Six."})
    assert (refused.status_code, refused.json()["missing"][0]["code"]) == (409, "not_yours")
    made = send(marketing, "post", f"{path}{asked['id']}/answer/", {"body": "Six."})
    assert (made.status_code, made.json()["answer_to"]) == (201, asked["id"])
    again = send(marketing, "post", f"{path}{asked['id']}/answer/", {"body": "Six."})
    assert again.json() == made.json()
    other = send(marketing, "post", f"{path}{asked['id']}/answer/", {"body": "Seven."})
    assert (other.status_code, other.json()["missing"][0]["code"]) == (409, "already_done")
    closed = send(it, "get", f"{path}{asked['id']}/").json()
    assert closed["answered_by"] == {"id": mira.pk, "name": mira.name, "side": "marketing"}
    assert send(it, "get", f"requests/{request.number}/").json()["turn"] == "it"


def test_a_comment_is_changed_in_the_version_that_was_read(marketing: Client, it: Client) -> None:
    path = f"requests/{make_request().number}/comments/"
    made = send(marketing, "post", path, {"body": "Frist"}).json()
    one = f"{path}{made['id']}/"
    etag = send(marketing, "get", one).headers["ETag"]
    changed = send(marketing, "patch", one, {"body": "First"}, if_match=etag)
    assert (changed.status_code, changed.json()["body"], changed.json()["version"]) == (200, "First", 2)
    assert send(marketing, "patch", one, {"body": "Other"}, if_match=etag).status_code == 412
    assert send(it, "patch", one, {"body": "Mine"}).status_code == 409
    for body in ({}, {"body": ""}, {"body": None}, {"text": "x"}, {"body": "x", "question_to": "it"}):
        assert send(marketing, "patch", one, body).status_code == 400


def test_of_a_deleted_comment_nothing_is_told(marketing: Client, it: Client) -> None:
    request = make_request()
    path = f"requests/{request.number}/comments/"
    made = send(marketing, "post", path, {"body": "Secretword"}).json()
    assert send(it, "delete", f"{path}{made['id']}/").status_code == 409
    assert send(marketing, "delete", f"{path}{made['id']}/").status_code == 204
    for address in (path, f"{path}{made['id']}/", f"requests/{request.number}/events/"):
        answer = send(it, "get", address)
        assert answer.status_code == 200
        assert "Secretword" not in answer.content.decode()
    assert send(it, "get", f"{path}{made['id']}/").json()["deleted_at"]


def test_a_comment_of_another_or_hidden_request_is_not_there(marketing: Client) -> None:
    hidden, other = make_request(restricted=True), make_request()
    theirs = make_comment(hidden, make_person(), question_to="marketing")
    for number in (hidden.number, other.number):
        for method, path in (("get", ""), ("patch", ""), ("delete", ""), ("post", "answer/")):
            address = f"requests/{number}/comments/{theirs.pk}/{path}"
            body = {"body": "x"} if method in ("patch", "post") else None
            assert send(marketing, method, address, body).status_code == 404


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", "[x](javascript:alert(1))", ">" * 5_000 + " x"]
)
def test_hostile_words_are_told_as_they_were_written(marketing: Client, body: str) -> None:
    path = f"requests/{make_request().number}/comments/"
    made = send(marketing, "post", path, {"body": body})
    assert (made.status_code, made.json()["body"]) == (201, body)
    assert send(marketing, "get", path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("body", ["", " \n ", "x" * 20_001, "a\x00b", None, 5, ["x"], {"a": 1}])
def test_words_that_are_none_are_told_at_their_field(marketing: Client, body: Any) -> None:
    answer = send(marketing, "post", f"requests/{make_request().number}/comments/", {"body": body})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["body"]


def test_a_mention_of_an_outsider_is_told_at_its_field(marketing: Client, mira: Person) -> None:
    hidden, guest = make_request(restricted=True, requester=mira), make_person(name="Gitta Gast")
    path = f"requests/{hidden.number}/comments/"
    response = send(marketing, "post", path, {"body": f"@{guest.email}?"})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("body", "not_visible")
    assert "Gitta Gast" in error["message"]
