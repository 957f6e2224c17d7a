"""A small load generator: kept-open connections to 127.0.0.1, a bounded number of requests and of seconds."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench.counting import ANSWERS, ASKS

HOST = "127.0.0.1"
TIMEOUT = 60.0


@dataclass(frozen=True)
class Call:
    """One request to make; ``ends`` are the answers that count as success."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ends: frozenset[int] = frozenset({200})


class Failed(Exception):
    """The server gave an answer that is no success, so its time means nothing."""


@dataclass
class Sample:
    """Seconds of each request, and how long all took together."""

    seconds: list[float]
    elapsed: float

    @property
    def median_ms(self) -> float:
        return 1000 * statistics.median(self.seconds)

    @property
    def p95_ms(self) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed


def make(
    connection: http.client.HTTPConnection, call: Call, headers: Mapping[str, str] | None = None
) -> http.client.HTTPResponse:
    """Make one call; raises Failed with the answer's beginning."""
    connection.request(call.method, call.path, body=call.body, headers={**call.headers, **(headers or {})})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status not in call.ends:
        raise Failed(f"{call.method} {call.path}: {answer.status} {body[:600]!r}")
    answer.length = len(body)
    return answer


def facts(port: int, call: Call) -> tuple[int, int]:
    """How many SQL queries the call takes, and how many bytes its answer has before compression."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    answer = make(connection, call, {ASKS: "1"})
    connection.close()
    return int(answer.headers[ANSWERS]), int(answer.length or 0)


class _Round:
    """Calls that several clients share, until there are enough, time is up or one failed."""

    def __init__(self, port: int, calls: Iterator[Call], count: int, limit: float) -> None:
        self.port, self.calls, self.left, self.limit = port, calls, count, limit
        self.lock = threading.Lock()
        self.seconds: list[float] = []
        self.errors: list[Exception] = []
        self.began = time.perf_counter()

    def next_call(self) -> Call | None:
        with self.lock:
            if self.left <= 0 or self.errors or time.perf_counter() - self.began > self.limit:
                return None
            self.left -= 1
            return next(self.calls, None)

    def work(self) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)
        try:
            while call := self.next_call():
                start = time.perf_counter()
                make(connection, call)
                self.seconds.append(time.perf_counter() - start)
        except (Failed, OSError, http.client.HTTPException) as error:
            self.errors.append(error)
        finally:
            connection.close()


def load(port: int, calls: Iterator[Call], clients: int, count: int, limit: float) -> Sample:
    """Make ``count`` calls by ``clients`` at once, but for no more than ``limit`` seconds; raises Failed."""
    shared = _Round(port, calls, count, limit)
    threads = [threading.Thread(target=shared.work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if shared.errors:
        raise shared.errors[0]
    if not shared.seconds:
        raise Failed("there was nothing to call")
    return Sample(shared.seconds, time.perf_counter() - shared.began)
