"""Talking to the API as a machine does."""

from typing import Any

from django.test import Client

from teams.models import ApiToken, Person
from teams.tokens import create_token

API = "/api/v1/"
JSON = "application/json"
PROBLEM = "application/problem+json"


def secret_of(person: Person, scope: str = ApiToken.Scope.WRITE, **options: Any) -> str:
    """A fresh token of ``person``."""
    return create_token(person, "a script", scope, by=person, **options).secret


def bearer(secret: str, **headers: str) -> Client:
    """A client that sends ``secret``; a defect in a view is answered, not raised."""
    sent = {"authorization": f"Bearer {secret}", **headers}
    return Client(headers=sent, raise_request_exception=True)


def machine(person: Person, scope: str = ApiToken.Scope.WRITE, **headers: str) -> Client:
    """A client that acts as ``person`` by a token; it asks for English unless ``headers`` say otherwise."""
    return bearer(secret_of(person, scope), **{"accept-language": "en", **headers})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """One call with a JSON body; ``path`` begins behind /api/v1/."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    call = getattr(client, method)
    if method == "get":
        return call(API + path, body, headers=names)
    return call(API + path, {} if body is None else body, content_type=JSON, headers=names)
