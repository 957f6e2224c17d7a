"""Seats that become empty, in the same transaction as the change that empties them."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activity.models import Event
from requests_app.choices import Status, Turn
from requests_app.models import Request
from requests_app.seats import deactivate, leave_seats, remove_member
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Side
from teams.rules import RuleViolation
from tests.factories import make_admin, make_person, make_request, make_team


def seat_events() -> list[tuple[int, dict[str, object]]]:
    events = Event.objects.filter(kind="request.seat_emptied").order_by("id")
    return list(events.values_list("object_id", "data"))


@pytest.mark.django_db
def test_who_is_deactivated_leaves_both_kinds_of_seats() -> None:
    marketing, it = make_team(Side.MARKETING), make_team(Side.IT)
    bridge = make_person(marketing, it)
    as_marketer = make_request(Status.SHAPING, marketing_owner=bridge)
    as_it = make_request(Status.IN_PROGRESS, it_owner=bridge)
    untouched = make_request(Status.SHAPING)
    deactivate(bridge, by=make_admin())
    for request in (as_marketer, as_it):
        request.refresh_from_db()
    assert (as_marketer.marketing_owner, as_marketer.version) == (None, 2)
    assert (as_it.it_owner, as_it.version) == (None, 2)
    assert [(number, data["seat"], data["person"]) for number, data in seat_events()] == [
        (as_marketer.pk, "marketing_owner", bridge.pk),
        (as_it.pk, "it_owner", bridge.pk),
    ]
    assert Request.objects.get(pk=untouched.pk).version == 1


@pytest.mark.django_db
def test_the_turn_follows_the_empty_seat() -> None:
    owner = make_person(make_team(Side.MARKETING))
    request = make_request(Status.SUBMITTED, marketing_owner=owner)
    assert request.turn == Turn.IT
    deactivate(owner, by=make_admin())
    request.refresh_from_db()
    assert request.turn == Turn.MARKETING


@pytest.mark.django_db
def test_a_lost_side_empties_its_seats_only() -> None:
    marketing, it = make_team(Side.MARKETING), make_team(Side.IT)
    bridge = make_person(marketing, it)
    as_marketer = make_request(Status.SHAPING, marketing_owner=bridge)
    as_it = make_request(Status.SHAPING, it_owner=bridge)
    remove_member(it, bridge, by=make_admin())
    as_marketer.refresh_from_db()
    as_it.refresh_from_db()
    assert as_marketer.marketing_owner == bridge
    assert as_it.it_owner is None


@pytest.mark.django_db
def test_leaving_a_team_but_keeping_the_side_keeps_the_seat() -> None:
    first, second = make_team(Side.IT), make_team(Side.IT)
    owner = make_person(first, second)
    request = make_request(Status.SHAPING, it_owner=owner, serving_team=first)
    remove_member(first, owner, by=make_admin())
    request.refresh_from_db()
    assert request.it_owner == owner
    assert not seat_events()


@pytest.mark.django_db
def test_a_refused_change_empties_nothing() -> None:
    team = make_team(Side.IT)
    owner = make_person(team)
    request = make_request(Status.SHAPING, it_owner=owner)
    with pytest.raises(RuleViolation):
        deactivate(owner, by=make_person(lead_of=team))
    with pytest.raises(RuleViolation):
        remove_member(team, owner, by=make_person(team))
    request.refresh_from_db()
    assert request.it_owner == owner
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_nothing_happens_where_a_seat_cannot_be_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team(Side.IT)
    owner = make_person(team)
    make_request(Status.SHAPING, it_owner=owner)

    def fail(*args: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("requests_app.seats.refresh_turn", fail)
    with pytest.raises(ConnectionResetError):
        deactivate(owner, by=make_admin())
    owner.refresh_from_db()
    assert owner.is_active
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_where_no_side_is_lost_nothing_is_asked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_person()
    with django_assert_num_queries(0):
        assert leave_seats(person, [], by=None) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_seat_while_being_deactivated() -> None:
    for _round in range(4):
        team = make_team(Side.IT)
        owner, lead, admin = make_person(team), make_person(lead_of=team), make_admin()
        request = make_request(Status.SUBMITTED, serving_team=team, it_owner=None)
        start = threading.Barrier(2)

        def assign() -> None:
            start.wait()  # noqa: B023
            try:
                perform("assign", request.pk, by=lead, inputs=Inputs(it_owner=owner))  # noqa: B023
            except RuleViolation:
                pass
            finally:
                connection.close()

        thread = threading.Thread(target=assign)
        thread.start()
        start.wait()
        deactivate(owner, by=admin)
        thread.join()
        request.refresh_from_db()
        assert request.it_owner is None


@pytest.mark.django_db
def test_the_pages_do_it_for_admins_and_leads(client: Client) -> None:
    team = make_team(Side.IT)
    owner, lead, admin = make_person(team), make_person(lead_of=team), make_admin()
    request = make_request(Status.SHAPING, it_owner=owner)
    deactivating = reverse("requests:person_deactivate", args=[owner.pk])
    removing = reverse("requests:member_remove", args=[team.slug, owner.pk])
    client.force_login(lead)
    assert client.post(deactivating).status_code == 403
    assert client.post(removing).status_code == 302
    request.refresh_from_db()
    assert request.it_owner is None
    client.force_login(admin)
    client.post(deactivating)
    owner.refresh_from_db()
    assert not owner.is_active
