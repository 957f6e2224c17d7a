"""What a digest goes on from: the last one, and what one told that a clock that ran ahead has made."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from notifications.digest.period import Period
from notifications.digest.select import Happening
from notifications.digest.told_before import told_before
from notifications.models import Digest
from teams.models import Person
from tests.factories import make_person
from tests.notifications.digests import MONDAY, weeks

pytestmark = pytest.mark.django_db


def digest(person: Person, week: str, end: datetime, *, sent: bool = True) -> Digest:
    return Digest.objects.create(
        person=person,
        week=week,
        period_start=end - weeks(1),
        period_end=end,
        next_weekday=0,
        next_hour=7,
        created_at=end,
        sent_at=end if sent else None,
    )


def test_who_had_none_goes_on_from_nothing() -> None:
    person = make_person()
    digest(person, "2026-W46", MONDAY, sent=False)
    before = told_before([person], MONDAY)[person.pk]
    assert (before.last, before.ahead) == (None, None)


def test_the_last_one_counts() -> None:
    person = make_person()
    digest(person, "2026-W45", MONDAY - weeks(1))
    last = digest(person, "2026-W46", MONDAY)
    before = told_before([person], MONDAY + weeks(1))[person.pk]
    assert (before.last, before.ahead) == (last, None)


def test_what_was_made_ahead_is_known_until_its_time_is_over() -> None:
    person = make_person()
    first = digest(person, "2026-W46", MONDAY)
    ahead = digest(person, "2026-W50", MONDAY + weeks(4.2))
    back = told_before([person], MONDAY + timedelta(days=2))[person.pk]
    assert (back.last, back.ahead) == (first, ahead)
    later = digest(person, "2026-W49", MONDAY + weeks(3))
    soon = told_before([person], MONDAY + weeks(5))[person.pk]
    assert (soon.last, soon.ahead) == (later, ahead)
    over = digest(person, "2026-W51", MONDAY + weeks(5))
    after = told_before([person], MONDAY + weeks(6))[person.pk]
    assert (after.last, after.ahead) == (over, None)


def test_who_had_only_one_that_was_made_ahead() -> None:
    person = make_person()
    ahead = digest(person, "2026-W50", MONDAY + weeks(4))
    before = told_before([person], MONDAY)[person.pk]
    assert (before.last, before.ahead) == (None, ahead)


def test_many_people_take_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [make_person() for _ in range(5)]
    for person in people:
        digest(person, "2026-W46", MONDAY)
    with django_assert_num_queries(1):
        assert len(told_before(people, MONDAY)) == 5


@pytest.mark.parametrize(
    ("days", "position", "told"),
    [
        (1, 20, True),
        # Told ahead already.
        (1, 9, False),
        # Recorded while the clock ran ahead, after that digest was made: its time comes.
        (6, 12, True),
        (6, 10, False),
    ],
)
def test_of_what_was_told_ahead_nothing_is_told_again(days: int, position: int, told: bool) -> None:
    period = Period(MONDAY, MONDAY + weeks(1), 8, 30, (MONDAY + timedelta(days=6.5), 10))
    row = Happening(1, "request.parked", 1, position, MONDAY + timedelta(days=days), frozenset())
    assert period.tells_of(row) is told


def test_what_has_no_position_yet_was_told_by_nobody() -> None:
    period = Period(MONDAY, MONDAY + weeks(1), 8, None, (MONDAY + timedelta(days=6.5), 10))
    row = Happening(1, "request.parked", 1, None, MONDAY + timedelta(days=1), frozenset())
    assert period.tells_of(row)
