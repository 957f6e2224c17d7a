"""What went wrong, told in one shape."""

import json
import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from rest_framework import exceptions
from rest_framework.exceptions import ErrorDetail

from portal.api.errors import PROBLEM_TYPE, PROBLEMS, flat, handle, problem
from portal.api.middleware import finished
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from tests.api_client import bearer, secret_of, send
from tests.factories import make_person

MISSING = Missing("goal_missing", "Name the goal.", "goal")


class Unauthorised(exceptions.NotAuthenticated):
    auth_header = 'Bearer realm="api"'


@pytest.mark.parametrize(
    ("error", "status", "more"),
    [
        (
            RuleViolation([MISSING]),
            409,
            {"missing": [{"code": "goal_missing", "message": "Name the goal.", "field": "goal"}]},
        ),
        (
            InvalidFields([MISSING]),
            400,
            {"errors": [{"field": "goal", "code": "goal_missing", "message": "Name the goal."}]},
        ),
        (StaleVersion(7), 412, {"current_version": 7}),
        (Http404("No Request matches the given query."), 404, {}),
        (exceptions.NotFound("secret"), 404, {}),
        (PermissionDenied("inner words"), 403, {}),
        (Unauthorised(), 401, {}),
        (exceptions.MethodNotAllowed("PUT"), 405, {}),
        (exceptions.NotAcceptable(), 406, {}),
        (exceptions.UnsupportedMediaType("text/plain"), 415, {}),
        (exceptions.Throttled(wait=4.2), 429, {}),
        (exceptions.ParseError("No JSON."), 400, {}),
        (OperationalError("canceling statement due to lock timeout"), 503, {}),
        (ZeroDivisionError("division by zero"), 500, {}),
    ],
)
def test_every_error_has_its_status_and_shape(error: Exception, status: int, more: dict[str, Any]) -> None:
    response = handle(error, {})
    assert (response.status_code, response.content_type) == (status, PROBLEM_TYPE)
    body = response.data
    assert {key: body[key] for key in body if key not in ("type", "title", "status", "detail")} == more
    assert body["status"] == status
    assert body["type"] == f"urn:tandem:problem:{PROBLEMS[status][0]}"
    for inner in ("secret", "inner words", "division", "lock timeout", "Request matches"):
        assert inner not in json.dumps(body)


def test_waiting_and_signing_in_are_told_by_headers() -> None:
    assert handle(exceptions.Throttled(wait=4.2), {}).headers["Retry-After"] == "5"
    assert handle(Unauthorised(), {}).headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert handle(OperationalError(), {}).headers["Retry-After"] == "2"


def test_errors_of_nested_fields_come_flat() -> None:
    detail = {
        "title": [ErrorDetail("Too long.", code="max_length")],
        "expected_result": {
            "unit": [ErrorDetail("No.", code="invalid")],
            "non_field_errors": [ErrorDetail("Not so.")],
        },
        "non_field_errors": [ErrorDetail("Send an object.", code="invalid")],
    }
    found = [(one.field, one.code, str(one.message)) for one in flat(detail)]
    assert found == [
        ("title", "max_length", "Too long."),
        ("expected_result.unit", "invalid", "No."),
        ("expected_result", "invalid", "Not so."),
        ("", "invalid", "Send an object."),
    ]


def test_an_unknown_status_still_has_a_title() -> None:
    assert problem(418)["title"] == "I'm a Teapot"


def test_an_error_page_of_another_layer_becomes_a_problem() -> None:
    page = HttpResponse("<h1>Server error</h1>", status=500)
    response = finished(page)
    assert isinstance(response, HttpResponse)
    assert response.headers["Content-Type"] == PROBLEM_TYPE
    assert json.loads(response.content)["type"] == "urn:tandem:problem:defect"


@pytest.mark.django_db
def test_a_defect_is_logged_and_answered_as_a_problem(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("teams.api.me_out", fail)
    client = bearer(secret_of(make_person()))
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        response = send(client, "get", "me/")
    assert (response.status_code, response.headers["Content-Type"]) == (500, PROBLEM_TYPE)
    assert "a defect" not in response.content.decode()
    assert any(record.exc_info and "a defect" in str(record.exc_info[1]) for record in caplog.records)


@pytest.mark.django_db
def test_the_rest_of_the_portal_keeps_its_own_pages() -> None:
    assert Client().get("/nothing/").headers["Content-Type"].startswith("text/html")
