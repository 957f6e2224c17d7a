"""One import beside other work: it is alone among imports, and in nobody's way."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from activity.locks import Lock
from requests_app.choices import Status
from requests_app.workflow.perform import perform
from tests.factories import holder, make_request
from tests.requests_app.importing.conftest import Import, Write

pytestmark = pytest.mark.django_db(transaction=True)
ONE = "title\nNewsletter topics\n"


@contextmanager
def held_elsewhere(question: str, lock: Lock) -> Iterator[None]:
    """The lock is held by another process."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT {question}(%s)", [lock])
            yield
    finally:
        other.close()


def started() -> str:
    """The status after a step, for whose locks nobody waits long."""
    request = make_request(Status.READY)
    by = holder(request.it_owner)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        return perform("start", request.number, by=by).status


def test_people_take_steps_while_an_import_runs() -> None:
    with held_elsewhere("pg_advisory_lock", Lock.IMPORT):
        assert started() == Status.IN_PROGRESS


def test_an_import_begins_while_somebody_takes_a_step(run_import: Import, write: Write) -> None:
    with held_elsewhere("pg_advisory_lock_shared", Lock.RULES):
        assert run_import(write(ONE))[-1] == "created 1, updated 0, skipped 0, failed 0"


def test_a_second_import_is_refused(run_import: Import, write: Write) -> None:
    with held_elsewhere("pg_advisory_lock", Lock.IMPORT), pytest.raises(CommandError):
        run_import(write(ONE))
