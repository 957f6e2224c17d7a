"""Looking for something in one's own digests."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.digest.archive import archive
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from teams.rules import InvalidFields
from tests.factories import make_person, make_request
from tests.notifications.digests import MONDAY, happened_at, make_company, send_at, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody with two digests: of a chatbot, and of a dashboard."""
    make_company()
    somebody = make_person(language="en")
    for n, title in enumerate(("Chatbot for sizes", "Dashboard of returns")):
        request = make_request(Status.PARKED, title=title)
        happened_at(MONDAY + weeks(n) - timedelta(days=1), "request.parked", request, None)
        send_at(MONDAY + weeks(n))
    return somebody


def weeks_found(person: Person, query: str) -> list[str]:
    return [row.week.key for row in archive(person, query).rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["2026-W47", "2026-W46"]),
        ("chatbot", ["2026-W46"]),
        ("dash", ["2026-W47"]),
        ("chatbot dashboard", []),
        ("chatbot or dashboard", ["2026-W47", "2026-W46"]),
        ("unheard-of", []),
    ],
)
def test_those_that_tell_of_it_are_found(query: str, found: list[str], person: Person) -> None:
    assert weeks_found(person, query) == found


def test_a_hit_leads_to_what_was_told(person: Person) -> None:
    (row,) = archive(person, "chatbot").rows
    request = Request.objects.get(title__startswith="Chatbot")
    (hit,) = row.hits
    assert (hit.title, hit.path) == (f"{request.key} Chatbot for sizes", request.get_absolute_url())
    assert weeks_found(person, request.key) == ["2026-W46"]


def test_what_one_may_not_see_any_more_is_not_found(person: Person) -> None:
    Request.objects.filter(title__startswith="Chatbot").update(restricted=True)
    assert weeks_found(person, "chatbot") == []


def test_the_digests_of_others_are_not_searched(person: Person) -> None:
    assert weeks_found(make_person(), "chatbot") == []


def test_more_digests_take_no_more_queries(person: Person) -> None:
    taken = []
    for n in (2, 3):
        with CaptureQueriesContext(connection) as found:
            archive(person, "chatbot")
        taken.append(len(found))
        send_at(MONDAY + weeks(n))
    assert taken[0] == taken[1] <= 10


@pytest.mark.parametrize("query", ["x" * 201, "a\x00b"])
def test_what_cannot_be_searched_for_is_refused(query: str, person: Person, client: Client) -> None:
    with pytest.raises(InvalidFields):
        archive(person, query)
    client.force_login(person)
    answer = client.get(reverse("notifications:digests"), {"q": query})
    assert answer.status_code == 200


def test_the_page_finds_and_says_so_where_nothing_is(person: Person, client: Client) -> None:
    client.force_login(person)
    page = client.get(reverse("notifications:digests"), {"q": "chatbot"}).content.decode()
    assert "Chatbot for sizes" in page
    assert '/digests/2026-W47/"' not in page
    page = client.get(reverse("notifications:digests"), {"q": "unheard-of"}).content.decode()
    assert "None of your digests tells of it." in page
