"""Comments become HTML that can do no harm."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from requests_app.markdown import TAGS, people_in, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello", "<p>Hello</p>"),
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
    ],
)
def test_markdown_is_written_as_html(text: str, html: str) -> None:
    assert to_html(text).strip() == html


def test_a_table_stays_a_table() -> None:
    assert "<td>1</td>" in to_html("| a | b |\n|---|---|\n| 1 | 2 |")


def test_a_mention_leads_to_the_person() -> None:
    html = to_html("Ask @[Tom Reiter](person:12)!")
    link = '<a href="/people/12/" rel="nofollow noopener">@Tom Reiter</a>'
    assert html.strip() == f"<p>Ask {link}!</p>"
    there = to_html("@[Tom](person:12)", "https://tandem.example")
    assert 'href="https://tandem.example/people/12/"' in there


@pytest.mark.parametrize(
    "text",
    [
        "[Tom](person:12)",
        "@[Tom](person:0)",
        "@[Tom](person:-1)",
        "@[Tom](person:1e3)",
        "@[Tom](person:1234567890123456789)",
        "@[Tom](persons:12)",
        "@ [Tom](person:12)",
        "`@[Tom](person:12)`",
        "    @[Tom](person:12)",
        "\\@\\[Tom](person:12)",
    ],
)
def test_what_only_resembles_a_mention_leads_nowhere(text: str) -> None:
    assert "href" not in to_html(text)
    assert people_in(text) == []


def test_those_mentioned_are_found_once_each_in_their_order() -> None:
    text = "@[B](person:2) > @[A](person:1)\n\n- @[B *b*](person:2) `@[C](person:3)`"
    assert people_in(text) == [2, 1]


LONG = 20_000
HEAVY = {
    "quotes": ">" * 5_000 + " x",
    "spaced quotes": "> " * 5_000 + "x",
    "quotes line by line": (">" * 100 + "\n") * 198,
    "brackets": "[" * LONG,
    "links in links": "[a](" * 5_000,
    "mentions": "@[" * 10_000,
    "stars": "*a_ " * 5_000,
    "backticks": "".join("`" * n + " " for n in range(1, 198)),
    "lists": "".join("  " * n + "- a\n" for n in range(140)),
    "wide table": "|".join("a" * 2_000) + "\n" + "|".join("-" * 2_000) + "\n" + "a\n" * 6_000,
    "long table": "|".join("a" * 20) + "\n" + "|".join("-" * 20) + "\n" + "|\n" * 9_000,
    "lazy quote": "> " * 10 + "a\n" * 9_990,
    "HTML": "<!--" * 5_000,
    "script": "<script>" * 2_500,
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_text_takes_long_or_becomes_huge(name: str) -> None:
    text = HEAVY[name][:LONG]
    before = time.process_time()
    html = to_html(text)
    # On a busy machine; alone the slowest of them takes half a second.
    assert time.process_time() - before < 3
    assert len(html) < 10 * LONG
    assert "<script" not in html


def test_a_table_of_usual_size_stays_one_in_a_long_text() -> None:
    assert "<table>" in to_html("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 200 + "\nwords\n" * 300)


def test_links_are_followed_by_nobodys_reputation() -> None:
    html = to_html("[page](https://example.org/a?b=1 'more')")
    assert (
        html.strip()
        == '<p><a href="https://example.org/a?b=1" title="more" rel="nofollow noopener">page</a></p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
    ],
)
def test_links_to_scripts_are_none(text: str) -> None:
    assert "href" not in to_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a hx-get='/admin/' data-hx-get='/x' onclick=x>y</a>",
        "<div hx-on:click='x' style='position:fixed' class='modal' id='a'>z</div>",
        "<svg/onload=alert(1)>",
        "<form action=/accounts/logout/><button>x</button></form>",
        "<!-- comment -->",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_html_is_shown_as_text(text: str) -> None:
    html = to_html(text)
    assert set(re.findall(r"<\s*([a-z0-9]+)", html)) <= {"p"}
    assert "&lt;" in html


@pytest.mark.parametrize(
    "text", ["![pixel](https://evil.example/p.png)", "![x][1]\n\n[1]: https://evil.example/p"]
)
def test_no_picture_is_loaded_from_anywhere(text: str) -> None:
    html = to_html(text)
    assert "<img" not in html
    assert "src=" not in html


def test_code_blocks_carry_no_class() -> None:
    assert to_html("```hx-get\nx\n```").strip() == "<pre><code>x\n</code></pre>"


DANGEROUS = [
    "<",
    ">",
    "javascript:",
    "hx-get=",
    "data-x=",
    " onclick=",
    "style=",
    "](",
    "![",
    "[",
    "`",
    "'",
    '"',
]


class Reader(HTMLParser):
    """The tags of a document with the names of their attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[tuple[str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.append((tag, {name for name, _value in attrs}))


@example(["![", "](", "hx-get=", ")"])
@given(
    st.lists(
        st.sampled_from([*DANGEROUS, "a", " ", "\n", "https://e.org"]) | st.text(max_size=5), max_size=30
    )
)
def test_whatever_is_written_only_harmless_tags_and_attributes_come_out(parts: list[str]) -> None:
    reader = Reader()
    reader.feed(to_html("".join(parts)))
    for tag, attributes in reader.read:
        assert tag in TAGS
        assert attributes <= {"href", "title", "rel", "start"}
