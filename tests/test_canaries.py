"""Nobody reads a word of what they may not see, wherever they look; every column of every table has its own.

How many answers each person got is printed (``pytest -rP``), and has to be more than a floor.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from activity import clock
from tests.canary_crawl import FULL, VARIANTS, Reading, crawl, quiet, start_of
from tests.canary_words import NUMBERS, found_in, unknown_excuses, without_canary, word, words
from tests.canary_world import (
    DRAFT,
    MAIL,
    ONCE,
    OTHERS,
    PRIVATE,
    SEERS,
    SHARED,
    Canaries,
    build_before,
    keep_a_mail,
    leave,
    live_openly,
    restrict,
    speak_of_them,
    tell,
)

pytestmark = pytest.mark.torture
# A person who sees none of it still reads all pages of the portal.
FEWEST = 200
# The words that a person does not find, who finds all others.
NOT_ONES_OWN = (DRAFT, PRIVATE, MAIL)
LACKS: dict[str, tuple[str, ...]] = {
    "requester": (),
    "admin": (DRAFT, PRIVATE),
    **dict.fromkeys(("owner", "family.lead", "both.sides"), NOT_ONES_OWN),
    **dict.fromkeys(("it_owner", "family.it", "family.it.lead"), (*NOT_ONES_OWN, SHARED)),
    # Named for one request alone.
    "watcher": (*NOT_ONES_OWN, SHARED, "twin", "sealed"),
}
CONCERNED = ("requester", "admin", *(SEERS if FULL else ()))
# What plain members get is a part of what their leads get. Of those who lost sight, one in small.
IN_SMALL = ("outsider", "it.lead", "once.watcher")
UNCONCERNED = [name for name in (*OTHERS, *ONCE) if FULL or name in IN_SMALL]


def lived() -> Canaries:
    c = build_before()
    live_openly(c)
    speak_of_them(c)
    keep_a_mail(c)
    tell(c)
    leave(c)
    return c


@pytest.fixture(scope="module")
def hidden(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Canaries]:
    """The company after the requests were made restricted, for all tests, which only read."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(DEMO=True),
        clock.moved_to(datetime.now(UTC)),
        quiet(),
    ):
        c = lived()
        restrict(c)
        yield c
        transaction.set_rollback(True)


def leaks(reading: Reading, but: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Where something was found that is hidden, and what."""
    hits = ((address.path, sorted(found_in(text) - but)) for address, text in reading)
    return [f"{path}: {found}" for path, found in hits if found]


def everything_found(reading: Reading) -> set[str]:
    return set().union(*(found_in(text) for _address, text in reading))


def told(name: str, reading: Reading) -> None:
    print(f"{name}: {len(reading.answers)} addresses, {reading.pages} pages, {dict(reading.statuses)}")


def test_every_column_that_can_hold_a_text_holds_a_canary(hidden: Canaries) -> None:
    assert without_canary() == []
    assert unknown_excuses() == []


@pytest.mark.parametrize("name", UNCONCERNED)
def test_who_may_not_see_them_reads_no_word(hidden: Canaries, name: str) -> None:
    reading = crawl(hidden.person(name), start_of(hidden, name), VARIANTS)
    told(name, reading)
    assert not leaks(reading)
    assert reading.pages > FEWEST


@pytest.mark.parametrize("name", CONCERNED)
def test_who_may_see_them_finds_every_word(hidden: Canaries, name: str) -> None:
    """The control: without it, a crawl that reads nothing would find no leak either."""
    reading = crawl(hidden.person(name), start_of(hidden, name), VARIANTS)
    told(name, reading)
    found = everything_found(reading)
    shown = {place for place, one in words().items() if one in found}
    lacking = {place for place in words() if place.startswith(LACKS[name])}
    assert shown & lacking == set()
    assert (words().keys() | NUMBERS.keys()) - lacking - shown - found == set()
    assert reading.pages > FEWEST


@pytest.mark.django_db
def test_the_same_reader_finds_them_while_they_are_open() -> None:
    with clock.moved_to(datetime.now(UTC)), quiet():
        c = lived()
        reading = crawl(c.person("outsider"), start_of(c, "outsider"), VARIANTS)
    told("outsider, before", reading)
    never = ("sealed", DRAFT, PRIVATE, SHARED, MAIL, "main: reason", "twin: reason", "comment among few")
    found = everything_found(reading)
    shown = {place for place, one in words().items() if one in found}
    assert not {place for place in shown if place.startswith(never)}
    assert {place for place in words() if not place.startswith(never)} == shown
    assert set(NUMBERS) <= found


def test_a_leak_would_be_told() -> None:
    """Upper case, in an address or as German numbers: still found."""
    planted = word("main: title")
    assert found_in(f"<b>{planted.upper()}</b>") == {planted}
    assert found_in("48.613,27 48613.27 48,613.27 48\u00a0613,27") == {"baseline"}
    assert found_in("148613.27 48613.2") == set()
