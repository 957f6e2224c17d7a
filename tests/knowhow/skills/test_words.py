"""What people type, and what texts are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhow.skills.words import Entry, Finder, entries, plain


def unrated(name: str) -> Entry:
    return Entry(name, None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("SQL", [Entry("SQL", None)]),
        ("SQL 3", [Entry("SQL", 3)]),
        ("SQL: 3", [Entry("SQL", 3)]),
        ("SQL (4)", [Entry("SQL", 4)]),
        ("SQL=0", [Entry("SQL", 0)]),
        ("Mail 3, SQL; CSS\nXML 1", [Entry("Mail", 3), *map(unrated, ("SQL", "CSS")), Entry("XML", 1)]),
        ("SQL 3, sql 1", [Entry("SQL", 3)]),
        (" , ;\n", []),
        ("ISO 27001", [Entry("ISO 27001", None)]),
        ("HTML5", [Entry("HTML5", None)]),
        ("Matomo 7", [Entry("Matomo 7", None)]),
        ("4", [Entry("4", None)]),
    ],
)  # fmt: skip
def test_a_typed_line_names_skills_and_levels(typed: str, expected: list[Entry]) -> None:
    assert entries(typed) == expected


@given(st.text(max_size=300))
def test_no_line_names_a_skill_twice_or_without_a_name(text: str) -> None:
    found = entries(text)
    assert all(entry.name.strip() for entry in found)
    assert len({plain(entry.name) for entry in found}) == len(found)


NEWSLETTER, APP, CONSENT, STRASSE, CPP = 1, 2, 3, 4, 5
FINDER = Finder(
    [
        ("newsletter", NEWSLETTER),
        ("app", APP),
        ("marketing consent", CONSENT),
        ("einwilligung", CONSENT),
        ("Straßenfest", STRASSE),
        ("c++", CPP),
    ]
)


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Der Newsletter kommt", {NEWSLETTER: "Newsletter"}),
        ("Unsere NEWSLETTERS", {NEWSLETTER: "NEWSLETTERS"}),
        ("ein Kundennewsletter", {NEWSLETTER: "Kundennewsletter"}),
        ("Newsletterversand am Montag", {NEWSLETTER: "Newsletterversand"}),
        ("Die App zeigt", {APP: "App"}),
        ("ein Apparat mit Appetit", {}),
        ("marketing consents are missing", {CONSENT: "marketing consents"}),
        ("marketing without consent", {}),
        ("Einwilligungen fehlen", {CONSENT: "Einwilligungen"}),
        ("beim STRASSENFEST", {STRASSE: "STRASSENFEST"}),
        ("written in C++ today", {CPP: "C++"}),
        ("", {}),
        ("marketing", {}),
    ],
)
def test_texts_are_about_what_they_name(text: str, skills: dict[int, str]) -> None:
    assert FINDER.skills_in(text) == skills


def test_the_first_word_that_says_so_is_told() -> None:
    assert FINDER.skills_in("App, Newsletter, Newsletters") == {APP: "App", NEWSLETTER: "Newsletter"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_never_takes_a_skill_away(text: str, more: str) -> None:
    assert set(FINDER.skills_in(text)) <= set(FINDER.skills_in(f"{text} \n {more}"))


def test_words_are_compared_without_case_and_width() -> None:
    assert plain("  Ｎews  LETTER ") == "news letter"
