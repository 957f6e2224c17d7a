"""What the OpenAPI document says of every operation: examples, its problems, and how errors look."""

from collections.abc import Callable
from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from portal.api.errors import PROBLEM_TYPE, PROBLEMS
from portal.api.examples import example_of

Direction = Literal["request", "response"]
SAFE = {"GET", "HEAD", "OPTIONS"}
ALWAYS = (400, 401, 404, 405, 406, 429, 500, 503)
WITH_BODY = (403, 409, 412, 413, 415)
FIELD_ERROR = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
}
PROBLEM = {
    "type": "object",
    "description": "A problem as in RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": FIELD_ERROR, "description": "What is wrong with which field."},
        "missing": {"type": "array", "items": FIELD_ERROR, "description": "What stands in the way (409)."},
        "current_version": {"type": "integer", "description": "The version that stands now (412)."},
    },
}


class ProblemSchema(AutoSchema):
    """Adds to each operation examples, and the problems that it may answer with."""

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        statuses = ALWAYS if self.method in SAFE else (*ALWAYS, *WITH_BODY)
        return bodies | {str(status): _problem(status) for status in sorted(statuses)}

    def _get_paginator(self) -> Any:
        """Only reading answers pages; what a change has made comes as a list."""
        pages: Callable[[], Any] = super()._get_paginator
        return pages() if self.method in SAFE else None

    def _get_examples(
        self,
        serializer: Any,
        direction: Direction,
        media_type: str | None,
        status_code: str | None = None,
        extras: list[Any] | None = None,
    ) -> dict[str, Any]:
        """What the view says, else what is written of the serializer."""
        examples: Callable[..., dict[str, Any]] = super()._get_examples
        written = [*(extras or []), *example_of(_name_of(serializer))]
        said = examples(serializer, direction, media_type, status_code, extras)
        return said or examples(serializer, direction, media_type, status_code, written)


def _name_of(serializer: Any) -> str:
    one = getattr(serializer, "child", serializer)
    return one.__name__ if isinstance(one, type) else type(one).__name__


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": str(PROBLEMS[status][2]), "content": {PROBLEM_TYPE: {"schema": schema}}}


def add_problem(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Put the shape of a problem among the document's components."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    return result


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "portal.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal access token."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "portal.api.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
