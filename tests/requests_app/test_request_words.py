"""The template filters of a request's page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from requests_app.templatetags.request_words import amount, euros, lasting, markdown, with_links


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


def test_keys_in_markdown_become_links_but_not_in_links_and_code() -> None:
    titles = {number: f"Request {number}" for number in range(12, 17)}
    html = markdown("T-12, **T-16**, [T-13](https://example.org) and `T-14`\n\n    T-15", titles)
    assert '<a href="/requests/12/" title="Request 12">T-12</a>' in html
    assert '<strong><a href="/requests/16/" title="Request 16">T-16</a></strong>' in html
    for number in (13, 14, 15):
        assert f"/requests/{number}/" not in html


def test_keys_of_requests_that_are_not_known_stay_text() -> None:
    assert markdown("T-12") == markdown("T-12", {13: "Other"}) == "<p>T-12</p>\n"


def test_a_plain_text_is_escaped_around_its_links() -> None:
    linked = with_links("<b>T-12</b>\n& T-13", {12: "A & B"})
    assert linked == '&lt;b&gt;<a href="/requests/12/" title="A &amp; B">T-12</a>&lt;/b&gt;\n&amp; T-13'


def test_html_in_a_comment_is_shown_as_text() -> None:
    html = markdown('<img src=x onerror=alert(1)> <a hx-get="/x">T-7</a>', {7: "Seven"})
    assert "<img" not in html
    assert "<a hx" not in html


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        ("12500", "12,500\u00a0€", "12.500\u00a0€"),
        ("990.50", "990.50\u00a0€", "990,50\u00a0€"),
        ("0", "0\u00a0€", "0\u00a0€"),
    ],
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
