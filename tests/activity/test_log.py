"""How long the log is: every commit is noticed, in whatever order events commit."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from activity import log
from tests.factories import make_team
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def record() -> None:
    team = make_team()
    with transaction.atomic():
        log.record("team.changed", team, by=None)


def in_a_thread(call: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_empty_log_has_no_length() -> None:
    assert log.length() == 0


def test_it_grows_with_each_event_and_not_when_positions_are_stamped() -> None:
    lengths = []
    for _ in range(3):
        record()
        lengths.append(log.length())
        log.stamp_positions()
        lengths.append(log.length())
    assert lengths == [1, 1, 2, 2, 3, 3]


def test_an_event_that_commits_after_a_newer_one_is_noticed() -> None:
    """The newest id would not tell: it stays the same."""
    team, recorded, may_commit = make_team(), threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            log.record("team.changed", team, by=None)
            recorded.set()
            assert may_commit.wait(PATIENCE)

    slow = in_a_thread(slowly)
    assert recorded.wait(PATIENCE)
    record()
    log.stamp_positions()
    before = log.length()
    may_commit.set()
    slow.join(PATIENCE)
    assert before == 1
    assert log.length() == 2
