"""The words of mails that are only HTML, as programs write them, and as somebody does who means harm."""

import time

import pytest

from notifications.incoming.page_text import text_of

SIZE = 400_000


def test_outlooks_page_keeps_its_headers_for_the_cutting() -> None:
    page = "<p>Yes.</p><div><b>Von:</b> Tandem &lt;t@x.example&gt;<br><b>Gesendet:</b> Montag</div><p>old</p>"
    assert "Von: Tandem" in text_of(page)


def test_a_head_without_an_end_does_not_hide_the_words() -> None:
    assert (
        text_of("<html><head><title>x</title><meta charset=utf-8><body><p>Yes, do it.</p>") == "Yes, do it."
    )


def test_what_outlook_writes_around_its_words_is_left_out() -> None:
    page = """<!DOCTYPE html><?xml:namespace prefix = o /><!--[if mso]><p>Only Word reads this</p><![endif]-->
    <![if !supportLists]><p class=MsoNormal>Yes,<o:p></o:p> do&nbsp;it.</p><![endif]><P>And soon.</P>"""
    assert text_of(page).split("\n") == ["Yes, do it.", "", "And soon."]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("1 &lt; 2 &amp;&amp; 3 > 2", "1 < 2 && 3 > 2"),
        ("a < b and b <c", "a < b and b <c"),
        ("<a href='x>y'>link</a>", "y'>link"),
        ("words<!-- never ends", "words"),
        ("words<![", "words"),
        ("a&#0;b&#8;c&#xd800;d", "a\ufffdbc\ufffdd"),
        ("<script>if (a<b) {x()}</script>said<style>p {}</style>", "said"),
        ("", ""),
    ],
)
def test_what_is_no_tag_is_words(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<!--",
            "<!",
            "<![",
            "<!DOCTYPE ",
            "<?",
            "</",
            "</a",
            "<a ",
            "<a b='",
            '<a b="<',
            "<p/",
            "<a b=c",
            "<script",
        ),
        *(
            "<div>",
            "<ul><li>",
            "<blockquote>",
            "<div class=gmail_quote>",
            "<pre>",
            "&",
            "&#",
            "&amp",
            "< ",
            "\n",
            "a",
        ),
    ],
)
def test_hostile_pages_cost_little(piece: str) -> None:
    started = time.process_time()
    text_of(piece * (SIZE // len(piece)))
    text_of("<" + piece * (SIZE // len(piece)))
    assert time.process_time() - started < 5
