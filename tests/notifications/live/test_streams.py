"""One stream: what waits in it, in which form, and that it never grows."""

import asyncio
import json

import pytest

from activity.broadcast import RESYNC, Message
from notifications.live import streams
from notifications.live.sessions import Listener
from notifications.live.streams import BEAT, BYE, MOST_WAITING, Stream, chunk

LISTENER = Listener(1, "key", "proof")


def test_a_message_carries_kind_and_number_alone() -> None:
    text = chunk(Message("request.moved", "request", 17, 4711)).decode()
    mark, event, data, end, _ = text.split("\n")
    assert (mark, event, end) == ("id: 4711", "event: change", "")
    assert json.loads(data.removeprefix("data: ")) == {
        "kind": "request.moved",
        "about": "request",
        "number": 17,
    }


def test_a_message_without_an_event_leaves_the_browsers_mark_alone() -> None:
    assert b"id:" not in chunk(Message("inbox.changed", "inbox", 3))
    assert b"id:" not in chunk(RESYNC)


def test_what_waits_is_sent_together_and_the_end_ends_it() -> None:
    async def run() -> list[bytes]:
        stream = Stream(LISTENER)
        stream.put(b"a")
        stream.put(b"b")
        first = await stream.next()
        stream.end(BYE)
        return [first, await stream.next(), await stream.next()]

    assert asyncio.run(run()) == [b"ab", BYE, b""]


def test_a_silent_stream_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.01)
    assert asyncio.run(Stream(LISTENER).next()) == BEAT


def test_a_browser_that_takes_nothing_is_told_to_look_anew() -> None:
    async def run() -> bytes:
        stream = Stream(LISTENER)
        for n in range(MOST_WAITING + 1):
            stream.put(chunk(Message("request.moved", "request", n, n)))
        return await stream.next()

    assert asyncio.run(run()) == chunk(RESYNC)
