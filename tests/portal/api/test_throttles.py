"""Throttles of the API: per person, per address, counted in the database, told as a problem."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity import clock
from portal.api.throttles import count
from teams.models import ApiToken
from tests.api_client import API, machine
from tests.factories import make_person

pytestmark = pytest.mark.django_db
ME = f"{API}me/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limits(settings: Any) -> Iterator[None]:
    """Three a minute for people, two for addresses, at a moment that stands until a test moves it."""
    settings.API_REQUESTS_PER_MINUTE, settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 3, 2
    with clock.moved_to(NOON):
        yield


def statuses(client: Client, times: int, path: str = ME, **options: Any) -> list[int]:
    return [client.get(path, **options).status_code for _ in range(times)]


def test_a_person_may_send_so_many_a_minute() -> None:
    assert statuses(machine(make_person()), 5) == [200, 200, 200, 429, 429]


def test_a_minute_later_it_counts_anew() -> None:
    client = machine(make_person())
    assert statuses(client, 4)[-1] == 429
    with clock.moved_to(NOON + timedelta(seconds=59)):
        assert statuses(client, 1) == [429]
    with clock.moved_to(NOON + timedelta(seconds=60)):
        assert statuses(client, 4) == [200, 200, 200, 429]


def test_another_token_and_the_session_count_as_the_same_person() -> None:
    person = make_person()
    browser = Client()
    browser.force_login(person)
    assert statuses(machine(person), 2) + statuses(machine(person), 1) == [200, 200, 200]
    assert statuses(browser, 1) == [429]


def test_others_are_not_held_up() -> None:
    assert statuses(machine(make_person()), 4)[-1] == 429
    assert statuses(machine(make_person()), 3) == [200, 200, 200]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "That was too often in a short time."), ("de", "Das war zu oft in kurzer Zeit.")],
)
def test_it_is_told_as_a_problem_with_the_time_to_wait(language: str, words: str) -> None:
    client = machine(make_person())
    statuses(client, 3)
    with clock.moved_to(NOON + timedelta(seconds=17.5)):
        answer = client.get(ME, headers={"Accept-Language": language})
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "43"
    body = answer.json()
    assert (body["type"], body["status"]) == ("urn:tandem:problem:too-often", 429)
    assert body["detail"].startswith(words)


def test_nothing_is_changed_by_a_request_that_is_one_too_many() -> None:
    client = machine(make_person(), ApiToken.Scope.WRITE)
    statuses(client, 3)
    body = {"title": "Choose topics", "submit": False}
    answer = client.post(f"{API}requests/", body, content_type="application/json")
    assert answer.status_code == 429


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer tdm_wrong"}, {"Authorization": "Bearer"}])
def test_who_is_not_signed_in_is_counted_by_address(headers: dict[str, str]) -> None:
    assert statuses(Client(), 4, headers=headers) == [401, 401, 429, 429]
    assert statuses(Client(REMOTE_ADDR="192.0.2.7"), 1, headers=headers) == [401]


def test_the_open_schema_comes_from_memory_and_is_not_counted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert statuses(Client(), 5, f"{API}schema/") == [200] * 5


def test_a_stranger_does_not_hold_up_who_is_signed_in_from_the_same_address() -> None:
    assert statuses(Client(), 3)[-1] == 429
    assert statuses(machine(make_person()), 1) == [200]


def test_a_header_that_nobody_trusts_makes_no_other_address() -> None:
    found = [Client().get(ME, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]
    assert found == [401, 401, 429]


def test_a_limit_of_zero_is_none(settings: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 0
    assert statuses(machine(make_person()), 5) == [200] * 5
    assert statuses(Client(), 5) == [401] * 5
    with django_assert_num_queries(0):
        Client().get(ME)


def test_it_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        Client().get(ME)


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_are_all_counted() -> None:
    def one(_n: int) -> int:
        try:
            return count("person:1", NOON)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(80))) == [*range(1, 81)]


def test_the_cache_throws_away_what_has_expired() -> None:
    count("person:1", NOON - timedelta(days=1))
    now = datetime.now(UTC)
    count("person:2", now)
    backend: Any = caches["default"]
    with connection.cursor() as cursor:
        backend._cull("default", cursor, now, 2)
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE 'api:%'")
        assert cursor.fetchall() == [("api:person:2",)]


def test_counts_of_a_large_company_fit() -> None:
    backend: Any = caches["default"]
    assert type(backend).__name__ == "DatabaseCache"
    assert (backend._table, backend._max_entries) == ("cache", 20_000)
