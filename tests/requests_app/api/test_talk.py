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
