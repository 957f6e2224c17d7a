"""Nobody reads a word of what they may not see, wherever they look: every column of every table has its own."""

import os
import time
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from activity import clock
from tests.canary_crawl import crawl, start_of
from tests.canary_words import found_in, unknown_excuses, without_canary, words, NUMBERS
from tests.canary_world import *

FULL = os.environ.get("TANDEM_TORTURE") == "1"
VARIANTS = 40 if FULL else 3


@pytest.fixture(scope="module")
def hidden(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Canaries]:
    """The company after the requests were made restricted, for all tests that only read."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(DEMO=True),
        clock.moved_to(timezone.now()),
    ):
        c = build_before()
        live_openly(c)
        tell(c)
        restrict(c)
        yield c
        transaction.set_rollback(True)


def test_every_column_that_can_hold_a_text_holds_a_canary(hidden: Canaries) -> None:
    assert without_canary() == []
    assert unknown_excuses() == []


@pytest.mark.parametrize("name", (*OTHERS, *ONCE))
def test_nobody_else_reads_a_word(hidden: Canaries, name: str) -> None:
    t = time.time()
    reading = crawl(hidden.person(name), start_of(hidden, name), VARIANTS)
    print(name, len(reading.answers), reading.statuses, time.time() - t)
    leaks = [(a, sorted(f)) for a, text in reading if (f := found_in(text))]
    for one in leaks: print(one)
    assert not leaks


@pytest.mark.parametrize("name", ("requester", "admin", "family.it.lead", "watcher"))
def test_those_concerned(hidden: Canaries, name: str) -> None:
    t = time.time()
    reading = crawl(hidden.person(name), start_of(hidden, name), VARIANTS)
    found = set().union(*(found_in(text) for _a, text in reading))
    print(name, len(reading.answers), reading.statuses, time.time() - t)
    print("MISSING", [p for p, w in words().items() if w not in found], set(NUMBERS) - found)
    print("FOUND", [p for p, w in words().items() if w in found and p.split(":")[0] in ("draft","private","operators","shared")])
