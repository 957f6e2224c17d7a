"""The template filters of a request's page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from requests_app.templatetags.request_words import amount, euros, lasting, link_requests, markdown


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("de", "1.8000", "1,8"),
        ("en", "1.8000", "1.8"),
        ("de", "3", "3"),
        ("de", "1250000.25", "1.250.000,25"),
        ("en", "100", "100"),
        ("en", "-0.0001", "-0.0001"),
        ("en", "0.0000", "0"),
    ],
)
def test_an_amount_has_the_decimals_that_it_needs(language: str, value: str, words: str) -> None:
    with translation.override(language):
        assert amount(Decimal(value)) == words


def test_no_amount_is_a_dash() -> None:
    assert amount(None) == "–"


def test_numbers_become_links_but_not_in_links_and_code() -> None:
    html = markdown("T-12, [T-13](https://example.org) and `T-14`\n\n    T-15")
    assert '<a href="/requests/12/">T-12</a>' in html
    for number in (13, 14, 15):
        assert f"/requests/{number}/" not in html


@pytest.mark.parametrize("text", ["XT-12", "T-0", "T-012", "T-", "T-1234567890123456789", "T-12a"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert "<a" not in markdown(text)


def test_a_number_inside_an_attribute_is_left_alone() -> None:
    html = '<p><a title="> T-5 <" href="/x">y</a> T-6</p>'
    assert link_requests(html) == '<p><a title="> T-5 <" href="/x">y</a> <a href="/requests/6/">T-6</a></p>'


def test_html_in_a_comment_is_shown_as_text() -> None:
    html = markdown('<img src=x onerror=alert(1)> <a hx-get="/x">T-7</a>')
    assert "<img" not in html
    assert "<a hx" not in html


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [("12500", "12,500 €", "12.500 €"), ("990.50", "990.50 €", "990,50 €"), ("0", "0 €", "0 €")],
)
def test_money_is_written_as_the_reader_writes_it(value: str, english: str, german: str) -> None:
    with translation.override("en"):
        assert euros(Decimal(value)) == english
    with translation.override("de"):
        assert euros(Decimal(value)) == german


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (24 * 60 - 1, "23 hours"),
        (24 * 60, "1 day"),
        (90 * 60, "3 days"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit(minutes: int, words: str) -> None:
    with translation.override("en"):
        assert lasting(timedelta(minutes=minutes)) == words
