"""`/live/`: server-sent events, native ASGI. It stands beside Django's handler and so checks by itself."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http import Http404
from django.http.request import split_domain_port, validate_host

from notifications.live.hub import Hub, TooMany
from notifications.live.sessions import Listener, listener_of
from notifications.live.streams import Stream
from requests_app.boards.board import get_board

ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
STREAM = [
    *ALWAYS,
    (b"content-type", b"text/event-stream"),
    # A proxy in between must pass on each message at once.
    (b"x-accel-buffering", b"no"),
]
hub = Hub()


class Refused(Exception):
    """Answered with ``status`` instead of a stream."""

    def __init__(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        self.status, self.headers = status, headers


async def live(scope: Any, receive: Any, send: Any) -> None:
    """Serve one stream until the browser goes, the session ends, or the process stops."""
    try:
        stream = await _opened(scope)
    except Refused as refused:
        await _refuse(send, refused)
        return
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM})
        await _serve(stream, receive, send)
    finally:
        hub.leave(stream)


async def _opened(scope: Any) -> Stream:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET":
        raise Refused(405, (b"allow", b"GET"))
    _refuse_strangers(headers)
    listener: Listener | None = await hub.ask(listener_of, headers.get(b"cookie", ""))
    if listener is None:
        raise Refused(401)
    stream = Stream(listener, await _board(scope))
    try:
        hub.join(stream)
    except TooMany:
        raise Refused(429, (b"retry-after", b"30")) from None
    return stream


def _refuse_strangers(headers: dict[bytes, str]) -> None:
    """As Django's own handler does: known hosts only, and no other site's page."""
    host, _port = split_domain_port(headers.get(b"host", ""))
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        raise Refused(400)
    if headers.get(b"sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403)


async def _board(scope: Any) -> str:
    try:
        query = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=10)
    except ValueError:
        raise Refused(400) from None
    slug = query.get("board", [""])[0]
    if not slug:
        return ""
    if not slug.isprintable():
        raise Refused(404)
    try:
        return str((await hub.ask(get_board, slug)).slug)
    except Http404:
        raise Refused(404) from None


async def _serve(stream: Stream, receive: Any, send: Any) -> None:
    gone = asyncio.ensure_future(_until_gone(receive))
    await hub.ready()
    stream.greet()
    try:
        while not gone.done() and not (stream.ended and not stream.has_news):
            waits = asyncio.ensure_future(stream.next())
            await asyncio.wait({gone, waits}, return_when=asyncio.FIRST_COMPLETED)
            if not waits.done():
                waits.cancel()
                return
            if data := waits.result():
                await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, refused: Refused) -> None:
    problem = {"type": "about:blank", "status": refused.status}
    headers = [*ALWAYS, (b"content-type", b"application/problem+json"), *refused.headers]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode(), "more_body": False})
