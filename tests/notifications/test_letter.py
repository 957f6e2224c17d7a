"""The digest as a mail: pieces are shared by readers, and nothing of one gets into the mail of another."""

from dataclasses import replace

import pytest
from django.test import override_settings
from django.utils import translation

from notifications.digest import letter
from notifications.digest.sheet import FIGURES, Figure, Row, Section, Sheet
from notifications.digest.weeks import Week
from notifications.mail import styled

ROW = Row("T-139", "Topics to choose", "/requests/139/", "accepted", quote="Serves the goal.")
OFF = "https://tandem.example/off/?a=1&b=2"


def sheet(*sections: Section, heading: str = "Your week 46") -> Sheet:
    figures = [Figure(n, slug) for n, slug in enumerate(FIGURES)]
    return Sheet(Week(2026, 46), heading, heading, "9 – 16 November", figures, sections, "Else: Data 4.")


def section(*rows: Row, heading: str = "Decided", more: int = 0) -> Section:
    return Section("decided", heading, rows, more)


def write(*sections: Section, name: str = "Mira") -> letter.Bodies:
    with translation.override("en"):
        return letter.write(sheet(*sections), name, OFF)


def test_both_bodies_say_the_same() -> None:
    for body in write(section(ROW, more=3)):
        for words in (
            "Your week 46",
            "T-139 Topics to choose",
            "accepted",
            "Serves the goal.",
            "1 of 4",
            "Else: Data 4.",
        ):
            assert words.casefold() in body.casefold()
        assert "http://127.0.0.1:8000/requests/139/" in body
        assert "/digests/2026-W46/" in body
        assert "9 – 16 November" in body
    assert OFF in write().text
    assert "https://tandem.example/off/?a=1&amp;b=2" in write().html
    assert "for Mira" in write().html


def test_no_gap_stays_open() -> None:
    for body in write(section(ROW), section()):
        assert letter._WORD not in body


def test_what_people_write_is_escaped_in_html_and_as_it_is_in_the_text() -> None:
    wild = "<b>&\"'</b>"
    row = replace(ROW, title=wild, quote=f"{wild}\n{wild}", side="it", side_name=wild, action=wild)
    bodies = write(section(row, heading=wild), name=wild)
    assert "<b>&" not in bodies.html
    assert "&lt;b&gt;&amp;" in bodies.html
    assert f"T-139 {wild}" in bodies.text


def test_what_looks_like_a_gap_is_text() -> None:
    known = [f"{letter._WORD[:-1]}-rows-", "{{ rows }}", "%(name)s", "{% if %}", "-rows-"]
    for text in known:
        bodies = write(section(replace(ROW, title=text), heading=text), name=text)
        assert f"T-139 {text}" in bodies.text
        assert f"T-139 {text}" in bodies.html


def test_a_leads_word_stands_before_the_rows_and_a_sum_below_them() -> None:
    said = replace(section(ROW, more=1), word="“Come to the demo.” (Lena)", note="12 person-days")
    for body in write(said):
        parts = ("(1 of 2)", "come to the demo.", "t-139", "12 person-days")
        order = [body.casefold().index(part) for part in parts]
        assert order == sorted(order)
    assert "demo" not in write(section(ROW)).html


def test_a_week_in_which_nothing_happened_has_no_figures() -> None:
    """Three lines and what stands at the foot of each mail."""
    nothing = Sheet(
        Week(2026, 46), "Your week 46: nothing", "Your week 46: nothing", "9 – 16 November", [], []
    )
    with translation.override("en"):
        bodies = letter.write(replace(nothing, others="Nothing happened that you could see."), "Mira", OFF)
    said = [line for line in bodies.text.partition("Read in the browser")[0].splitlines() if line]
    assert said == ["Your week 46: nothing", "9 – 16 November", "Nothing happened that you could see."]
    assert 'class="figures"' not in bodies.html


def test_one_readers_mail_holds_nothing_of_anothers() -> None:
    first = write(section(ROW, replace(ROW, key="T-7", title="Only for Mira")), name="Mira")
    second = write(section(ROW), name="Tom")
    assert "Only for Mira" in first.html
    for body in second:
        assert "Only for Mira" not in body
    assert "for Tom" in second.html
    assert "Mira" not in second.html


def test_a_row_is_drawn_once_for_all_who_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(ROW, title="Drawn once")
    write(section(row))
    monkeypatch.setattr(letter, "_drawn", lambda *_args: 1 / 0)
    assert "Drawn once" in write(section(replace(row))).html
    with pytest.raises(ZeroDivisionError):
        write(section(replace(row, title="Renamed meanwhile")))


def test_each_language_has_its_own_letter() -> None:
    english = write()
    with translation.override("de"):
        german = letter.write(sheet(), "Mira", OFF)
    assert 'lang="en"' in english.html
    assert 'lang="de"' in german.html
    assert "Mit einem Klick abbestellen" in german.text
    assert "Unsubscribe with one click" in english.text


def test_another_address_of_the_portal_counts_at_once() -> None:
    write(section(ROW))
    with override_settings(BASE_URL="https://other.example"):
        bodies = write(section(ROW))
    for body in bodies:
        assert "https://other.example/requests/139/" in body
        assert "127.0.0.1" not in body


def test_pieces_carry_the_styles_that_the_whole_mail_would_give_them() -> None:
    html = write(section(ROW, more=1)).html
    assert html.count("<style") == 1
    assert "@media (prefers-color-scheme: dark)" in html
    assert styled(html).count('style="') == html.count('style="')
    for part in ("<h2 style=", '<a class="head" href="http://127.0.0.1:8000/requests/139/" style='):
        assert part in html
