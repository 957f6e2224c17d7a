"""Redis away or frozen: steps are accepted without waiting, and their effects come once it is back."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis
from celery import current_app
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from activity import bell, broadcast, log
from activity.models import Event, FanOut
from notifications.models import InboxEntry
from portal.embedded.programs import wait_until
from requests_app.choices import Status
from tests.notifications.own_redis import OwnRedis, own_redis
from tests.notifications.telling import Cast, make_cast
from tests.notifications.test_torture import FULL, ROOT

STEPS = 200 if FULL else 40
# One bounded wait, and what a step itself takes on a loaded machine.
LONGEST = 3.0


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


def environment(base: dict[str, str], server: OwnRedis) -> dict[str, str]:
    own = {"REDIS_URL": f"unix://{server.socket}?db=0", "EMAIL_URL": "dummymail://"}
    return {**base, **own, "DJANGO_SETTINGS_MODULE": "portal.settings"}


def take_steps(cast: Cast, env: dict[str, str]) -> list[float]:
    numbers = [str(cast.request.pk), str(cast.it_owner.pk), str(STEPS)]
    command = [sys.executable, "-m", "tests.notifications.stepper", *numbers]
    answer = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=200, check=True
    )
    seconds: list[float] = json.loads(answer.stdout)
    return seconds


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_steps_are_accepted_while_redis_is_frozen_and_told_when_it_is_back(
    process_environment: dict[str, str],
) -> None:
    cast = make_cast(Status.READY)
    with own_redis() as server:
        env = environment(process_environment, server)
        with background(env):
            server.freeze()
            seconds = take_steps(cast, env)
            server.thaw()
            told = wait_until(lambda: InboxEntry.objects.filter(person=cast.watcher).count() == STEPS, 90)
    print(f"{len(seconds)} steps with a frozen Redis, slowest {max(seconds):.2f} s")
    assert len(seconds) == STEPS
    assert max(seconds) < LONGEST
    assert told
    assert not FanOut.objects.filter(done_at=None).exists()


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_steps_are_accepted_while_redis_is_stopped(process_environment: dict[str, str]) -> None:
    cast = make_cast(Status.READY)
    with own_redis() as server:
        env = environment(process_environment, server)
        server.stop()
        seconds = take_steps(cast, env)
    print(f"{len(seconds)} steps with a stopped Redis, slowest {max(seconds):.2f} s")
    assert max(seconds) < LONGEST
    assert Event.objects.count() == FanOut.objects.filter(done_at=None).count() == STEPS


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
