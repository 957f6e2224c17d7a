"""Which skills a word may be meant as that is none itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhow.skills.alike import MOST_OFFERED, alike
from knowhow.skills.words import plain

WORDS = [
    *(("newsletter", 1), ("kundennewsletter", 1), ("sql", 2), ("abfragen", 2), ("seo", 3)),
    *(("e-mail-marketing", 4), ("google analytics", 5), ("javascript", 6), ("datenschutz", 7)),
]


@pytest.mark.parametrize(
    ("typed", "skills"),
    [
        ("newsl", [1]),
        ("newsleter", [1]),
        ("newsletters", [1]),
        ("abfrage", [2]),
        ("email marketing", [4]),
        ("mail-marketing", [4]),
        ("google analytics 4", [5]),
        ("analytics", [5]),
        ("java", [6]),
        ("datenschutzrecht", [7]),
        # Of so short a word a slip makes another one, and two letters begin too many.
        ("sqm", []),
        ("se", []),
        ("kerning", []),
        ("", []),
    ],
)
def test_half_typed_or_with_a_slip(typed: str, skills: list[int]) -> None:
    assert alike(typed, WORDS) == skills


def test_a_slip_is_nearer_than_a_beginning_and_each_skill_is_named_once() -> None:
    words = [("kunde", 1), ("kunden", 1), ("kundenbindung", 2), ("bindung", 3)]
    assert alike("kund", words) == [1, 2]
    assert alike("kunden", [("kundex", 5), *words[2:]]) == [5, 2]


def test_no_more_than_one_takes_in_at_a_glance() -> None:
    assert alike("team", [(f"teamwork {n}", n) for n in range(20)]) == list(range(MOST_OFFERED))


@given(st.text(min_size=1, max_size=20).map(plain).filter(bool), st.integers(0, 20))
def test_a_word_of_some_length_with_a_letter_too_many_is_found(word: str, place: int) -> None:
    typed = f"{word[:place]}x{word[place:]}"
    assert alike(typed, [(word, 1)]) == [1] or len(typed) < 4
