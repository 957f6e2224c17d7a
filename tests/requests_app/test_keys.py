"""T-12 in texts: a link for those who may see the request, and nothing but text for all others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.keys import MOST_KEYS, keys_in, link_keys

TITLES = {5: "Five", 6: 'Six "and" <more>', 12: "Twelve"}


def test_a_key_leads_to_its_request_with_its_title() -> None:
    assert (
        link_keys("<p>See T-12.</p>", TITLES) == '<p>See <a href="/requests/12/" title="Twelve">T-12</a>.</p>'
    )


def test_a_title_is_escaped() -> None:
    assert 'title="Six &quot;and&quot; &lt;more&gt;"' in link_keys("T-6", TITLES)


def test_what_the_reader_may_not_see_stays_text() -> None:
    assert (
        link_keys("<p>T-7 and T-5</p>", {5: "Five"})
        == '<p>T-7 and <a href="/requests/5/" title="Five">T-5</a></p>'
    )
    assert link_keys("T-12", {}) == "T-12"


@pytest.mark.parametrize("text", ["XT-12", "T-0", "T-012", "T-", "T-1234567890123456789", "T-12a", "T-１２"])
def test_other_words_are_no_keys(text: str) -> None:
    assert not keys_in([text])
    assert link_keys(text, TITLES) == text


@pytest.mark.parametrize(
    "html",
    [
        "<code>T-12</code>",
        "<pre><code>T-12</code></pre>",
        '<a href="https://example.org">T-12</a>',
        '<a title="T-12">x</a>',
    ],
)
def test_inside_links_and_code_a_key_stays_text(html: str) -> None:
    assert link_keys(html, TITLES) == html


def test_signs_in_attributes_do_not_confuse_it() -> None:
    html = '<p><a title="> T-5 <" href="/x">y</a> T-5</p>'
    assert link_keys(html, TITLES).endswith('y</a> <a href="/requests/5/" title="Five">T-5</a></p>')


def test_all_keys_of_a_page_are_found_once() -> None:
    assert keys_in(["T-5, T-6", "again T-5", "none"]) == {5, 6}


def test_a_text_of_nothing_but_keys_asks_for_no_more_than_so_many() -> None:
    assert len(keys_in([" ".join(f"T-{n}" for n in range(1, MOST_KEYS * 2))])) == MOST_KEYS


@given(st.text(alphabet="T-12 <>\"'/acode=&;", max_size=60))
def test_whatever_the_text_nothing_gets_lost(text: str) -> None:
    linked = link_keys(text, TITLES)
    assert re.sub(r'<a href="/requests/\d+/" title="[^"]*">(T-\d+)</a>', r"\1", linked) == text
