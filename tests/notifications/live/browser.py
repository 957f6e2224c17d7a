"""A browser at `/live/`, as far as the server can tell."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client

from activity import log
from notifications.live import endpoint
from portal.asgi import application
from requests_app.models import Request
from teams.models import Person
from tests.processes import PATIENCE

Scope = dict[str, Any]
LIMIT = PATIENCE


def cookie_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def scope(person: Person | None = None, query: str = "", method: str = "GET", **headers: str) -> Scope:
    given = {"host": "127.0.0.1", **headers} | ({"cookie": cookie_of(person)} if person else {})
    return {
        "type": "http",
        "path": "/live/",
        "method": method,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }


class Browser:
    """One connection: keeps what comes, and can go away."""

    def __init__(self, asked: Scope) -> None:
        self.asked = asked
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.gone = asyncio.Event()
        self.task = asyncio.ensure_future(application(asked, self._receive, self._send))

    async def _receive(self) -> Scope:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Scope) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        self.text += message.get("body", b"").decode()

    async def reads(self, words: str) -> None:
        async with asyncio.timeout(LIMIT):
            while words not in self.text:
                await asyncio.sleep(0.02)

    async def ends(self) -> None:
        await asyncio.wait_for(self.task, LIMIT)

    async def leaves(self) -> None:
        self.gone.set()
        await self.ends()


async def arrives(person: Person, query: str = "", **headers: str) -> Browser:
    """A browser in which ``person`` is signed in."""
    return Browser(await endpoint.hub.ask(lambda: scope(person, query, **headers)))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        try:
            await story()
        finally:
            endpoint.hub.close()
            await asyncio.gather(*endpoint.hub._tasks, return_exceptions=True)

    asyncio.run(told())


def answer_to(asked: Scope) -> Browser:
    found: list[Browser] = []

    async def story() -> None:
        found.append(Browser(asked))
        await found[0].ends()

    run(story)
    return found[0]


async def said(request: Request) -> None:
    def record() -> None:
        with transaction.atomic():
            log.record("request.commented", request, by=None)

    await endpoint.hub.ask(record)


async def subscribed(browser: Browser) -> None:
    """Who was greeted misses nothing."""
    await browser.reads("event: hello")
