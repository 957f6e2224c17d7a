"""When people were last here: noted seldom, and no change of the person."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event
from teams.models import Person
from teams.visits import NOTED_EVERY, VISIT_ENDS_AFTER, note_visit
from tests.factories import make_person

pytestmark = pytest.mark.django_db
START = clock.now() - timedelta(days=3)


def here(person: Person, later: timedelta) -> object:
    """What a visit ``later`` than the start is told."""
    with clock.moved_to(START + later):
        return note_visit(Person.objects.get(pk=person.pk))


def test_in_the_first_visit_nothing_is_new() -> None:
    person = make_person()
    assert here(person, timedelta()) is None
    assert here(person, timedelta(minutes=10)) is None


def test_a_later_visit_is_told_until_when_the_one_before_went() -> None:
    person = make_person()
    here(person, timedelta())
    here(person, timedelta(minutes=20))
    assert here(person, timedelta(days=1)) == START + timedelta(minutes=20)


def test_it_stays_the_same_as_long_as_the_visit_goes_on() -> None:
    person = make_person()
    here(person, timedelta())
    told = {here(person, timedelta(days=1, minutes=minutes)) for minutes in range(0, 120, 7)}
    assert told == {START}


@pytest.mark.parametrize(("pause", "is_new"), [(timedelta(seconds=-1), False), (timedelta(0), True)])
def test_where_a_new_visit_begins(pause: timedelta, is_new: bool) -> None:
    person = make_person()
    here(person, timedelta())
    assert (here(person, VISIT_ENDS_AFTER + pause) == START) == is_new


def test_it_is_written_at_most_every_few_minutes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_person()
    for later, queries in ((timedelta(), 1), (NOTED_EVERY / 2, 0), (NOTED_EVERY, 1)):
        with clock.moved_to(START + later), django_assert_num_queries(queries):
            note_visit(person)


def test_it_is_no_change_of_the_person() -> None:
    person = make_person()
    here(person, timedelta())
    assert Person.objects.get(pk=person.pk).version == person.version
    assert not Event.objects.exists()
