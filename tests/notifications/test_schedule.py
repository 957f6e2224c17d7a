"""Slots are taken once, by database time, whoever asks and whatever the clocks of the processes say."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activity import clock, log
from activity.models import Event, Origin
from notifications import schedule, tasks
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery, Digest, Slot
from notifications.schedule import Schedule, database_time, forget_old_slots, slot_of, take, tick
from tests.factories import make_person
from tests.notifications.digests import MONDAY
from tests.notifications.telling import happened, make_cast

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def recording() -> tuple[Schedule, list[datetime]]:
    runs: list[datetime] = []
    return Schedule("recorded", MINUTE, runs.append), runs


@pytest.mark.django_db
def test_a_slot_is_run_once_however_often_somebody_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    work, runs = recording()
    monkeypatch.setattr(schedule, "database_time", lambda: NOON)
    assert tick((work,)) == ["recorded"]
    assert tick((work,)) == []
    monkeypatch.setattr(schedule, "database_time", lambda: NOON + MINUTE)
    assert tick((work,)) == ["recorded"]
    assert runs == [NOON, NOON + MINUTE]


@pytest.mark.django_db
def test_a_clock_that_jumps_back_repeats_nothing_and_one_that_jumps_ahead_runs_once() -> None:
    work, _runs = recording()
    moments = [NOON, NOON + 5 * MINUTE, NOON, NOON + 5 * MINUTE, NOON + timedelta(days=400)]
    assert [take(work, moment) for moment in moments] == [True, True, False, False, True]


@pytest.mark.django_db
def test_the_database_says_what_time_it_is() -> None:
    with clock.moved_to(NOON - timedelta(days=900)):
        assert abs(database_time() - timezone.now()) < timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_of_many_that_tick_at_once_one_takes_the_slot() -> None:
    work, _runs = recording()
    taken: list[bool] = []
    start = threading.Barrier(6)

    def race() -> None:
        start.wait()
        taken.append(take(work, NOON))
        connection.close()

    racers = [threading.Thread(target=race) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(taken) == [False] * 5 + [True]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_slots_cover_time_without_gap(moment: datetime) -> None:
    start = slot_of(moment, MINUTE)
    assert start <= moment < start + MINUTE
    assert slot_of(start, MINUTE) == start


@pytest.mark.django_db
def test_what_a_schedule_does_comes_from_the_portal_itself() -> None:
    seen: list[Origin] = []
    tick((Schedule("look", timedelta(minutes=1), lambda now: seen.append(log.current_origin())),))
    assert seen == [Origin.SYSTEM]
    assert log.current_origin() == Origin.WEB


@pytest.mark.django_db
def test_what_all_schedules_say_at_one_time_is_one_act() -> None:
    """So that nobody gets a mail for each cause that comes up in the same minute."""
    cast = make_cast()

    def speak(kind: str) -> Schedule:
        return Schedule(kind, MINUTE, lambda _now: happened(kind, cast.request, None) and None)

    tick((speak("request.stalled"), speak("request.revisit_asked")))
    first, second = Event.objects.order_by("id")
    assert first.batch == second.batch is not None
    fan_out()
    told = Delivery.objects.filter(person=cast.it_owner, channel=Channel.MAIL)
    assert len(set(told.values_list("together", flat=True))) == 1
    Slot.objects.all().delete()
    tick((speak("request.outcome_asked"),))
    assert Event.objects.latest("id").batch not in (None, first.batch)


@pytest.mark.django_db
def test_a_schedule_that_fails_holds_up_no_other_and_is_tried_again_by_the_next_tick(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work, runs = recording()
    troubles = ["the first time", "the second time"]

    def fail(_now: datetime) -> None:
        if troubles:
            raise ValueError(troubles.pop(0))

    failing = Schedule("failing", timedelta(days=7), fail)
    assert tick((failing, work)) == ["recorded"]
    assert len(runs) == 1
    assert "“failing” failed" in caplog.text
    assert "the first time" in caplog.text
    assert tick((failing,)) == []
    assert tick((failing,)) == ["failing"]
    assert tick((failing,)) == []


@pytest.mark.django_db
def test_old_slots_are_forgotten() -> None:
    now = timezone.now()
    for days in (8, 6):
        Slot.objects.create(name="x", slot=str(days), taken_at=now - timedelta(days=days))
    forget_old_slots(now)
    assert list(Slot.objects.values_list("slot", flat=True)) == ["6"]


@pytest.mark.django_db
def test_the_tick_makes_due_digests_and_a_second_one_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "database_time", lambda: MONDAY)
    make_person()
    tasks.tick()
    tasks.tick()
    assert Digest.objects.count() == Delivery.objects.count() == 1
