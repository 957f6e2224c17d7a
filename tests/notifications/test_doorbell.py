"""Redis away or frozen: steps are accepted without waiting, and their effects come once it is back."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from activity import bell, broadcast, log
from activity.models import Event, FanOut
from notifications.models import Channel, Delivery, InboxEntry
from requests_app.choices import Status
from requests_app.models import Request
from tests.factories import make_request
from tests.notifications.own_redis import OwnRedis, own_redis
from tests.notifications.telling import Cast, make_cast
from tests.notifications.test_torture import FULL, ROOT, Sink, mail_server
from tests.processes import PATIENCE, wait_until

# In full size the writing takes a minute by its pauses alone.
STEPS, PAUSE = (60, 1.0) if FULL else (20, 0.0)
# One bounded wait, and what a step itself takes. In small size it runs beside other tests, and the machine
# may hold any write up: then only most of them are measured.
LONGEST = 3.0 if FULL else PATIENCE
LONGEST_UNTIL_TOLD = 90.0 if FULL else PATIENCE


@contextmanager
def background(env: dict[str, str]) -> Iterator[None]:
    """A worker and a beat, as the operator starts them."""
    worker = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-c", "1", "-l", "warning"]
    commands = [[*worker, "--without-mingle", "--without-gossip"], [sys.executable, "manage.py", "beat"]]
    started = [subprocess.Popen(command, env=env, cwd=ROOT) for command in commands]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


@dataclass
class Outage:
    """People, requests and processes with a Redis that may go."""

    cast: Cast
    requests: list[Request]
    redis: OwnRedis
    sink: Sink
    env: dict[str, str]

    def write(self) -> list[float]:
        """Take a step and mention the watcher elsewhere, again and again; how long each write took."""
        numbers = [request.pk for request in (self.cast.request, *self.requests)]
        told = (self.cast.it_owner.pk, self.cast.watcher.pk, PAUSE, *numbers)
        command = [sys.executable, "-m", "tests.notifications.stepper", *map(str, told)]
        answer = subprocess.run(
            command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        seconds: list[float] = json.loads(answer.stdout)
        return seconds

    def is_told(self) -> bool:
        """Whether all of it lies in the watcher's inbox and all mentions have been mailed."""
        inbox = InboxEntry.objects.filter(person=self.cast.watcher).count()
        return inbox == 2 * STEPS and len(self.mails()) == STEPS

    def mails(self) -> list[str]:
        """The mentions that were mailed; beside them there may be a digest by now."""
        told = Delivery.objects.filter(person=self.cast.watcher, channel=Channel.MAIL)
        marks = set(told.values_list("message_id", flat=True))
        return [line for line in self.sink.lines("taken") if line.split()[0] in marks]


@pytest.fixture
def outage(environment: dict[str, str], tmp_path: Path) -> Iterator[Outage]:
    cast = make_cast(Status.READY)
    requests = [make_request(Status.READY) for _ in range(STEPS)]
    with own_redis() as server, mail_server(tmp_path, environment, 0.0) as sink:
        environment |= {"REDIS_URL": f"unix://{server.socket}?db=0"}
        yield Outage(cast, requests, server, sink, environment)


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["frozen", "stopped", "flushed"] if FULL else ["frozen"])
def test_writes_are_accepted_while_redis_is_away_and_told_when_it_is_back(fault: str, outage: Outage) -> None:
    """In full size for at least a minute. Flushed it forgets all rings, and is so again and again."""
    with background(outage.env), ThreadPoolExecutor(1) as beside:
        break_redis(fault, outage.redis)
        started = time.monotonic()
        writing = beside.submit(outage.write)
        while not writing.done():
            if fault == "flushed":
                outage.redis.flush()
            time.sleep(1)
        seconds, lasted = writing.result(), time.monotonic() - started
        mend_redis(fault, outage.redis)
        back = time.monotonic()
        told = wait_until(outage.is_told)
        until_told = time.monotonic() - back
    print(
        f"Redis {fault} for {lasted:.0f} s: {len(seconds)} writes, slowest {max(seconds):.2f} s,"
        f" all told {until_told:.1f} s after it was back"
    )
    assert len(seconds) == 2 * STEPS
    assert_nobody_waits_twice(seconds)
    assert told
    assert until_told < LONGEST_UNTIL_TOLD
    assert len(set(outage.mails())) == STEPS
    # The beat may have said something of its own by now.
    assert wait_until(lambda: not FanOut.objects.filter(done_at=None).exists())


def assert_nobody_waits_twice(seconds: list[float]) -> None:
    """Only the first of many writes waits for Redis; then it is known to be away."""
    assert statistics.median(seconds) < broadcast.WAITS_SECONDS
    assert max(seconds) < LONGEST


def break_redis(fault: str, server: OwnRedis) -> None:
    if fault == "frozen":
        server.freeze()
    elif fault == "stopped":
        server.stop()


def mend_redis(fault: str, server: OwnRedis) -> None:
    if fault == "frozen":
        server.thaw()
    elif fault == "stopped":
        server.start()


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_writes_are_accepted_while_redis_is_stopped(outage: Outage) -> None:
    outage.redis.stop()
    seconds = outage.write()
    print(f"{len(seconds)} writes with a stopped Redis, slowest {max(seconds):.2f} s")
    assert_nobody_waits_twice(seconds)
    assert Event.objects.count() == FanOut.objects.filter(done_at=None).count() == 2 * STEPS


@pytest.fixture
def _loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)


@pytest.mark.usefixtures("_loud")
def test_after_one_failed_ring_nobody_waits_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rings: list[str] = []

    def fail(name: str, **_options: object) -> None:
        rings.append(name)
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", fail)
    monkeypatch.setattr(bell, "SILENCE_SECONDS", PATIENCE)
    bell.ring()
    bell.ring()
    assert rings == [bell.FAN_OUT_TASK]
    monkeypatch.setattr(bell, "_silent_until", time.monotonic() - 1)
    bell.ring()
    assert len(rings) == 2


@pytest.mark.usefixtures("_loud")
def test_open_pages_that_cannot_be_told_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def fail(news: object) -> None:
        told.append(news)
        raise redis.exceptions.TimeoutError

    monkeypatch.setattr(broadcast, "publish", fail)
    monkeypatch.setattr(bell, "SILENCE_SECONDS", PATIENCE)
    bell.announce([])
    bell.announce([])
    bell.ring()
    assert told == [[]]


@pytest.mark.django_db
@pytest.mark.usefixtures("_loud")
def test_a_transaction_rings_once_and_a_rolled_back_one_never(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    request = make_cast().request
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for _ in range(3):
            log.record("request.commented", request, by=None)
    [ring] = callbacks
    assert isinstance(ring, bell.Ring)
    assert {(news.kind, news.number) for news in ring.news} == {("request.commented", request.number)}
    assert len(ring.news) == 3
    with django_capture_on_commit_callbacks() as callbacks, suppress(Rollback), transaction.atomic():
        log.record("request.commented", request, by=None)
        raise Rollback
    assert callbacks == []


class Rollback(Exception):
    pass
