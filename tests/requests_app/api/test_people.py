"""Who follows, supports or mutes a request, by the API."""

from typing import Any

import pytest
from django.test import Client

from requests_app.discussion import support, watch
from requests_app.models import Mute, Supporter, Watcher
from teams.models import Person
from tests.api_client import machine, send
from tests.factories import make_person, make_request

pytestmark = pytest.mark.django_db


def names(client: Client, path: str) -> list[str]:
    return [row["person"]["name"] for row in send(client, "get", path).json()["results"]]


@pytest.mark.parametrize(("what", "table"), [("watchers", Watcher), ("supporters", Supporter)])
def test_one_adds_and_removes_oneself(marketing: Client, mira: Person, what: str, table: Any) -> None:
    path = f"requests/{make_request().pk}/{what}/"
    for _twice in range(2):
        answer = send(marketing, "post", path)
        assert (answer.status_code, answer.json()["person"]["id"]) == (201, mira.pk)
    assert names(marketing, path) == [mira.name]
    assert send(marketing, "delete", f"{path}{mira.pk}/").status_code == 204
    assert not table.objects.exists()
    assert send(marketing, "delete", f"{path}{mira.pk}/").status_code == 404


def test_the_requester_lets_others_follow_and_stops_it(ivo: Person) -> None:
    request = make_request()
    assert request.requester
    client, path = machine(request.requester), f"requests/{request.pk}/watchers/"
    assert send(client, "post", path, {"person": ivo.pk}).status_code == 201
    assert names(client, path) == [ivo.name]
    assert send(client, "delete", f"{path}{ivo.pk}/").status_code == 204


def test_nobody_else_names_or_removes_watchers(marketing: Client, ivo: Person) -> None:
    request = make_request()
    path = f"requests/{request.pk}/watchers/"
    watch(request.pk, by=ivo)
    for answer in (
        send(marketing, "post", path, {"person": make_person().pk}),
        send(marketing, "delete", f"{path}{ivo.pk}/"),
    ):
        assert (answer.status_code, answer.json()["missing"][0]["code"]) == (409, "not_yours")


def test_nobody_takes_back_the_support_of_others(marketing: Client, ivo: Person) -> None:
    request = make_request()
    support(request.pk, by=ivo)
    answer = send(marketing, "delete", f"requests/{request.pk}/supporters/{ivo.pk}/")
    assert (answer.status_code, answer.json()["missing"][0]["code"]) == (409, "not_yours")


@pytest.mark.parametrize(
    ("what", "body", "field", "code"),
    [
        ("watchers", {"person": "1"}, "person", "invalid"),
        ("watchers", {"person": 999_999}, "person", "does_not_exist"),
        ("watchers", {"name": "x"}, "name", "unknown_field"),
        ("supporters", {"person": 1}, "person", "unknown_field"),
    ],
)
def test_wrong_bodies_are_problems(
    marketing: Client, what: str, body: dict[str, Any], field: str, code: str
) -> None:
    answer = send(marketing, "post", f"requests/{make_request().pk}/{what}/", body)
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("what", ["watchers", "supporters"])
def test_of_hidden_requests_nobody_is_told(marketing: Client, what: str) -> None:
    hidden = make_request(restricted=True)
    path = f"requests/{hidden.pk}/{what}/"
    for method, address in (("get", path), ("post", path), ("delete", f"{path}1/")):
        assert send(marketing, method, address).status_code == 404


def test_who_leaves_a_restricted_request_loses_sight_of_it() -> None:
    request, person = make_request(restricted=True), make_person()
    watch(request.pk, person, by=request.requester)  # type: ignore[arg-type]
    client, path = machine(person), f"requests/{request.pk}/watchers/"
    assert send(client, "delete", f"{path}{person.pk}/").status_code == 204
    assert send(client, "get", path).status_code == 404


def test_muting_is_put_and_taken_off(marketing: Client, mira: Person) -> None:
    path = f"requests/{make_request().pk}/mute/"
    for method, there in (("put", True), ("put", True), ("delete", False), ("delete", False)):
        assert send(marketing, method, path).status_code == 204
        assert Mute.objects.filter(person=mira).exists() == there
    assert send(marketing, "put", path, {"for": "ever"}).status_code == 400
    assert send(marketing, "put", f"requests/{make_request(restricted=True).pk}/mute/").status_code == 404
