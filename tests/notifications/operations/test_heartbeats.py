"""Processes say that they live, whatever Redis does, and say goodbye when they end in order."""

import os
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import tasks
from notifications.operations import heartbeats
from notifications.operations.heartbeats import FORGOTTEN_AFTER, Pulse, beat, forget_silent, own_name
from notifications.operations.models import Heartbeat, Process
from tests.processes import PATIENCE, wait_until


@pytest.mark.django_db
def test_a_beat_is_one_row_that_grows_younger_and_keeps_its_start() -> None:
    beat(Process.WORKER, "a:1")
    first = Heartbeat.objects.get()
    Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(hours=1))
    beat(Process.WORKER, "a:1", "in trouble " * 100)
    again = Heartbeat.objects.get()
    assert again.started_at == first.started_at
    assert again.beaten_at >= first.beaten_at
    assert len(again.trouble) == 300


@pytest.mark.django_db
def test_long_silent_processes_are_forgotten_and_the_mailbox_is_not() -> None:
    for process in Process:
        beat(process, "old")
    Heartbeat.objects.update(beaten_at=timezone.now() - FORGOTTEN_AFTER)
    beat(Process.WORKER, "young")
    forget_silent(timezone.now())
    assert set(Heartbeat.objects.values_list("process", "name")) == {("mailbox", "old"), ("worker", "young")}


def test_a_process_is_told_from_its_siblings() -> None:
    assert own_name().endswith(f":{os.getpid()}")


@pytest.mark.django_db(transaction=True)
def test_a_pulse_beats_beside_the_work_and_ends_with_it() -> None:
    pulse = Pulse(Process.BEAT, "a:1", every=0.05)
    pulse.start()
    assert wait_until(lambda: Heartbeat.objects.filter(name="a:1").exists())
    first = Heartbeat.objects.get().beaten_at
    assert wait_until(lambda: Heartbeat.objects.get().beaten_at > first)
    pulse.end()
    pulse.join(timeout=PATIENCE)
    assert not pulse.is_alive()
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_is_under_way_at_the_end_does_not_outlive_the_goodbye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    under_way, may_go_on = threading.Event(), threading.Event()

    def slow(process: Process, name: str) -> None:
        under_way.set()
        may_go_on.wait(PATIENCE)
        beat(process, name)

    monkeypatch.setattr(heartbeats, "beat", slow)
    monkeypatch.setattr(heartbeats, "GOODBYE_SECONDS", 0.05)
    pulse = Pulse(Process.WORKER, "a:1")
    pulse.start()
    assert under_way.wait(PATIENCE)
    # Whoever ends waits only so long.
    pulse.end()
    assert pulse.is_alive()
    may_go_on.set()
    pulse.join(timeout=PATIENCE)
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_pulse_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    beats: list[int] = []

    def away(*_args: str) -> None:
        beats.append(1)
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(heartbeats, "beat", away)
        pulse = Pulse(Process.WORKER, "a:1", every=0.02)
        pulse.start()
        assert wait_until(lambda: len(beats) > 2)
    assert wait_until(lambda: Heartbeat.objects.exists())
    pulse.end()
    pulse.join(timeout=PATIENCE)


@pytest.mark.django_db(transaction=True)
def test_a_worker_beats_from_when_it_is_ready_until_it_ends() -> None:
    tasks.begin_to_beat()
    assert wait_until(lambda: Heartbeat.objects.filter(process="worker", name=own_name()).exists())
    tasks.end_beating()
    assert wait_until(lambda: not Heartbeat.objects.exists())
    assert wait_until(lambda: all(thread.name != "pulse" for thread in threading.enumerate()))
