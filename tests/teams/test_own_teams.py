"""Which teams a person belongs to: asked anew for every change, once for a page that is read."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from requests_app.models import Request
from teams.middleware import PersonLocaleMiddleware
from teams.models import Membership, Person, Role, Side
from tests.factories import add_member, make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_they_are_told_with_side_and_role() -> None:
    crm, campaigns = make_team(Side.IT, name="A"), make_team(Side.MARKETING, name="B")
    person = make_person(campaigns, lead_of=crm)
    expected = [(crm.pk, Side.IT, Role.LEAD), (campaigns.pk, Side.MARKETING, Role.MEMBER)]
    assert [tuple(team) for team in person.own_teams()] == expected


def test_without_keeping_each_question_asks_anew(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = fresh(make_person(make_team()))
    with django_assert_num_queries(2):
        person.own_teams()
        person.own_teams()


def test_kept_teams_are_asked_for_once_and_only_when_needed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = fresh(make_person(make_team()))
    with django_assert_num_queries(0):
        person.keep_teams()
    with django_assert_num_queries(1):
        assert person.team_ids() == [team.pk for team in person.own_teams()]
        person.own_teams()


def test_nobodys_teams_are_kept_as_well(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = fresh(make_person())
    person.keep_teams()
    with django_assert_num_queries(1):
        assert person.own_teams() == person.own_teams() == []


def test_who_leaves_a_team_loses_sight_at_once_unless_the_page_has_begun() -> None:
    team = make_team(Side.IT)
    hidden = make_request(restricted=True, serving_team=team)
    person, reading = make_person(team), make_person()
    add_member(team, reading)
    reading.keep_teams()
    assert hidden in Request.objects.visible_to(reading)
    Membership.objects.all().delete()
    assert hidden not in Request.objects.visible_to(person)
    assert hidden not in Request.objects.visible_to(fresh(reading))


@pytest.mark.parametrize("kind", ["member", "lead", "outsider", "admin", "inactive"])
def test_kept_teams_show_exactly_what_asking_shows(kind: str) -> None:
    team, asking = make_team(Side.IT), make_team(Side.MARKETING)
    for restricted in (True, False):
        make_request(restricted=restricted, serving_team=team, requesting_team=asking)
        make_request(restricted=restricted, serving_team=make_team(Side.IT))
    people: dict[str, Callable[[], Person]] = {
        "member": lambda: make_person(asking),
        "lead": lambda: make_person(lead_of=team),
        "outsider": make_person,
        "admin": make_admin,
        "inactive": lambda: make_person(team, is_active=False),
    }
    person = people[kind]()
    kept = fresh(person)
    kept.keep_teams()
    for rows in (Request.objects.visible_to, Request.objects.my_turn):
        assert set(rows(kept)) == set(rows(fresh(person)))


@pytest.mark.parametrize(
    ("method", "kept"), [("get", True), ("head", True), ("post", False), ("delete", False)]
)
def test_only_what_reads_keeps_them(method: str, kept: bool) -> None:
    team = make_team()
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        assert isinstance(request.user, Person)
        seen.append(isinstance(request.user.team_ids(), list))
        return HttpResponse()

    request = getattr(RequestFactory(), method)("/")
    request.user = fresh(make_person(team))
    PersonLocaleMiddleware(view)(request)
    assert seen == [kept]
