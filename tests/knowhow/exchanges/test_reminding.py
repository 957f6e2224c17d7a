"""What the portal says by itself: the day before, and afterwards; each once."""

from datetime import timedelta
from typing import Any

import pytest

from activity import clock
from activity.models import Event
from knowhow.exchanges.models import Exchange
from knowhow.exchanges.planning import move
from knowhow.exchanges.reminding import say_what_is_due
from tests.factories import make_person
from tests.knowhow.exchanges.making import hours, in_days, make_exchange, seat, wait
from tests.requests_app.test_races import at_once

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=30)


def known(days: float, **fields: Any) -> Exchange:
    """An exchange that was planned a month ago."""
    return make_exchange(days=days, invited_at=clock.now() - LONG_AGO, **fields)


def said(kind: str) -> list[list[int]]:
    events = Event.objects.filter(kind=f"exchange.{kind}").order_by("pk")
    return [event.data["told"] for event in events]


def test_the_host_and_those_with_a_seat_are_reminded_once() -> None:
    exchange = known(0.9, seats=1)
    guest = seat(exchange)
    wait(exchange)
    for _tick in range(2):
        say_what_is_due(clock.now())
    assert said("reminded") == [[exchange.host_id, guest.person_id]]


@pytest.mark.parametrize("days", [-0.01, 1.1, 7])
def test_what_has_begun_or_is_far_away_is_not(days: float) -> None:
    known(days)
    say_what_is_due(clock.now())
    assert said("reminded") == []


def test_whoever_was_invited_today_is_not_reminded_today() -> None:
    make_exchange(days=0.9)
    assert say_what_is_due(clock.now()) == 0


def test_what_was_moved_after_the_reminder_is_reminded_again() -> None:
    exchange = known(0.9)
    say_what_is_due(clock.now())
    move(exchange.pk, hours(3), by=exchange.host)
    later = in_days(2.5)
    with clock.moved_to(later):
        say_what_is_due(later)
    assert len(said("reminded")) == 2


def test_cancelled_ones_and_those_who_left_are_left_out() -> None:
    known(0.9, cancelled_at=clock.now())
    exchange = known(0.9, host=make_person(is_active=False))
    guest = seat(exchange)
    say_what_is_due(clock.now())
    assert said("reminded") == [[guest.person_id]]


def test_those_who_were_there_are_asked_once_when_it_is_over() -> None:
    exchange = known(-0.1)
    guest, absent = seat(exchange), seat(exchange, attended=False)
    for _tick in range(2):
        say_what_is_due(clock.now())
    assert said("feedback_asked") == [[guest.person_id]]
    assert absent.person_id not in said("feedback_asked")[0]


@pytest.mark.parametrize("days", [-0.02, -4])
def test_what_goes_on_or_is_long_over_is_not_asked_about(days: float) -> None:
    known(days)
    say_what_is_due(clock.now())
    assert said("feedback_asked") == []


def test_seats_of_those_who_left_are_passed_on() -> None:
    exchange = known(5, seats=1)
    seat(exchange, make_person(is_active=False))
    waiting = wait(exchange)
    assert say_what_is_due(clock.now()) == 1
    assert said("filled") == [[waiting.person_id]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once() -> None:
    exchange = known(0.9)
    seat(exchange)
    now = clock.now()
    at_once(*[lambda: say_what_is_due(now)] * 2)
    assert len(said("reminded")) == 1
