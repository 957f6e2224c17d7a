"""How things stand: what waits and for how long, what ended, who lives; honest when Redis does not answer."""

from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import bell, broadcast
from notifications.models import Channel, Delivery, Slot, State
from notifications.operations.heartbeats import SILENT_AFTER, beat
from notifications.operations.models import Heartbeat, Process
from notifications.operations.state import ChannelState, health_of, operations
from notifications.operations.words import SCHEDULES as WORDS
from notifications.schedule import Schedule
from notifications.tasks import SCHEDULES
from teams.models import Person
from tests.factories import make_person
from tests.notifications.telling import happened, make_cast

pytestmark = pytest.mark.django_db
EVERY_MINUTE = Schedule("digests", timedelta(minutes=1), lambda _now: None)
WEEKLY = Schedule("match mentors", timedelta(days=7), lambda _now: None)


def row(person: Person, n: int, state: str = State.WAITING, ago: float = 0, **more: Any) -> Delivery:
    moment = timezone.now() - timedelta(seconds=ago)
    ended = None if state == State.WAITING else moment
    given = {"due_at": moment, "created_at": moment, "finished_at": ended, "state": state, **more}
    return Delivery.objects.create(person=person, channel=Channel.MAIL, dedupe_key=f"mail:{n}", **given)


def mail() -> ChannelState:
    found = operations([])
    return next(one for one in found.channels if one.channel == Channel.MAIL)


def test_an_empty_house_is_well() -> None:
    found = operations([EVERY_MINUTE])
    assert [one.channel for one in found.channels] == list(Channel)
    assert {one.health for one in found.channels} == {"good"}
    assert (found.events_open, found.events_lag, found.workers, found.beats) == (0, None, 0, 0)


def test_what_waits_and_for_how_long() -> None:
    person = make_person()
    row(person, 1, ago=300)
    row(person, 2, ago=10, last_error="451 later")
    row(person, 3, ago=-600)
    state = mail()
    assert (state.waiting, state.due, state.failing) == (3, 2, 1)
    assert state.lag is not None
    # And however long this took.
    assert 299 < state.lag.total_seconds() < 900


def test_what_ended_and_how_fast() -> None:
    person = make_person()
    for n, (state, ago) in enumerate(
        [
            (State.DONE, 10),
            (State.DONE, 200),
            (State.DONE, 1_000),
            (State.SKIPPED, 10),
            (State.DEAD, 10),
            (State.DONE, 5_000),
        ]
    ):
        row(person, n, state, ago)
    found = mail()
    assert (found.done_in_5_minutes, found.done_in_hour, found.skipped_in_hour) == (2, 3, 1)
    assert (found.dead_in_hour, found.dead) == (1, 1)
    assert found.per_minute == pytest.approx(0.4)
    assert found.health == "warning"


@pytest.mark.parametrize(
    ("seconds", "health"), [(None, "good"), (100, "good"), (121, "warning"), (901, "bad")]
)
def test_how_long_is_too_long(seconds: int | None, health: str) -> None:
    assert health_of(timedelta(seconds=seconds) if seconds else None) == health


def test_events_that_nobody_has_handed_out() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    found = operations([])
    assert found.events_open == 1
    assert found.events_lag is not None


def test_who_said_that_they_live() -> None:
    beat(Process.WORKER, "a:1")
    beat(Process.WORKER, "b:2")
    beat(Process.BEAT, "a:3")
    Heartbeat.objects.filter(name="b:2").update(beaten_at=timezone.now() - SILENT_AFTER)
    found = operations([])
    assert (found.workers, found.beats) == (1, 1)
    assert {one.name for one in found.processes if not one.is_alive} == {"b:2"}


def test_a_schedule_is_late_where_slots_passed() -> None:
    def late() -> list[bool]:
        return [one.is_late for one in operations([EVERY_MINUTE, WEEKLY]).schedules]

    assert late() == [True, False]
    now = timezone.now()
    Slot.objects.create(name="digests", slot="x", taken_at=now)
    assert late() == [False, False]
    Slot.objects.update(taken_at=now - timedelta(minutes=4))
    assert late() == [True, False]


def test_without_redis_everything_else_is_said_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise ConnectionRefusedError("no Redis")

    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(broadcast, "client", away)
    found = operations([])
    assert found.queues is None
    assert len(found.channels) == len(Channel)


def test_with_redis_the_queues_are_counted(
    redis_server: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(broadcast, "client", lambda: redis_server)
    redis_server.rpush("mail", "ring")
    assert operations([]).queues == {"default": 0, "mail": 1, "webhooks": 0}


def test_the_queries_do_not_grow_with_the_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(11) as captured:
        operations([EVERY_MINUTE, WEEKLY])
    person = make_person()
    for n in range(20):
        row(person, n, State.DEAD if n % 2 else State.WAITING)
        beat(Process.WORKER, f"a:{n}")
    with django_assert_num_queries(len(captured)):
        operations([EVERY_MINUTE, WEEKLY])


def test_everything_that_happens_by_itself_has_its_words() -> None:
    assert {schedule.name for schedule in SCHEDULES} == set(WORDS)
