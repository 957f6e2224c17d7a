"""Many want the last seat at once, each with a connection of their own."""

from functools import partial

import pytest

from activity.models import Event
from knowhow.exchanges.models import SignUp, Standing
from knowhow.exchanges.places import sign_off, sign_up
from knowhow.exchanges.planning import cancel, edit
from knowhow.exchanges.session_fields import SessionFields
from tests.factories import make_person
from tests.knowhow.exchanges.making import make_exchange, seat, wait
from tests.requests_app.test_races import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]

REPETITIONS = 8


def test_of_two_who_want_the_last_seat_one_gets_it_and_the_other_waits() -> None:
    for _turn in range(REPETITIONS):
        exchange = make_exchange(seats=1)
        calls = [partial(sign_up, exchange.pk, by=make_person()) for _one in range(2)]
        assert kinds(at_once(*calls)) == {"SignUp": 2}
        found = exchange.signups.values_list("standing", "place")
        assert sorted(found) == [("seat", 1), ("waiting", None)]


def test_six_for_three_seats_are_three_and_three() -> None:
    exchange = make_exchange(seats=3)
    calls = [partial(sign_up, exchange.pk, by=make_person()) for _one in range(6)]
    assert kinds(at_once(*calls)) == {"SignUp": 6}
    seated = exchange.signups.filter(standing=Standing.SEAT)
    assert set(seated.values_list("place", flat=True)) == {1, 2, 3}
    assert exchange.signups.filter(standing=Standing.WAITING).count() == 3
    assert Event.objects.filter(kind="exchange.signed_up").count() == 6


def test_one_who_presses_twice_has_one_seat() -> None:
    exchange, person = make_exchange(), make_person()
    assert kinds(at_once(*[partial(sign_up, exchange.pk, by=person)] * 2)) == {"SignUp": 2}
    assert SignUp.objects.count() == 1
    assert Event.objects.filter(kind="exchange.signed_up").count() == 1


def test_two_who_leave_at_once_let_two_move_up() -> None:
    for _turn in range(REPETITIONS):
        exchange = make_exchange(seats=2)
        leaving, queue = [seat(exchange), seat(exchange)], [wait(exchange), wait(exchange), wait(exchange)]
        at_once(*(partial(sign_off, exchange.pk, by=one.person) for one in leaving))
        seated = exchange.signups.filter(standing=Standing.SEAT).values_list("pk", flat=True)
        assert set(seated) == {one.pk for one in queue[:2]}


def test_a_seat_taken_while_seats_become_fewer_is_never_one_too_many() -> None:
    for _turn in range(REPETITIONS):
        exchange = make_exchange(seats=2)
        seat(exchange)
        fewer = partial(edit, exchange.pk, SessionFields(seats=1), by=exchange.host)
        at_once(partial(sign_up, exchange.pk, by=make_person()), fewer)
        exchange.refresh_from_db()
        assert exchange.signups.filter(standing=Standing.SEAT).count() <= exchange.seats


def test_who_signs_up_while_it_is_cancelled_is_told_or_refused() -> None:
    for _turn in range(REPETITIONS):
        exchange, person = make_exchange(), make_person()
        outcome = kinds(
            at_once(
                partial(sign_up, exchange.pk, by=person),
                partial(cancel, exchange.pk, "Ill", by=exchange.host),
            )
        )
        told = Event.objects.get(kind="exchange.cancelled", object_id=exchange.pk).data["told"]
        assert outcome in ({"SignUp": 1, "list": 1}, {"wrong_status": 1, "list": 1})
        assert (person.pk in told) == ("SignUp" in outcome)
