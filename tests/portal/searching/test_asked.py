"""What the search understands of what somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.searching.asked import Asked, Word, queries, read


def words(asked: Asked) -> list[list[str]]:
    return [[word.text for word in group] for group in asked.groups]


def test_words_phrases_and_what_is_unwanted_are_told_apart() -> None:
    asked = read('anmeldung "zwei felder" -app -"alte kasse" mail')
    assert asked.groups == (
        (Word("anmeldung"),),
        (Word("zwei felder", is_phrase=True),),
        (Word("mail", begins=True),),
    )
    assert [word.text for word in asked.unwanted] == ["app", "alte kasse"]


@pytest.mark.parametrize("joining", ["or", "OR", "oder"])
def test_or_stands_between_words(joining: str) -> None:
    assert words(read(f"ampel {joining} welle blau")) == [["ampel", "welle"], ["blau"]]


@pytest.mark.parametrize("text", ["or ampel", "oder ampel"])
def test_or_in_front_is_a_word(text: str) -> None:
    assert len(read(text).groups) == 2


@pytest.mark.parametrize(
    ("text", "by", "team", "status"),
    [
        ("from:lena", "lena", "", ""),
        ('von:"Lena Ludwig" x', "Lena Ludwig", "", ""),
        ("IN:kasse status:offen", "", "kasse", "offen"),
        ("from:a from:b", "b", "", ""),
    ],
)
def test_filters_are_read_in_both_languages(text: str, by: str, team: str, status: str) -> None:
    asked = read(text)
    assert (asked.by, asked.team, asked.status) == (by, team, status)


@pytest.mark.parametrize("text", ["", "   ", "-app", '""', '"', "-", "& | !", "from:", 'in:""', "status: "])
def test_nothing_to_search_for(text: str) -> None:
    assert not read(text)


def test_an_unknown_filter_is_a_word() -> None:
    assert words(read("farbe:rot")) == [["farbe:rot"]]


@pytest.mark.parametrize(
    ("text", "begins"),
    [("newsl", True), ("ab", False), ('"newsl"', False), ("t-12", False), ("-newsl", False)],
)
def test_only_a_bare_last_word_may_be_unfinished(text: str, begins: bool) -> None:
    last = [word for group in read(f"fertig {text}").groups for word in group][-1]
    assert last.begins is begins or last.text == "fertig"


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    read(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("policies", "'polici':*"),
        ("chestier", "'chesti':* | 'chestier':*"),
        ("policies app", "'polici' & 'app':*"),
        ('"two policies"', "'two' <-> 'polici'"),
        ("app -policies!", "'app' & !'polici'"),
    ],
)
def test_the_database_is_asked_once_for_what_is_the_same_in_both_languages(text: str, asked: str) -> None:
    found = queries(read(text))
    assert found
    assert found.texts.text == asked
