"""Lists in pages by number."""

import pytest
from django.test import RequestFactory

from teams.models import Team
from teams.numbered import page_address, page_number, page_of
from tests.factories import make_team


@pytest.mark.django_db
def test_pages_know_their_neighbours_and_stay_within_their_bounds() -> None:
    teams = [make_team(name=f"Team {letter}") for letter in "ABC"]
    rows = Team.objects.order_by("name")
    first, last = page_of(rows, 1, size=2), page_of(rows, 2, size=2)
    assert (first.rows, first.previous, first.next) == (teams[:2], None, 2)
    assert (last.rows, last.previous, last.next) == (teams[2:], 1, None)
    assert page_of(rows, -5, size=2) == first
    assert page_of(rows, 10**9, size=2, most=2) == last


@pytest.mark.parametrize(("text", "number"), [("", 1), ("3", 3), ("x", 1), ("-2", 1), ("²", 1), ("9" * 7, 1)])
def test_what_is_no_number_asks_for_the_first_page(text: str, number: int) -> None:
    assert page_number(RequestFactory().get("/", {"page": text})) == number


def test_the_address_of_a_page_keeps_the_filters() -> None:
    request = RequestFactory().get("/", {"q": "a & b", "page": "2"})
    assert page_address(request, 3) == "?q=a+%26+b&page=3"
    assert page_address(request, None) == ""
