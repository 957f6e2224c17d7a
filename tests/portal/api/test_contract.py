"""Each path of the API × each way to ask, and the errors that every path shares."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.plugin import DjangoDbBlocker

from activity import clock
from requests_app.models import Request
from teams.models import ApiToken, Person
from teams.tokens import create_token, revoke
from tests.api_client import API, JSON, PROBLEM, bearer, machine, secret_of, send
from tests.factories import make_person, make_request
from tests.portal.api.contract import ASKED, OPEN, READS, WRITE_CASES, WRITES, make_names

pytestmark = pytest.mark.django_db


def paths(patterns: list[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from paths(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def test_every_path_of_the_api_is_in_this_contract() -> None:
    found = {
        path.removeprefix("api/v1/")
        for path in paths(get_resolver().url_patterns)
        if path.startswith("api/v1/")
    }
    assert found == set(READS) | set(WRITES) | ASKED | OPEN


@pytest.fixture(scope="module")
def names(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, object]]:
    """What a path names, made once for all tests of this module; each test takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_names()
        transaction.set_rollback(True)


@pytest.fixture
def person(names: dict[str, object], db: None) -> Person:
    return Person.objects.get(pk=str(names["person"]))


@pytest.fixture
def address(names: dict[str, object]) -> Callable[[str], str]:
    """Fills in what a path names."""
    return lambda path: path.format(**names)


def problem(response: Any, status: int, name: str) -> dict[str, Any]:
    """The body of a problem, whose shape is checked."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == PROBLEM
    body: dict[str, Any] = response.json()
    assert (body["status"], body["type"]) == (status, f"urn:tandem:problem:{name}")
    assert all(isinstance(body[key], str) and body[key] for key in ("title", "detail"))
    return body


# Who asks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", READS.values())
@pytest.mark.parametrize("scope", ["read", "write"])
def test_either_scope_reads(person: Person, address: Callable[[str], str], path: str, scope: str) -> None:
    response = send(machine(person, scope), "get", address(path))
    assert (response.status_code, response.headers["Content-Type"]) == (200, JSON)


@pytest.mark.parametrize(("method", "path", "body", "status"), WRITE_CASES)
def test_a_token_for_writing_writes(
    person: Person, address: Callable[[str], str], method: str, path: str, body: dict[str, Any], status: int
) -> None:
    assert send(machine(person), method, address(path), body).status_code == status


@pytest.mark.parametrize(("method", "path", "body", "status"), WRITE_CASES)
def test_a_token_for_reading_changes_nothing(
    person: Person, address: Callable[[str], str], method: str, path: str, body: dict[str, Any], status: int
) -> None:
    path = address(path)
    before = list(Request.objects.order_by("number").values())
    body = problem(send(machine(person, "read"), method, path, body), 403, "forbidden")
    assert body["detail"] == "This API token may only read."
    assert list(Request.objects.order_by("number").values()) == before


def refused_secrets(person: Person) -> Iterator[str]:
    yield "tdm_unknown"
    yield "no prefix at all"
    yield ""
    yield secret_of(person)[:-1]
    with clock.moved_to(clock.now() - timedelta(days=2)):
        yield secret_of(person, expires_at=clock.now() + timedelta(days=1))
    made = create_token(person, "revoked", ApiToken.Scope.WRITE, by=person)
    revoke(made.token, by=person)
    yield made.secret
    gone = make_person()
    secret = secret_of(gone)
    gone.is_active = False
    gone.save()
    yield secret


@pytest.mark.parametrize(
    ("method", "path"), [("get", path) for path in READS.values()] + [w[:2] for w in WRITE_CASES]
)
def test_without_a_valid_token_every_path_says_401(
    person: Person, address: Callable[[str], str], method: str, path: str
) -> None:
    for client in (Client(), *(bearer(secret) for secret in refused_secrets(person))):
        response = send(client, method, address(path), {} if method != "get" else None)
        problem(response, 401, "not-signed-in")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_not_made_up_for_by_a_session(person: Person) -> None:
    client = bearer("tdm_unknown")
    client.force_login(person)
    problem(send(client, "get", "me/"), 401, "not-signed-in")


def test_what_a_hidden_path_holds_is_not_told_to_strangers(address: Callable[[str], str]) -> None:
    answers = [send(Client(), "get", path) for path in (address("requests/{number}/"), "requests/999999/")]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 401


@pytest.mark.parametrize("path", READS.values())
def test_a_session_reads(person: Person, address: Callable[[str], str], path: str) -> None:
    client = Client()
    client.force_login(person)
    assert send(client, "get", address(path)).status_code == 200


@pytest.mark.parametrize(("method", "path", "body", "status"), WRITE_CASES)
def test_a_session_writes_only_with_the_csrf_token(
    person: Person, address: Callable[[str], str], method: str, path: str, body: dict[str, Any], status: int
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    problem(send(client, method, address(path), body), 403, "forbidden")
    secret = "a" * 32
    client.cookies["csrftoken"] = secret
    assert send(client, method, address(path), body, x_csrftoken=secret).status_code == status


# What every path answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v1/requests", "/api/v1/requests/abc/", "/api/v1/", "/api/v2/", "/api/"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_address_that_does_not_exist_is_a_problem(person: Person, path: str, method: str) -> None:
    problem(getattr(machine(person), method)(path), 404, "not-found")
    problem(getattr(Client(), method)(path), 404, "not-found")


KNOWN = {(method, path) for method, path, *_rest in WRITE_CASES}
UNKNOWN = [
    (method, path)
    for method in ("delete", "put", "options", "trace")
    for path in (*READS.values(), "requests/{number}/position/")
    if (method, path) not in KNOWN
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_an_unknown_method_is_a_problem(
    person: Person, address: Callable[[str], str], path: str, method: str
) -> None:
    if any((method, path) == written[:2] for written in WRITE_CASES):
        return
    response = getattr(machine(person), method)(API + address(path))
    problem(response, 405, "method-not-allowed")
    assert response.headers["Allow"]


def test_another_media_type_is_a_problem(person: Person) -> None:
    client = machine(person)
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "x" * 300):
        response = client.post(f"{API}requests/", "title=x", content_type=media_type)
        problem(response, 415, "media-type")


def test_another_answer_than_json_cannot_be_had(person: Person, address: Callable[[str], str]) -> None:
    problem(send(machine(person, accept="text/html"), "get", "me/"), 406, "not-acceptable")
    assert send(machine(person, accept="text/html, */*;q=0.1"), "get", "me/").status_code == 200


@pytest.mark.parametrize("path", READS.values())
def test_unknown_parameters_are_refused(person: Person, address: Callable[[str], str], path: str) -> None:
    response = send(machine(person), "get", f"{address(path)}?colour=red")
    found = problem(response, 400, "invalid")["errors"]
    assert [error["field"] for error in found] == ["colour"]


@pytest.mark.parametrize("path", READS.values())
def test_no_answer_may_be_kept_by_a_proxy(person: Person, address: Callable[[str], str], path: str) -> None:
    response = send(machine(person), "get", address(path))
    assert response.headers["Cache-Control"] == "private, no-cache"
    for name in ("Authorization", "Cookie", "Accept-Language"):
        assert name in response.headers["Vary"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


# Language -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "own", "answered"),
    [
        ("de", "en", "de"),
        ("en-GB,en;q=0.8", "de", "en"),
        ("fr, en;q=0.5", "de", "en"),
        ("fr", "en", "en"),
        ("*", "en", "en"),
        ("", "en", "en"),
        ("", "de", "de"),
        ("", "", "de"),
    ],
)
def test_the_header_says_the_language_else_the_person(
    person: Person, asked: str, own: str, answered: str
) -> None:
    Person.objects.filter(pk=person.pk).update(language=own)
    person.refresh_from_db()
    headers = {"accept-language": asked} if asked else {}
    client = bearer(secret_of(person), **headers)
    signed_in = Client(headers=headers)
    signed_in.force_login(person)
    message = {"de": "Füllen Sie dieses Feld aus.", "en": "Fill in this field."}[answered]
    for one in (client, signed_in):
        response = send(one, "post", f"requests/{make_request().number}/transitions/")
        assert response.json()["errors"][0]["message"] == message
        assert response.headers["Content-Language"] == answered


def test_the_language_of_one_call_does_not_stay_for_the_next(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(language="en", time_zone="Asia/Tokyo")
    person.refresh_from_db()
    send(bearer(secret_of(person)), "get", "me/")
    assert send(Client(), "get", "me/").headers["Content-Language"] == "de"
