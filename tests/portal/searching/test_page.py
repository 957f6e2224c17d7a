"""The search page."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.searching import find as finding
from requests_app.choices import Status
from teams.models import Person
from tests.factories import make_person, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person(language="en")


def get(person: Person, status: int = 200, **query: str) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get("/search/", query)
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def test_hits_are_marked_and_counted(reader: Person) -> None:
    row = make_request(title="Newsletter <b>Themen</b>", customer_need="Der Newsletter passt nicht.")
    html = get(reader, q="newsletter")
    assert f'<a href="/requests/{row.number}/"><mark>Newsletter</mark> ' in html
    assert "<b>Themen" not in html
    assert "<mark>Newsletter</mark> passt nicht." in html
    assert '<span class="result" role="status">1 hit</span>' in html


def test_without_words_it_says_how_to_search(reader: Person) -> None:
    for query in ("", "   "):
        assert "What are you looking for?" in get(reader, q=query)


def test_without_hits_it_says_so(reader: Person) -> None:
    make_request(restricted=True, title="Fusion")
    make_request(Status.DRAFT, title="Fusion", requester=reader)
    html = get(reader, q="fusion")
    assert "Nothing found" in html
    assert "0 hits" in html


@pytest.mark.parametrize(
    ("query", "words"), [("x" * 201, "Shorten this text"), ("a\x00b", "control characters")]
)
def test_what_cannot_be_searched_for_is_told(reader: Person, query: str, words: str) -> None:
    assert words in get(reader, status=400, q=query)


def test_what_was_typed_is_escaped(reader: Person) -> None:
    html = get(reader, q='"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_pages_keep_the_words(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    for _ in range(3):
        make_request(title="Gutschein & mehr")
    html = get(reader, q="gutschein & mehr")
    assert re.search(r'rel="next" href="/search/\?q=gutschein\+%26\+mehr&amp;page=2"', html)
    last = get(reader, q="gutschein & mehr", page="2")
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999", "²"])
def test_a_page_that_is_none_is_no_error(reader: Person, number: str) -> None:
    make_request(title="Gutschein")
    assert "1 hit" in get(reader, q="gutschein", page=number)


@pytest.mark.parametrize("rows", [1, 20])
def test_at_most_twelve_queries(
    reader: Person, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_request(title="Gutschein")
    client = Client()
    client.force_login(reader)
    with django_assert_max_num_queries(12):
        assert f"{rows} hit" in client.get("/search/?q=gutschein").content.decode()
