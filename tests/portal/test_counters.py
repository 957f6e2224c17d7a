"""The numbers beside the menu's entries."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity import clock, log
from notifications.models import InboxEntry
from portal.counters import HIGHEST, _waiting, counters
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Side
from tests.factories import make_person, make_request, make_team
from tests.permission_world import build_world

pytestmark = pytest.mark.django_db


def tell(person: Person, request: Request) -> None:
    with transaction.atomic():
        event = log.record("request.commented", request, by=None)
        InboxEntry.objects.create(person=person, event=event, request=request, created_at=clock.now())


def test_it_counts_my_turn_new_requests_and_unread_news() -> None:
    team = make_team(Side.IT)
    tom = make_person(team)
    ready = make_request(Status.READY, serving_team=team, it_owner=tom)
    make_request(serving_team=team)
    make_request(serving_team=None)
    make_request()
    tell(tom, ready)
    assert counters(tom) == {"home": 1, "triage": 2, "inbox": 1}


def test_it_counts_no_triage_for_marketing() -> None:
    make_request(serving_team=None)
    assert counters(make_person(make_team(Side.MARKETING))) == {}


def test_it_counts_nothing_hidden() -> None:
    team = make_team(Side.IT)
    tom = make_person(team)
    hidden = make_request(restricted=True)
    tell(tom, hidden)
    assert counters(tom) == {}


def test_it_stops_counting() -> None:
    team = make_team(Side.IT)
    asking = make_team(Side.MARKETING)
    requester = make_person(asking)
    for _ in range(HIGHEST + 2):
        make_request(serving_team=team, requesting_team=asking, requester=requester)
    assert counters(make_person(team))["triage"] == HIGHEST + 1


def test_more_than_can_be_counted_is_told_as_more(client: Client) -> None:
    team = make_team(Side.IT)
    asking = make_team(Side.MARKETING)
    requester = make_person(asking)
    client.force_login(make_person(team))
    said = []
    for _ in range(HIGHEST + 1):
        make_request(serving_team=team, requesting_team=asking, requester=requester)
        if Request.objects.count() >= HIGHEST:
            said.append(client.get("/counters/").json()["triage"])
    assert said == ["99", "99+"]


def test_it_takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = make_person(make_team(Side.IT))
    # As every page that is only read does.
    person.keep_teams()
    with django_assert_num_queries(2):
        counters(person)


def test_the_menu_shows_them(client: Client) -> None:
    team = make_team(Side.IT)
    tom = make_person(team)
    make_request(Status.READY, serving_team=team, it_owner=tom)
    client.force_login(tom)
    assert client.get("/").content.decode().count('class="count') >= 1


def test_what_people_share_of_the_statement_is_not_what_waits_for_them() -> None:
    first, second = make_team(Side.IT), make_team(Side.IT)
    tom, ida = make_person(lead_of=first), make_person(lead_of=second)
    for _ in range(2):
        make_request(Status.READY, serving_team=first, it_owner=tom)
    make_request(serving_team=second)
    tell(ida, make_request())
    assert counters(tom) == {"home": 2}
    assert counters(ida) == {"home": 1, "triage": 1, "inbox": 1}


def test_it_counts_as_of_now_whenever_the_statement_was_written() -> None:
    team = make_team(Side.IT)
    tom = make_person(team)
    day = clock.now()
    later = day + timedelta(days=2)
    parked = make_request(Status.PARKED, serving_team=team, it_owner=tom, revisit_on=later.date())
    tell(tom, parked)
    InboxEntry.objects.update(snoozed_until=later)
    assert counters(tom) == {}
    with clock.moved_to(later):
        assert counters(tom) == {"home": 1, "inbox": 1}


def test_it_counts_what_the_rules_say_for_everybody() -> None:
    """Also for those of several teams, of no team, on both sides and for administrators."""
    world = build_world()
    for person in filter(None, world.people.values()):
        for request in world.requests.values():
            tell(person, request)
    for person in Person.objects.all():
        assert counters(person) == Counter(_waiting(person)), person
    assert any(counters(person).keys() == {"home", "triage", "inbox"} for person in Person.objects.all())


def test_nothing_waits_for_who_has_left() -> None:
    team = make_team(Side.IT)
    make_request(serving_team=team)
    assert counters(make_person(team, is_active=False)) == {}
