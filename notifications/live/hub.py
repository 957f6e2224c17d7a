"""All streams of one process: one subscription to Redis, one question to the database for all that listen."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import FrameType
from typing import Any, TypeVar

import redis.asyncio
import redis.exceptions
from django.conf import settings
from django.db import close_old_connections

from activity.broadcast import RESYNC, Message, channel, understood
from notifications.live.audience import heard, on_boards
from notifications.live.sessions import Listener, still_signed_in
from notifications.live.streams import BYE, Stream, chunk

logger = logging.getLogger(__name__)

# Sign-out, deactivation and a new password end a stream within five seconds.
CHECK_SECONDS = 4.0
# What comes together is asked about together; nobody notices so short a wait.
GATHER_SECONDS = 0.03
POLL_SECONDS = 5.0
AGAIN_SECONDS = 1.0
READY_SECONDS = 1.0
MOST_OF_A_PERSON = 20
MOST_STREAMS = 3000

Found = TypeVar("Found")


class TooMany(Exception):
    """No further stream is opened for this person, or in this process."""


class Hub:
    """Lives in one event loop; the database is asked in threads of its own, which keep their connections."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._hears = asyncio.Event()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self._closing = False

    async def ask(self, question: Callable[..., Found], *given: Any) -> Found:
        """The answer of a function that reads the database."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _with_connection, partial(question, *given))

    def join(self, stream: Stream) -> None:
        """Let ``stream`` hear from now on.

        :raises TooMany: where the person or the process has as many streams as they may.
        """
        own = sum(other.listener.person == stream.listener.person for other in self.streams)
        if self._closing or own >= MOST_OF_A_PERSON or len(self.streams) >= MOST_STREAMS:
            raise TooMany
        self.streams.add(stream)
        if not self._tasks:
            _on_stop(self.close)
            self._tasks = [asyncio.create_task(work()) for work in (self._listen, self._check)]

    async def ready(self) -> None:
        """Wait until Redis tells this process what happens, but not for long: it may be away.

        Who is greeted before that looks anew as soon as it does.
        """
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hears.wait(), READY_SECONDS)

    def leave(self, stream: Stream) -> None:
        """Forget ``stream``."""
        self.streams.discard(stream)

    def close(self) -> None:
        """End every stream, so that the process can stop; browsers come back to another."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        for stream in self.streams:
            stream.end()

    async def _listen(self) -> None:
        while True:
            try:
                async with _client() as client, client.pubsub() as heard_of:
                    await heard_of.subscribe(channel())
                    # The answer to it: from here on nothing is missed.
                    await heard_of.get_message(timeout=POLL_SECONDS)
                    self._tell_all(chunk(RESYNC))
                    self._hears.set()
                    await self._follow(heard_of)
            except (redis.exceptions.RedisError, OSError) as error:
                logger.warning("Live updates wait for Redis (%s).", error)
            self._hears.clear()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _follow(self, heard_of: Any) -> None:
        """Pass on what Redis says until the connection is cut."""
        while True:
            first = await heard_of.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
            if first is None:
                continue
            await asyncio.sleep(GATHER_SECONDS)
            messages = _read(first)
            while (more := await heard_of.get_message(ignore_subscribe_messages=True, timeout=0)) is not None:
                messages += _read(more)
            await self.tell(messages)

    async def tell(self, messages: list[Message]) -> None:
        """Give each stream what its person may hear; where that cannot be found out, all look anew."""
        people = {stream.listener.person for stream in self.streams}
        slugs = {stream.board for stream in self.streams if stream.board}
        if not messages or not people:
            return
        try:
            for_people = await self.ask(heard, messages, people)
            there = await self.ask(on_boards, messages, slugs) if slugs else {}
        except Exception:
            logger.exception("It could not be found out who may hear what; all are told to look anew.")
            self._tell_all(chunk(RESYNC))
            return
        for stream in tuple(self.streams):
            mine = for_people.get(stream.listener.person, [])
            if stream.board:
                mine = [one for one in mine if _concerns(one, there.get(stream.board, set()))]
            if mine:
                stream.put(b"".join(map(chunk, dict.fromkeys(mine))))

    def _tell_all(self, data: bytes) -> None:
        for stream in self.streams:
            if stream.is_greeted:
                stream.put(data)

    async def _check(self) -> None:
        """End the streams of those who are no longer signed in."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            asked = {stream.listener for stream in self.streams}
            try:
                held = await self.ask(still_signed_in, asked) if asked else set()
            except Exception:
                # Nobody hears anything while the database is away: it is asked before each message.
                logger.exception("It could not be found out who is still signed in.")
                continue
            self._end_of(asked - held)

    def _end_of(self, gone: Iterable[Listener]) -> None:
        listeners = set(gone)
        for stream in tuple(self.streams):
            if stream.listener in listeners:
                stream.end(BYE)


def _concerns(message: Message, numbers: set[int]) -> bool:
    return message.about != "request" or message.number in numbers


def _read(publication: dict[str, Any]) -> list[Message]:
    try:
        return understood(publication["data"])
    except ValueError:
        logger.warning("Redis said something that is none of ours: %.100r", publication["data"])
        return []


def _client() -> "redis.asyncio.Redis":
    # The interval keeps the connection alive, and finds out where it is cut without a word.
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=AGAIN_SECONDS, health_check_interval=int(POLL_SECONDS)
    )


def _with_connection(question: Callable[[], Found]) -> Found:
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()


def _on_stop(close: Callable[[], None]) -> None:
    """Close when the process is told to stop: the server waits for open streams, and kills after ten seconds.

    The loop's own handling goes on: it listens at the signal's file descriptor, not here.
    """
    loop = asyncio.get_running_loop()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(close)

    # Outside the main thread (in tests) nothing can be listened to.
    with contextlib.suppress(ValueError):
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, stop)
