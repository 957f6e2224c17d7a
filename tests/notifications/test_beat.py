"""Of several beats exactly one is active; another takes over when it ends or loses the database."""

import threading
from collections.abc import Iterator

import pytest
from celery import Celery, current_app
from django.db import InterfaceError, OperationalError, connection

from activity.locks import Lock
from notifications import beat
from notifications.beat import RINGS, LockedScheduler, LockLost, OneBeat
from tests.processes import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair() -> Iterator[tuple[OneBeat, OneBeat]]:
    first, second = OneBeat(), OneBeat()
    yield first, second
    first.close()
    second.close()


def test_only_one_is_active(pair: tuple[OneBeat, OneBeat]) -> None:
    first, second = pair
    assert first.try_once()
    assert not second.try_once()


def test_the_one_that_stands_by_takes_over(
    pair: tuple[OneBeat, OneBeat], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = pair
    monkeypatch.setattr(beat, "STANDBY_SECONDS", 0.05)
    first.wait()
    tried, active = threading.Event(), threading.Event()

    class Standby(OneBeat):
        def try_once(self) -> bool:
            got = super().try_once()
            tried.set()
            return got

    def stand_by() -> None:
        lock = Standby()
        lock.wait()
        active.set()
        lock.close()

    waiting = threading.Thread(target=stand_by, daemon=True)
    waiting.start()
    assert tried.wait(PATIENCE)
    assert not active.is_set()
    first.close()
    assert active.wait(PATIENCE)
    waiting.join(PATIENCE)


def end_the_holder() -> None:
    """Return when it has ended; in other databases are the tests that run at the same time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 20000)"
            " FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND objid = %s AND datname = current_database()",
            [Lock.BEAT],
        )
        assert cursor.fetchall() == [(True,)]


def test_a_lost_connection_is_noticed_before_the_next_beat(pair: tuple[OneBeat, OneBeat]) -> None:
    first, second = pair
    assert first.try_once()
    first.check()
    end_the_holder()
    assert wait_until(second.try_once)
    with pytest.raises(LockLost):
        first.check()
    with pytest.raises(LockLost):
        first.check()


def test_who_lost_the_lock_stands_by_and_becomes_the_active_one_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beat, "STANDBY_SECONDS", 0.05)
    held: list[OneBeat] = []

    def run_once(_app: Celery, lock: OneBeat) -> None:
        lock.wait()
        held.append(lock)
        if len(held) < 3:
            end_the_holder()
            lock.check()

    monkeypatch.setattr(beat, "run_once", run_once)
    beat.run(current_app)
    assert len(set(map(id, held))) == 3


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beat, "STANDBY_SECONDS", 0.01)
    answers = [OperationalError("starting up"), InterfaceError("closed"), False, True]

    class Waiting(OneBeat):
        def try_once(self) -> bool:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return bool(answer)

    Waiting().wait()
    assert answers == []


def test_a_scheduler_without_its_lock_rings_no_more(pair: tuple[OneBeat, OneBeat]) -> None:
    first, _second = pair
    assert first.try_once()
    scheduler = type("Held", (LockedScheduler,), {"lock": first})(app=Celery("beat", broker="memory://"))
    end_the_holder()
    with pytest.raises(LockLost):
        scheduler.tick()


def test_the_schedule_is_kept_in_memory_and_rings_only_what_exists(pair: tuple[OneBeat, OneBeat]) -> None:
    import notifications.tasks  # noqa: F401 - registers the tasks

    first, _second = pair
    scheduler = type("Held", (LockedScheduler,), {"lock": first})(app=Celery("beat", broker="memory://"))
    assert set(scheduler.schedule) == set(RINGS)
    for name, entry in scheduler.schedule.items():
        task, seconds = RINGS[name]
        assert entry.task == task
        assert entry.task in current_app.tasks
        assert entry.schedule.run_every.total_seconds() == seconds
        assert entry.options == {"expires": 20, "retry": False}
