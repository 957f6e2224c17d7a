"""One open stream: what waits to be sent through it. It never grows: who is too slow is told to look anew."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field

from activity.broadcast import RESYNC, Message
from notifications.live.sessions import Listener

MOST_WAITING = 200
BEAT_SECONDS = 10.0

BEAT = b"event: beat\ndata:\n\n"
HELLO = b"retry: 2000\nevent: hello\ndata:\n\n"
BYE = b"event: bye\ndata:\n\n"


def chunk(message: Message) -> bytes:
    """A message as the browser reads it: kind and number, nothing else."""
    if message == RESYNC:
        return b"event: resync\ndata:\n\n"
    data = json.dumps({"kind": message.kind, "about": message.about, "number": message.number})
    mark = f"id: {message.event}\n" if message.event else ""
    return f"{mark}event: change\ndata: {data}\n\n".encode()


@dataclass(eq=False)
class Stream:
    """Belongs to one browser of ``listener``; with ``board`` only that board's requests are told."""

    listener: Listener
    board: str = ""
    _waiting: deque[bytes] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    is_greeted: bool = False

    def greet(self) -> None:
        """Say that from now on everything is told."""
        self.is_greeted = True
        self.put(HELLO)

    def put(self, data: bytes) -> None:
        """Let ``data`` be sent as soon as the browser takes it."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            data = chunk(RESYNC)
        self._waiting.append(data)
        self._news.set()

    def end(self, last: bytes = b"") -> None:
        """Send ``last`` and nothing after it."""
        if last:
            self.put(last)
        self.ended = True
        self._news.set()

    @property
    def has_news(self) -> bool:
        return bool(self._waiting)

    async def next(self) -> bytes:
        """All that waits, or a heartbeat after BEAT_SECONDS without anything; empty at the end."""
        if not self._waiting and not self.ended:
            try:
                await asyncio.wait_for(self._news.wait(), BEAT_SECONDS)
            except TimeoutError:
                return BEAT
        self._news.clear()
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data
