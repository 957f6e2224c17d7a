"""The one place that turns what went wrong into an answer: `application/problem+json` (RFC 9457)."""

import json
import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
# Of a list or an object that is wrong as a whole, and of a body that is none.
NO_FIELD = ""
DRF_KEY = "non_field_errors"

# By status: the last word of the problem's type, its title, and what it says where nothing is known better.
PROBLEMS: dict[int, tuple[str, str | Promise, str | Promise]] = {
    400: ("invalid", gettext_lazy("Not understood"), gettext_lazy("Something in the request is wrong.")),
    401: (
        "not-signed-in",
        gettext_lazy("Not signed in"),
        gettext_lazy("Send a valid API token, or sign in."),
    ),
    403: ("forbidden", gettext_lazy("Not allowed"), gettext_lazy("You are not allowed to do this.")),
    404: (
        "not-found",
        gettext_lazy("Not found"),
        gettext_lazy("There is nothing here, or you cannot see it."),
    ),
    405: (
        "method-not-allowed",
        gettext_lazy("Method not allowed"),
        gettext_lazy("This address does not know this method."),
    ),
    406: (
        "not-acceptable",
        gettext_lazy("Not acceptable"),
        gettext_lazy("The API answers in application/json only."),
    ),
    409: ("not-now", gettext_lazy("Not possible now"), gettext_lazy("A rule stands in the way.")),
    412: (
        "changed-meanwhile",
        gettext_lazy("Changed meanwhile"),
        gettext_lazy("Somebody else has changed this since. Read it again and compare."),
    ),
    413: ("too-large", gettext_lazy("Too large"), gettext_lazy("The body is too large.")),
    415: (
        "media-type",
        gettext_lazy("Media type not supported"),
        gettext_lazy("This address does not take a body of this media type."),
    ),
    429: (
        "too-often",
        gettext_lazy("Too often"),
        gettext_lazy("That was too often in a short time. Wait and try again."),
    ),
    500: (
        "defect",
        gettext_lazy("Defect"),
        gettext_lazy("The portal made a mistake. Nothing was changed; please try again."),
    ),
    503: (
        "busy",
        gettext_lazy("Busy"),
        gettext_lazy("The portal is busy. Nothing was changed; please try again."),
    ),
}
UNNAMED: tuple[str, str, str] = ("http", "", "")


def problem(status: int, detail: str | Promise = "", **more: Any) -> dict[str, Any]:
    """The body of a problem."""
    name, title, usual = PROBLEMS.get(status, UNNAMED)
    return {
        "type": f"urn:tandem:problem:{name}",
        "title": str(title) or HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail or usual),
        **more,
    }


def plain_problem(status: int) -> bytes:
    """A problem of which only the status is known, as bytes."""
    return json.dumps(problem(status)).encode()


def answer(status: int, detail: str | Promise = "", **more: Any) -> Response:
    """A problem as a response."""
    return Response(problem(status, detail, **more), status=status, content_type=PROBLEM_TYPE)


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to any exception of a view of the API; what nobody foresaw is logged as a defect."""
    for kind, told in HANDLERS:
        if isinstance(error, kind):
            return told(error)
    view = type(context.get("view")).__name__
    logger.error("The API view %s failed", view, exc_info=error)
    got_request_exception.send(sender=type(context.get("view")), request=context.get("request"))
    return answer(500)


def _invalid_fields(error: InvalidFields) -> Response:
    return answer(400, _words(error.missing), errors=[_field_error(one) for one in error.missing])


def _rule_violation(error: RuleViolation) -> Response:
    missing = [_field_error(one) for one in error.missing]
    return answer(409, _words(error.missing), missing=missing)


def _stale(error: StaleVersion) -> Response:
    return answer(412, current_version=error.current_version)


def _not_found(error: Exception) -> Response:
    return answer(404)


def _forbidden(error: PermissionDenied) -> Response:
    return answer(403)


def _busy(error: OperationalError) -> Response:
    # Locks that were not given in time, a statement that took too long, a server that is just starting.
    logger.warning("The database could not answer: %s", error)
    response = answer(503)
    response.headers["Retry-After"] = "2"
    return response


def _validation(error: exceptions.ValidationError) -> Response:
    found = [_field_error(one) for one in flat(error.detail)]
    return answer(400, " ".join(one["message"] for one in found), errors=found)


def _api_exception(error: exceptions.APIException) -> Response:
    response = answer(error.status_code, _known_better(error))
    if getattr(error, "auth_header", None):
        response.headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait = getattr(error, "wait", None)
    if wait is not None:
        response.headers["Retry-After"] = str(ceil(wait))
    return response


def _known_better(error: exceptions.APIException) -> str | Promise:
    """The words of ``error`` where they are ours; the framework's own are replaced by the usual ones."""
    if isinstance(
        error, exceptions.MethodNotAllowed | exceptions.NotAcceptable | exceptions.UnsupportedMediaType
    ):
        return ""
    if isinstance(error, exceptions.NotAuthenticated | exceptions.Throttled | exceptions.NotFound):
        return ""
    return str(error.detail)


def flat(detail: Any, field: str = NO_FIELD) -> Iterator[Missing]:
    """The errors of a serializer, one after the other, each with the dotted name of its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flat(inner, field if name == DRF_KEY else _joined(field, str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from flat(inner, field)
    else:
        yield Missing(getattr(detail, "code", None) or "invalid", str(detail), field)


def _joined(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer else inner


def _field_error(one: Missing) -> dict[str, str]:
    return {"field": one.field, "code": one.code, "message": str(one.message)}


def _words(missing: tuple[Missing, ...]) -> str:
    return " ".join(str(one.message) for one in missing) or _("Something in the request is wrong.")


# The first that fits tells it, so the particular stand before the general.
HANDLERS: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
    (InvalidFields, _invalid_fields),
    (RuleViolation, _rule_violation),
    (StaleVersion, _stale),
    (Http404, _not_found),
    (PermissionDenied, _forbidden),
    (OperationalError, _busy),
    (exceptions.ValidationError, _validation),
    (exceptions.APIException, _api_exception),
)
