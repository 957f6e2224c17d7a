"""Every URL pattern × every person × every kind of request, against the committed table.

A pattern that ``tests/permissions.json`` does not know fails. After a change that is meant, write it anew
with ``WRITE_TABLES=1 .venv/bin/pytest tests/test_permissions.py`` and read its difference.
"""

import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.permission_world import CANARY, KINDS, SECRET, World, build_world

TABLE = Path(__file__).with_name("permissions.json")
API_METHODS, PAGE_METHODS = ("get", "post", "put", "patch", "delete"), ("get", "post")

pytestmark = pytest.mark.django_db


def patterns() -> Iterator[tuple[str, str]]:
    """Name and route of every URL pattern."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(found: list[Any], route: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in found:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inside)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or here}", here


def addresses(world: World) -> Iterator[tuple[str, str, str]]:
    """Name, kind of request ("" where it is about none) and path of everything that can be asked for."""
    from tests.permission_paths import paths

    for name, route in sorted(set(patterns())):
        for kind, path in paths(name, route, world):
            yield name, kind, path


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """The answer, with everything that it changed taken back."""
    send = getattr(client, method)
    if method != "get" and path.startswith("/api/"):
        send = partial(send, data="{}", content_type="application/json")
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        answer: HttpResponse = send(path)
        transaction.set_rollback(True)
    # Whoever signed out in this answer is signed in again in the next one.
    client.cookies.clear()
    client.cookies.load(cookies)
    return answer


def body(answer: HttpResponse) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]


def test_who_gets_what(client: Client) -> None:
    world = build_world()
    answers: dict[str, dict[str, str]] = {}
    leaks = []
    # What no route takes is asked once, by whom sees most: the answer is the route's, not the person's.
    unknown: set[tuple[str, str]] = set()
    for person in sorted(world.people, key=lambda name: name != "admin"):
        account = world.people[person]
        own = Client(raise_request_exception=False)
        if account:
            own.force_login(account)
        for name, kind, path in addresses(world):
            if not asked(name, person):
                continue
            methods = methods_of(path)
            statuses = []
            for method in methods:
                if (path, method) in unknown and account:
                    statuses.append("405")
                    continue
                answer = ask(own, method, path)
                if answer.status_code == 405 and person == "admin":
                    unknown.add((path, method))
                statuses.append(str(answer.status_code))
                leaks += [
                    f"{word}: {person} {method} {path}"
                    for word in hidden_words(person)
                    if word in body(answer)
                ]
            answers.setdefault(f"{name} {kind}".strip(), {})[person] = " ".join(statuses)
    assert not leaks
    assert not failures(answers)
    compare(answers)


def asked(name: str, person: str) -> bool:
    """Django's own read-only pages, one set for each model, need no seven people."""
    return not name.startswith("admin:") or person in ("nobody", "it.lead", "admin")


def methods_of(path: str) -> tuple[str, ...]:
    if path.startswith("/admin/"):
        return ("get",)
    return API_METHODS if path.startswith("/api/") else PAGE_METHODS


def hidden_words(person: str) -> tuple[str, ...]:
    return {"admin": (), "nobody": (CANARY, SECRET), "outsider": (CANARY, SECRET)}.get(person, (CANARY,))


def failures(answers: dict[str, dict[str, str]]) -> list[str]:
    """What no table may allow: errors of the server, and any other answer than 404 about what is hidden."""
    wrong = []
    for row, by_person in answers.items():
        kind = row.rpartition(" ")[2]
        for person, statuses in by_person.items():
            found = set(statuses.split())
            if any(status.startswith("5") for status in found):
                wrong.append(f"{row}: {person} gets {statuses}")
            if kind in KINDS and hidden(kind, person) and not found <= {"404", "405"}:
                wrong.append(f"{row}: {person} gets {statuses} instead of 404")
    return wrong


def hidden(kind: str, person: str) -> bool:
    if person == "nobody" or kind == "open":
        return False
    seen = {"restricted": {"outsider"}, "foreign": {"admin"}, "draft": set()}
    return person in seen[kind] if kind == "restricted" else person not in seen[kind]


def compare(answers: dict[str, dict[str, str]]) -> None:
    written = json.dumps(answers, indent=1, sort_keys=True) + "\n"
    if os.environ.get("WRITE_TABLES"):
        TABLE.write_text(written)
    assert json.loads(TABLE.read_text()) == answers
