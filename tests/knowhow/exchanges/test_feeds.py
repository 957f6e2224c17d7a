"""The personal calendar feed: for whoever knows its address, and for nobody else."""

from datetime import timedelta

import pytest
import vobject
from django.test import Client
from django.urls import reverse

from activity import clock
from activity.models import Event
from knowhow.exchanges.feeds import close_feed, in_calendar_of, open_feed
from knowhow.exchanges.models import CalendarFeed
from knowhow.exchanges.planning import move
from teams.models import Person
from tests.factories import make_person
from tests.knowhow.exchanges.making import hours, make_exchange, seat, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


def address(secret: str) -> str:
    return reverse("requests:calendar_file", args=[secret])


def fetched(secret: str, **headers: str) -> tuple[int, list[tuple[str, str]]]:
    answer = Client(headers=headers).get(address(secret))
    if answer.status_code != 200:
        return answer.status_code, []
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = vobject.readOne(answer.content.decode())
    events = getattr(calendar, "vevent_list", [])
    return 200, [(one.summary.value, one.status.value) for one in events]


def test_it_holds_what_one_hosts_or_has_a_seat_in_and_cancelled_ones_to_take_out(person: Person) -> None:
    make_exchange(person, days=1, title="Hosted")
    seat(make_exchange(days=2, title="Seat"), person)
    seat(make_exchange(days=3, title="Gone", cancelled_at=clock.now()), person)
    wait(make_exchange(days=4, title="Waiting"), person)
    seat(make_exchange(days=5, title="Somebody else's"))
    secret = open_feed(by=person).secret
    assert fetched(secret) == (
        200,
        [("Hosted", "CONFIRMED"), ("Seat", "CONFIRMED"), ("Gone", "CANCELLED")],
    )


def test_a_host_with_many_guests_sees_it_once(person: Person) -> None:
    exchange = make_exchange(person, seats=9)
    for _guest in range(3):
        seat(exchange)
    assert list(in_calendar_of(person)) == [exchange]


def test_only_its_hash_is_kept_and_a_new_address_ends_the_old_one(person: Person) -> None:
    old, new = open_feed(by=person).secret, open_feed(by=person).secret
    assert old != new
    assert CalendarFeed.objects.get().token_hash not in (old, new)
    assert (fetched(old)[0], fetched(new)[0]) == (404, 200)
    assert new not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_closed_feed_and_one_of_somebody_who_left_lead_nowhere(person: Person) -> None:
    secret = open_feed(by=person).secret
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert fetched(secret)[0] == 404
    Person.objects.filter(pk=person.pk).update(is_active=True)
    close_feed(by=person)
    assert fetched(secret)[0] == 404
    events = Event.objects.count()
    close_feed(by=person)
    assert Event.objects.count() == events


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 5_000, "ä", "'; DROP TABLE"])
def test_what_is_no_address_is_not_found(secret: str) -> None:
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_it_is_fetched_again_only_where_something_changed(person: Person) -> None:
    exchange = make_exchange(person)
    secret = open_feed(by=person).secret
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        first = Client().get(address(secret))
        again = Client(headers={"if-none-match": first.headers["ETag"]})
        assert again.get(address(secret)).status_code == 304
        move(exchange.pk, hours(9), by=person)
        assert again.get(address(secret)).status_code == 200


def test_its_address_is_shown_once_to_its_owner(person: Person, client: Client) -> None:
    client.force_login(person)
    page = reverse("exchanges:feed")
    made = client.post(page)
    shown = made.context["address"]
    assert shown.encode() in made.content
    assert Client().get(shown[shown.index("/calendar/") :]).status_code == 200
    assert b".ics" not in client.get(page).content
    assert "no-store" in made.headers["Cache-Control"]
    client.post(reverse("exchanges:feed_close"))
    assert not CalendarFeed.objects.exists()


def test_nobody_changes_anything_by_the_address(person: Person) -> None:
    assert Client().post(address(open_feed(by=person).secret)).status_code == 405
