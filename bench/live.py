"""Live boards under load: many open streams, some that fetch as browsers do, cards that move all the time."""

import asyncio
import http.client
import itertools
import json
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.client import HOST, Call, make
from bench.scenarios import Actor, biggest_team, lead
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.seeding.people import MAIL_DOMAIN
from teams.models import Person, Side, Team

BOARDS = 2
FETCHING = 20
# Of one person a process keeps so many streams; there are two processes.
STREAMS_EACH = 15
MOVES_PER_SECOND = 5
# Changes of this time are fetched together.
TOGETHER_SECONDS = 0.25
# So long is a fragment waited for that never comes.
SETTLE_SECONDS = 60.0
CHANGE = re.compile(rb"id: (\d+)\nevent: change\ndata: (\{.*?\})\n")


@dataclass
class Reader:
    """One open stream; ``fetches`` what it hears of, where it is a whole browser."""

    board: str
    cookies: str
    fetches: bool
    heard: dict[int, int] = field(default_factory=dict)
    # For each number when its fragment was there.
    seen: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    waiting: set[int] = field(default_factory=set)
    writer: asyncio.StreamWriter | None = None

    async def open(self, port: int) -> asyncio.StreamReader:
        reader, self.writer = await asyncio.open_connection(HOST, port, limit=2**20)
        head = f"GET /live/?board={self.board} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookies}\r\n\r\n"
        self.writer.write(head.encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"/live/ answered {status!r}")
        await reader.readuntil(b"event: hello")
        return reader

    async def listen(self, port: int, reader: asyncio.StreamReader) -> None:
        rest = b""
        while data := await reader.read(2**16):
            rest += data
            for found in CHANGE.finditer(rest):
                self.heard[int(found[1])] = number = json.loads(found[2])["number"]
                if self.fetches:
                    self._plan(port, number)
            rest = (
                rest[-400:]
                if b"event: change" not in rest[-400:]
                else rest[rest.rindex(b"event: change") - 40 :]
            )

    def _plan(self, port: int, number: int) -> None:
        if not self.waiting:
            asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._fetch, port)
        self.waiting.add(number)

    def _fetch(self, port: int) -> None:
        numbers, self.waiting = sorted(self.waiting), set()
        query = "&".join(f"n={number}" for number in numbers)
        call = Call(
            f"/boards/{self.board}/fresh/?{query}",
            headers={"Cookie": self.cookies, "Accept": "application/json"},
        )

        def fetch() -> None:
            connection = http.client.HTTPConnection(HOST, port, timeout=30)
            make(connection, call)
            connection.close()

        async def fetched() -> None:
            await asyncio.to_thread(fetch)
            for number in numbers:
                self.seen[number].append(time.perf_counter())

        self.task = asyncio.ensure_future(fetched())


def idle_bytes(port: int, streams: int) -> float:
    """How much memory one more idle stream takes in the web processes, in bytes."""
    return asyncio.run(_idle(port, streams))


async def _idle(port: int, streams: int) -> float:
    readers, _movers = await asyncio.to_thread(_prepared, streams)
    before = _memory(port)
    for one in readers:
        await one.open(port)
    await asyncio.sleep(1)
    taken = _memory(port) - before
    for one in readers:
        if one.writer:
            one.writer.close()
    return taken / len(readers)


def _memory(port: int) -> int:
    """What the processes of the web server on ``port`` use, shared pages by their share."""
    mark, total = f"PORT={port}".encode(), 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (path / "environ").read_bytes().split(b"\0"):
                rollup = (path / "smaps_rollup").read_text()
                total += 1024 * int(re.findall(r"^Pss:\s+(\d+)", rollup, re.M)[0])
        except OSError:
            continue
    return total


def measured(port: int, streams: int, seconds: float) -> dict[str, Any]:
    """How long a moved card takes to another browser, and how many messages were lost."""
    return asyncio.run(_measure(port, streams, seconds))


async def _measure(port: int, streams: int, seconds: float) -> dict[str, Any]:
    readers, movers = await asyncio.to_thread(_prepared, streams)
    opened = [await one.open(port) for one in readers]
    listening = [
        asyncio.ensure_future(one.listen(port, reader)) for one, reader in zip(readers, opened, strict=True)
    ]
    await asyncio.sleep(1)
    moved = await asyncio.to_thread(_move, port, movers, seconds)
    await _settle(readers, moved)
    for task in listening:
        task.cancel()
    for one in readers:
        if one.writer:
            one.writer.close()
    return _told(readers, moved)


async def _settle(readers: Sequence[Reader], moved: dict[str, list[tuple[int, float]]]) -> None:
    """Until all is heard of and fetched, but no longer than SETTLE_SECONDS."""
    until = time.perf_counter() + SETTLE_SECONDS
    while time.perf_counter() < until and not all(_is_through(one, moved[one.board]) for one in readers):
        await asyncio.sleep(0.05)


def _is_through(reader: Reader, moved: Sequence[tuple[int, float]]) -> bool:
    if len(reader.heard) < len(moved):
        return False
    return not reader.fetches or all(_fetched_after(reader, *move) for move in moved)


def _fetched_after(reader: Reader, number: int, answered: float) -> list[float]:
    """When the card was fetched after its move; streams may be told before who moved it is answered."""
    return [at for at in reader.seen[number] if at >= answered - 0.5]


@dataclass
class Mover:
    board: str
    actor: Actor
    cards: Iterator[int]


def _prepared(streams: int) -> tuple[list[Reader], list[Mover]]:
    boards = _boards()
    people = list(
        Person.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").order_by("pk")[: -(-streams // STREAMS_EACH)]
    )
    cookies = [Actor(person).reads["Cookie"] for person in people]
    readers = [
        Reader(boards[n % len(boards)].slug, cookies[n % len(cookies)], fetches=n < FETCHING)
        for n in range(streams)
    ]
    return readers, [_mover(team) for team in boards]


def _boards() -> Sequence[Team]:
    biggest = biggest_team()
    others = Team.objects.filter(slug__startswith="seed-", side=Side.IT).exclude(pk=biggest.pk)
    return [biggest, *others[: BOARDS - 1]]


def _mover(team: Team) -> Mover:
    by = Actor(
        lead() if team == biggest_team() else team.members.filter(memberships__role="lead").earliest("pk")
    )
    cards = Request.objects.for_everyone().filter(serving_team=team, status=Status.SHAPING)
    return Mover(
        team.slug, by, itertools.cycle(list(cards.order_by("-rank").values_list("number", flat=True)[:30]))
    )


def _move(port: int, movers: Sequence[Mover], seconds: float) -> dict[str, list[tuple[int, float]]]:
    """Move a card to the top of its column, five times a second; when each move was answered."""
    moved: dict[str, list[tuple[int, float]]] = defaultdict(list)
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    began = time.perf_counter()
    for n in range(int(seconds * MOVES_PER_SECOND)):
        mover = movers[n % len(movers)]
        number = next(mover.cards)
        version = _version(number)
        fields = {"number": number, "version": version, "status": Status.SHAPING.value}
        make(connection, mover.actor.post(f"/boards/{mover.board}/move/", fields))
        answered = time.perf_counter()
        # Who is on top already stays there, and nobody is told.
        if _version(number) != version:
            moved[mover.board].append((number, answered))
        time.sleep(max(0.0, began + (n + 1) / MOVES_PER_SECOND - time.perf_counter()))
    connection.close()
    return moved


def _version(number: int) -> int:
    return Request.objects.values_list("version", flat=True).get(number=number)


def _told(readers: Sequence[Reader], moved: dict[str, list[tuple[int, float]]]) -> dict[str, Any]:
    waits = [wait for one in readers if one.fetches for wait in _waits(one, moved[one.board])]
    lost = sum(max(0, len(moved[one.board]) - len(one.heard)) for one in readers)
    ordered = sorted(waits)
    return {
        "streams": len(readers),
        "moves": sum(map(len, moved.values())),
        "heard": sum(len(one.heard) for one in readers),
        "lost": lost,
        "median_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[int(len(ordered) * 0.95)],
    }


def _waits(reader: Reader, moved: Sequence[tuple[int, float]]) -> Iterator[float]:
    """From each move's answer to the first fragment of its card after it."""
    for number, answered in moved:
        after = _fetched_after(reader, number, answered)
        yield max(0.0, min(after) - answered) if after else float(SETTLE_SECONDS)
