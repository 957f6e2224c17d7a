"""PostgreSQL killed while workers send: they go on by themselves, nothing is lost and nothing double."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from activity import clock
from notifications import leases
from notifications.models import DigestPreference
from teams.models import Person
from tests.notifications.own_postgresql import OwnPostgreSQL, own_postgresql
from tests.notifications.own_redis import own_redis
from tests.notifications.telling import happened
from tests.notifications.test_torture import FULL, mail_server, running, watched_by
from tests.processes import wait_until

REQUESTS, READERS, RESTARTS, AWAY = (30, 50, 3, 3.0) if FULL else (4, 10, 1, 0.5)
MAILS = REQUESTS * READERS
WORKER = ["-A", "portal", "worker", "-c", "2", "-l", "warning", "--without-mingle", "--without-gossip"]
LEFT = """
    SELECT (SELECT count(*) FROM activity_fanout WHERE done_at IS NULL)
         + (SELECT count(*) FROM notifications_delivery WHERE state = 'waiting')
"""


def left(server: OwnPostgreSQL) -> int:
    """How much is still to be told; while the server is away, all."""
    try:
        return int(server.ask(LEFT)[0][0])
    except psycopg2.OperationalError:
        return MAILS


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_killed_while_workers_send_loses_and_doubles_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    # Long enough ago that nothing waits for more of its kind.
    with clock.moved_to(timezone.now() - timedelta(minutes=30)):
        for number in range(REQUESTS):
            happened("request.commented", watched_by(READERS, f"r{number}w"), None)
    # Whether they are due within the test depends on the day.
    DigestPreference.objects.bulk_create(
        DigestPreference(person=person, weekly=False) for person in Person.objects.all()
    )
    with ExitStack() as ends:
        database, redis = ends.enter_context(own_postgresql()), ends.enter_context(own_redis())
        database.copy(environment["DATABASE_URL"])
        environment |= {"DATABASE_URL": database.url, "REDIS_URL": f"unix://{redis.socket}?db=0"}
        sink = ends.enter_context(mail_server(tmp_path, environment, 0.01))
        worker = ends.enter_context(running("celery", *WORKER, env=environment))
        beat = ends.enter_context(running("manage", "beat", env=environment))
        for number in range(RESTARTS):
            begun = (number + 1) * MAILS // (RESTARTS + 2)
            assert wait_until(lambda begun=begun: len(sink.lines("begun")) >= begun)  # type: ignore[misc]
            database.kill_and_start_again(AWAY)
        assert wait_until(lambda: left(database) == 0)
        assert (worker.poll(), beat.poll()) == (None, None)
        states = dict(database.ask("SELECT state, count(*) FROM notifications_delivery GROUP BY state"))
        expected = database.ask(
            "SELECT d.message_id, p.email FROM notifications_delivery d"
            " JOIN teams_person p ON p.id = d.person_id WHERE d.channel = 'mail'"
        )
        entries = database.ask(
            "SELECT person_id, event_id, count(*) FROM notifications_inboxentry GROUP BY 1, 2"
        )
    taken = Counter(sink.lines("taken"))
    repeats = sum(taken.values()) - len(taken)
    print(f"{sum(taken.values())} mails taken of {len(expected)}, {RESTARTS} restarts, {repeats} repeated")
    assert set(taken) == {f"{message} {email}" for message, email in expected}
    assert len(expected) >= MAILS
    assert repeats == 0
    assert set(states) == {"done"}
    assert len(entries) == len(expected)
    assert {count for *_key, count in entries} == {1}


def failing(times: int, error: type[Exception]) -> tuple[list[int], Callable[[], None]]:
    """What fails so many times and then goes well, and how often it was tried."""
    tried: list[int] = []

    def note() -> None:
        tried.append(len(tried))
        if len(tried) <= times:
            raise error("server closed the connection unexpectedly")

    return tried, note


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_note_is_written_as_soon_as_the_database_is_back(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "ASKED_EVERY", 0.01)
    tried, note = failing(3, error)
    connection.ensure_connection()
    leases.insist(note)
    assert len(tried) == 4
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_is_given_up_before_the_lease_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leases, "ASKED_EVERY", 0.01)
    assert leases.LEASE.total_seconds() > leases.INSISTED_FOR + 30
    monkeypatch.setattr(leases, "INSISTED_FOR", 0.1)
    _tried, note = failing(10_000, OperationalError)
    with pytest.raises(OperationalError):
        leases.insist(note)


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_tried_twice() -> None:
    tried, note = failing(1, OperationalError)
    with pytest.raises(OperationalError):
        leases.insist(note)
    assert len(tried) == 1


@pytest.mark.django_db(transaction=True)
def test_another_mistake_is_not_repeated() -> None:
    tried, note = failing(1, ValueError)
    with pytest.raises(ValueError, match="server closed"):
        leases.insist(note)
    assert len(tried) == 1
