"""Seats, and the waiting list that moves up by itself."""

import pytest
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st

from activity import clock
from activity.models import Event
from knowhow.exchanges.models import SignUp, Standing
from knowhow.exchanges.places import fill_seats, free_places, sign_off, sign_up
from teams.models import Side
from teams.rules import RuleViolation
from tests.factories import make_person, make_team
from tests.knowhow.exchanges.making import in_days, make_exchange, seat, standings, wait

pytestmark = pytest.mark.django_db


@settings(max_examples=50)
@given(st.sets(st.integers(1, 40)), st.integers(1, 30))
def test_a_seat_is_free_or_taken(taken: set[int], seats: int) -> None:
    free = free_places(taken, seats)
    assert not set(free) & taken
    assert set(free) | {place for place in taken if place <= seats} == set(range(1, seats + 1))


def test_who_signs_up_gets_a_seat_and_is_told() -> None:
    exchange, person = make_exchange(), make_person()
    signup = sign_up(exchange.pk, by=person)
    assert (signup.standing, signup.place) == (Standing.SEAT, 1)
    event = Event.objects.get(kind="exchange.signed_up")
    assert event.data == {"person": person.pk, "standing": "seat", "told": [person.pk]}


def test_where_all_seats_are_taken_one_waits_and_gets_no_invitation() -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    signup = sign_up(exchange.pk, by=make_person())
    assert (signup.standing, signup.place) == (Standing.WAITING, None)
    assert Event.objects.get(kind="exchange.signed_up").data["told"] == []


def test_signing_up_twice_changes_nothing() -> None:
    exchange, person = make_exchange(), make_person()
    assert sign_up(exchange.pk, by=person) == sign_up(exchange.pk, by=person)
    assert SignUp.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_first_who_waits_moves_up_into_the_seat_that_became_free() -> None:
    exchange = make_exchange(seats=2)
    one, _two = seat(exchange), seat(exchange)
    first, second = wait(exchange), wait(exchange)
    sign_off(exchange.pk, by=one.person)
    assert standings(exchange) == [("left", None), ("seat", 2), ("seat", 1), ("waiting", None)]
    data = Event.objects.get(kind="exchange.signed_off").data
    assert (data["moved_up"], data["told"]) == ([first.person_id], [one.person_id, first.person_id])
    second.refresh_from_db()
    assert second.standing == Standing.WAITING


def test_who_comes_back_stands_at_the_end() -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    person, other = make_person(), make_person()
    sign_up(exchange.pk, by=person)
    sign_up(exchange.pk, by=other)
    sign_off(exchange.pk, by=person)
    sign_up(exchange.pk, by=person)
    queue = exchange.signups.filter(standing=Standing.WAITING).order_by("since", "pk")
    assert [one.person for one in queue] == [other, person]


def test_each_seat_given_back_is_counted_so_that_calendars_take_the_next_invitation() -> None:
    exchange, person = make_exchange(), make_person()
    for _round in range(2):
        sign_up(exchange.pk, by=person)
        sign_off(exchange.pk, by=person)
    assert SignUp.objects.get().turns == 2


def test_a_place_on_the_list_given_back_is_no_turn_and_tells_nobody() -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    waiting = wait(exchange)
    sign_off(exchange.pk, by=waiting.person)
    waiting.refresh_from_db()
    assert (waiting.standing, waiting.turns) == (Standing.LEFT, 0)
    assert Event.objects.get().data["told"] == []


def test_signing_off_without_a_seat_changes_nothing() -> None:
    exchange = make_exchange()
    assert sign_off(exchange.pk, by=make_person()) is None
    assert not Event.objects.exists()


def test_the_host_needs_no_seat() -> None:
    exchange = make_exchange()
    with pytest.raises(RuleViolation, match="own_exchange"):
        sign_up(exchange.pk, by=exchange.host)


@pytest.mark.parametrize("change", [sign_up, sign_off])
def test_after_it_began_or_was_cancelled_nothing_moves(change: object) -> None:
    person = make_person()
    for exchange in (make_exchange(days=-0.01), make_exchange(cancelled_at=clock.now())):
        seat(exchange, person)
        with pytest.raises(RuleViolation, match="wrong_status"):
            change(exchange.pk, by=person)  # type: ignore[operator]


def test_who_has_left_the_company_cannot_sign_up() -> None:
    with pytest.raises(RuleViolation, match="not_yours"):
        sign_up(make_exchange().pk, by=make_person(is_active=False))


@pytest.mark.parametrize("pk", [0, 424242, 2**63, 2**70])
def test_an_exchange_that_is_not_there_is_not_found(pk: int) -> None:
    with pytest.raises(Http404):
        sign_up(pk, by=make_person())


def test_job_shadowing_crosses_the_border_between_the_sides() -> None:
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    exchange = make_exchange(make_person(it), kind="shadowing", seats=1)
    with pytest.raises(RuleViolation, match="same_side"):
        sign_up(exchange.pk, by=make_person(it))
    assert sign_up(exchange.pk, by=make_person(marketing)).standing == Standing.SEAT
    assert sign_up(exchange.pk, by=make_person(it, marketing)).standing == Standing.WAITING


def test_seats_of_those_who_have_left_the_company_go_to_who_waits() -> None:
    exchange = make_exchange(seats=1)
    gone, waiting = seat(exchange), wait(exchange)
    gone.person.is_active = False
    gone.person.save()
    assert fill_seats(exchange.pk, by=None) == exchange
    assert standings(exchange) == [("left", None), ("seat", 1)]
    data = Event.objects.get(kind="exchange.filled").data
    assert data == {"left": [gone.person_id], "moved_up": [waiting.person_id], "told": [waiting.person_id]}
    assert fill_seats(exchange.pk, by=None) is None


def test_of_what_has_begun_no_seat_is_passed_on() -> None:
    exchange = make_exchange(starts_at=in_days(-0.01))
    gone = seat(exchange, make_person(is_active=False))
    assert fill_seats(exchange.pk, by=None) is None
    gone.refresh_from_db()
    assert gone.standing == Standing.SEAT
