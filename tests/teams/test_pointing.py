"""Pointing without nagging: each thing once, of each kind once a week, for a day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from teams.models import Person, Pointer
from teams.pointing import point_to, shown_lately, still_shows, wave_away
from tests.factories import make_person

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KIND = Pointer.Kind.EXCHANGE


@pytest.fixture
def person() -> Person:
    return make_person()


def pointed(person: Person, about: int, days: float = 0, kind: str = KIND) -> Pointer | None:
    with clock.moved_to(WEDNESDAY + days * DAY):
        return point_to(person, kind, about)


def test_it_stands_there_for_a_day_and_then_its_kind_is_silent_for_a_week(person: Person) -> None:
    shown = pointed(person, 1)
    assert shown
    hours = [timedelta(hours=n) for n in (0, 23, 24, 167)]
    assert [still_shows(shown, WEDNESDAY + passed) for passed in hours] == [True, True, False, False]
    assert [set(shown_lately(person, WEDNESDAY + passed)) for passed in hours] == [{KIND}] * 4
    assert shown_lately(person, WEDNESDAY + 7 * DAY) == {}


def test_two_tabs_get_one_of_a_kind(person: Person) -> None:
    assert pointed(person, 1)
    assert pointed(person, 2, days=1) is None
    assert pointed(person, 3, kind=Pointer.Kind.SETTLE)
    assert pointed(make_person(), 2)


def test_nothing_is_shown_a_second_time(person: Person) -> None:
    assert pointed(person, 1)
    assert pointed(person, 1, days=8) is None
    assert pointed(person, 2, days=8)


def test_what_changed_its_meaning_counts_anew(person: Person) -> None:
    with clock.moved_to(WEDNESDAY):
        assert point_to(person, KIND, 1, substance=1)
    with clock.moved_to(WEDNESDAY + 8 * DAY):
        assert point_to(person, KIND, 1, substance=2)


def test_what_is_waved_away_is_gone_at_once_for_its_owner_alone(person: Person) -> None:
    shown = pointed(person, 1)
    assert shown
    with clock.moved_to(WEDNESDAY + timedelta(hours=1)):
        with pytest.raises(Http404):
            wave_away(make_person(), shown.pk)
        for _twice in range(2):
            wave_away(person, shown.pk)
    shown.refresh_from_db()
    assert shown.dismissed_at == WEDNESDAY + timedelta(hours=1)
    assert not still_shows(shown, WEDNESDAY + timedelta(hours=2))
    assert not Event.objects.exists()


def test_the_database_keeps_it_too(person: Person) -> None:
    pointed(person, 1)
    row = Pointer.objects.get()
    for wrong in (
        {"kind": "nag", "about": 2},
        {"kind": KIND, "about": 2},
        {"kind": KIND, "about": 1, "week": row.week + 7 * DAY},
        {"kind": "settle", "about": 3, "dismissed_at": WEDNESDAY - DAY},
    ):
        fields = {"person": person, "week": row.week, "shown_at": WEDNESDAY, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Pointer.objects.create(**fields)
