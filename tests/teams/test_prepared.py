"""Statements written once: each person gets their own rows, at the present moment."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, DateTimeField, QuerySet, Value
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event
from requests_app.models import Request, Watcher
from teams import prepared
from teams.models import Membership, Person, Role, Side
from tests.factories import make_person, make_request, make_team

pytestmark = pytest.mark.django_db

Rows = QuerySet[Any, Any]


def seen(person: Person) -> Rows:
    return Request.objects.visible_to(person).order_by("number").values_list("number")


def titled(person: Person, title: str) -> Rows:
    return seen(person).filter(title=title)


def moment(_person: Person) -> Rows:
    now = clock.now()
    today = Value(timezone.localdate(now), DateField())
    return Request.objects.values_list(Value(now, DateTimeField()), today)


def tomorrow(_person: Person) -> Rows:
    return Request.objects.values_list(Value(clock.now() + timedelta(days=1), DateTimeField()))


def among_others(person: Person) -> Rows:
    return Request.objects.values_list(Value([person.pk], ArrayField(BigIntegerField())))


def in_json(person: Person) -> Rows:
    return Event.objects.filter(data__contains={"to": person.pk}).values_list("pk")


def test_each_person_of_one_team_sees_what_is_theirs() -> None:
    team = make_team(Side.IT)
    one, other = make_person(team), make_person(team)
    requests = [make_request(restricted=True) for _ in range(2)]
    for person, request in zip((one, other), requests, strict=True):
        Watcher.objects.create(person=person, request=request, since=clock.now())
    shared = make_request(restricted=True, serving_team=team)
    assert prepared.rows(seen, one) == [(requests[0].number,), (shared.number,)]
    assert prepared.rows(seen, other) == [(requests[1].number,), (shared.number,)]


def test_rights_teams_and_roles_count_from_the_moment_they_change() -> None:
    person, team = make_person(), make_team(Side.IT)
    make_request(restricted=True, serving_team=team)
    assert prepared.rows(seen, person) == []
    Membership.objects.create(person=person, team=team, role=Role.MEMBER)
    assert len(prepared.rows(seen, person)) == 1
    Membership.objects.all().delete()
    assert prepared.rows(seen, person) == []
    person.is_admin = True
    assert len(prepared.rows(seen, person)) == 1
    person.is_active = False
    assert prepared.rows(seen, person) == []


def test_values_stand_for_others() -> None:
    person = make_person()
    wanted = [make_request(title=title).number for title in ("One", "Two")]
    found = [prepared.rows(titled, person, "?", values={"?": title}) for title in ("One", "Two")]
    assert found == [[(number,)] for number in wanted]


def test_it_is_now_whenever_the_statement_was_written() -> None:
    person, _request = make_person(), make_request()
    for day in (date(2026, 3, 29), date(2030, 1, 1)):
        now = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
        with clock.moved_to(now):
            assert prepared.rows(moment, person) == [(now, day)]


def test_a_moment_that_is_computed_from_now_is_refused() -> None:
    """It would stay what it was when the statement was written."""
    with pytest.raises(ValueError, match="computed"):
        prepared.rows(tomorrow, make_person())


@pytest.mark.parametrize("write", [among_others, in_json])
def test_a_person_who_is_no_value_of_their_own_is_refused(write: prepared.Write) -> None:
    with pytest.raises(ValueError, match="stand-in"):
        prepared.rows(write, make_person())


def test_a_statement_is_written_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    written: list[Person] = []

    def noted(person: Person) -> Rows:
        written.append(person)
        return seen(person)

    team = make_team(Side.IT)
    people = [make_person(team), make_person(team)]
    for person in people:
        person.keep_teams(person.own_teams())
        with django_assert_num_queries(1):
            prepared.rows(noted, person)
    assert len(written) == 1
    assert written[0].pk not in {person.pk for person in people}
