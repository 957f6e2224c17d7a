"""The locks ahead of a request: all in one statement, each only once the one before it is held."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from activity.locks import Lock
from requests_app.boards import locks
from requests_app.choices import Status
from teams.models import Person, Side, Team
from tests.factories import make_person, make_team
from tests.processes import PATIENCE, wait_until
from tests.requests_app.test_races import waiting

pytestmark = pytest.mark.django_db(transaction=True)

HELD = """
    SELECT classid, objid FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
"""
FREE = "SELECT id FROM {} WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED"


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def tom(team: Team) -> Person:
    return make_person(team)


def all_of(team: Team, *people: Person) -> locks.Ahead:
    return locks.Ahead(Status.READY, team.pk, frozenset(person.pk for person in people), links=True)


def is_free(table: type[Team] | type[Person], pk: int) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FREE.format(table._meta.db_table), [pk])
        return cursor.fetchone() is not None


def advisory() -> set[int]:
    """The last part of the key of each advisory lock that somebody holds."""
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        return {key for row in cursor for key in row}


@contextmanager
def comer(ahead: locks.Ahead) -> Iterator[threading.Thread]:
    """Somebody else, to be started, who locks what is ahead of their request and lets go at once."""

    def come() -> None:
        try:
            with transaction.atomic():
                locks.lock_ahead(ahead)
        finally:
            connection.close()

    other = threading.Thread(target=come)
    yield other
    other.join(timeout=PATIENCE)
    assert not other.is_alive()


def waits(other: threading.Thread) -> None:
    other.start()
    assert wait_until(lambda: waiting() == 1)


def test_all_are_held_by_one_statement(team: Team, tom: Person) -> None:
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            locks.lock_ahead(all_of(team, tom))
        assert len(asked) == 1
        assert {locks.STATUS_LOCKS, Lock.RULES, Lock.LINKS} <= advisory()
        found: list[bool] = []

        def look() -> None:
            found.extend([is_free(Team, team.pk), is_free(Person, tom.pk)])
            connection.close()

        other = threading.Thread(target=look)
        other.start()
        other.join()
    assert found == [False, False]
    assert is_free(Team, team.pk)
    assert is_free(Person, tom.pk)


def test_whoever_waits_for_the_status_holds_nothing_behind_it(team: Team, tom: Person) -> None:
    with comer(all_of(team, tom)) as other, transaction.atomic():
        locks.lock_status(Status.READY)
        waits(other)
        assert is_free(Team, team.pk)
        assert is_free(Person, tom.pk)
        assert not {Lock.RULES, Lock.LINKS} & advisory()


def test_whoever_waits_for_the_team_holds_no_person(team: Team, tom: Person) -> None:
    with comer(all_of(team, tom)) as other, transaction.atomic():
        locks.lock_team(team.pk)
        waits(other)
        assert is_free(Person, tom.pk)
        assert not {Lock.RULES, Lock.LINKS} & advisory()


def test_whoever_waits_for_a_person_holds_status_and_team_but_not_the_rules(team: Team, tom: Person) -> None:
    with comer(all_of(team, tom)) as other, transaction.atomic():
        locks.lock_people([tom.pk])
        waits(other)
        assert not is_free(Team, team.pk)
        assert locks.STATUS_LOCKS in advisory()
        assert not {Lock.RULES, Lock.LINKS} & advisory()


def test_without_anything_ahead_only_the_rules_are_held() -> None:
    with transaction.atomic():
        locks.lock_ahead(locks.Ahead())
        assert Lock.RULES in advisory()
        assert not {locks.STATUS_LOCKS, Lock.LINKS} & advisory()
