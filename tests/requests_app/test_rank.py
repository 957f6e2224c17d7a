"""The one order of each status."""

import string
from datetime import datetime

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Event
from requests_app.boards import locks, rank
from requests_app.boards.move import move
from requests_app.models import Request
from tests.factories import make_admin, make_request


def order(status: str) -> list[int]:
    return list(Request.objects.filter(status=status).order_by("rank").values_list("number", flat=True))


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=60))
def test_a_key_between_two_is_between_them_wherever_one_inserts(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        above = keys[at - 1] if at else None
        below = keys[at] if at < len(keys) else None
        keys.insert(at, rank.between(above, below))
    assert keys == sorted(set(keys))
    assert all(set(key) <= set(string.ascii_letters + string.digits) for key in keys)


@pytest.mark.django_db
def test_a_column_is_ordered_as_the_keys_are_in_python() -> None:
    numbers = {key: make_request("ready", rank=key).number for key in ("a0", "Zz", "a1", "aZ", "aa", "b00")}
    assert order("ready") == [numbers[key] for key in sorted(numbers)]


@pytest.mark.django_db
def test_top_and_bottom_of_a_column_and_of_an_empty_one() -> None:
    assert rank.bottom_of("ready") == rank.top_of("ready")
    first, last = make_request("ready"), make_request("ready")
    assert rank.top_of("ready") < str(first.rank) < str(last.rank) < rank.bottom_of("ready")
    assert rank.place_of("ready") == rank.bottom_of("ready")
    assert rank.place_of("done") == rank.top_of("done")


@pytest.mark.django_db
def test_a_card_itself_is_not_its_own_neighbour() -> None:
    first, last = make_request("ready"), make_request("ready")
    assert rank.bottom_of("ready", last.number) == last.rank
    assert rank.key_below("ready", str(first.rank), last.number) == last.rank
    last.status = "ready"
    rank.place_at_bottom(last)
    assert str(last.rank) > str(first.rank)


def versions() -> list[tuple[int, datetime]]:
    return list(Request.objects.order_by("number").values_list("version", "updated_at"))


@pytest.mark.django_db
def test_rebalancing_shortens_keys_and_is_no_change() -> None:
    cards = [make_request("ready", rank="a0" + "V" * length) for length in (50, 99, 150, 180)]
    before = order("ready"), versions()
    with transaction.atomic():
        locks.lock_status("ready")
        rank.rebalance("ready")
    assert (order("ready"), versions()) == before
    assert max(len(card.rank or "") for card in Request.objects.all()) < 5
    assert not Event.objects.exists()
    assert len(cards) == 4


@pytest.mark.django_db
def test_rebalancing_an_empty_column_does_nothing() -> None:
    with transaction.atomic():
        rank.rebalance("ready")
    assert order("ready") == []


@pytest.mark.django_db
def test_inserting_between_the_same_two_for_ever_stays_within_the_column() -> None:
    admin = make_admin()
    first, *others = [make_request("ready") for _ in range(4)]
    for turn in range(330):
        card = others[turn % 3]
        move(card.number, by=admin, status="ready", after=first.number)
        assert order("ready")[:2] == [first.number, card.number]
    assert max(len(card.rank or "") for card in Request.objects.all()) <= rank.LONGEST_KEY


def only(number: int) -> rank.Neighbour:
    return Request.objects.filter(number=number)


@pytest.mark.django_db
def test_a_spot_says_where_a_card_would_stand_and_whether_it_stands_there() -> None:
    first, second, third = (make_request("ready") for _ in range(3))
    one, two, three = (str(card.rank) for card in (first, second, third))

    below_first = rank.spot_below("ready", only(first.number), third.number)
    assert below_first is not None
    assert one < below_first.key < two
    assert not below_first.is_taken_by_it
    assert rank.spot_below("ready", only(second.number), third.number) == rank.Spot(three, True)

    above_third = rank.spot_above("ready", only(third.number), first.number)
    assert above_third is not None
    assert two < above_third.key < three
    assert not above_third.is_taken_by_it
    assert rank.spot_above("ready", only(second.number), first.number) == rank.Spot(one, True)


@pytest.mark.django_db
def test_the_top_is_above_all_others_and_of_an_empty_column_anywhere() -> None:
    assert not rank.spot_at_top("ready", 1).is_taken_by_it
    first, second = make_request("ready"), make_request("ready")
    top = rank.spot_at_top("ready", second.number)
    assert top.key < str(first.rank)
    assert not top.is_taken_by_it
    assert rank.spot_at_top("ready", first.number).is_taken_by_it


@pytest.mark.django_db
def test_beside_a_card_that_is_not_there_is_no_spot() -> None:
    make_request("ready")
    parked = make_request("parked")
    assert rank.spot_below("ready", only(parked.number).filter(status="ready"), 1) is None
    assert rank.spot_above("ready", only(0), 1) is None
