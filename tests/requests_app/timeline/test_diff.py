"""The difference of two texts, word by word: complete, short, and quick whatever the texts are."""

import random
import time

import pytest

from requests_app.timeline.diff import (
    ADDED,
    AROUND,
    LEFT_OUT,
    LONGEST_PART,
    MOST_PAIRS,
    REMOVED,
    SAME,
    Part,
    difference,
)


def test_a_changed_word_stands_between_what_stayed() -> None:
    assert difference("The customer waits for a mail.", "The customer waits for a letter today.") == (
        Part(SAME, "The customer waits for a"),
        Part(REMOVED, " mail."),
        Part(ADDED, " letter today."),
    )


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", ()),
        ("the same", "the same", ()),
        ("", "new", (Part(ADDED, "new"),)),
        ("old", "", (Part(REMOVED, "old"),)),
        ("need", "need more", (Part(SAME, "need"), Part(ADDED, " more"))),
        ("a b c", "a c", (Part(SAME, "a"), Part(REMOVED, " b"), Part(SAME, " c"))),
        ("a a a", "a a", (Part(SAME, "a a"), Part(REMOVED, " a"))),
        (
            "one\n\ntwo",
            "one\n\nthree",
            (Part(SAME, "one"), Part(REMOVED, "\n\ntwo"), Part(ADDED, "\n\nthree")),
        ),
        ("<b>x</b>", "<i>x</i>", (Part(REMOVED, "<b>x</b>"), Part(ADDED, "<i>x</i>"))),
    ],
)
def test_small_differences(before: str, after: str, parts: tuple[Part, ...]) -> None:
    assert difference(before, after) == parts


@pytest.mark.parametrize("seed", range(30))
def test_both_texts_can_be_put_together_again(seed: int) -> None:
    chance = random.Random(seed)
    words = ["Abo", "Kundin", "sucht", "\n", "Thema,", "und"]
    # Short enough that nothing of what stays is left out.
    old, new = (" ".join(chance.choices(words, k=chance.randint(0, 9))) for _ in range(2))
    parts = difference(old, new) if old != new else (Part(SAME, old),)
    assert "".join(part.text for part in parts if part.kind in (SAME, REMOVED)) == old
    assert "".join(part.text for part in parts if part.kind in (SAME, ADDED)) == new


def test_of_what_stays_only_the_words_around_a_change_are_shown() -> None:
    before, after = "before " * 200, " after" * 200
    parts = difference(f"{before}old{after}", f"{before}new{after}")
    assert [part.kind for part in parts] == [LEFT_OUT, SAME, REMOVED, ADDED, SAME, LEFT_OUT]
    assert all(0 < len(part.text) <= AROUND + 1 for part in parts if part.kind == SAME)
    assert parts[1].text.startswith("before ")
    assert parts[4].text.rstrip().endswith("after")


def test_what_was_written_at_great_length_is_cut() -> None:
    parts = difference("", "long " * 2000)
    assert [part.kind for part in parts] == [ADDED, LEFT_OUT]
    assert len(parts[0].text) == LONGEST_PART


def test_a_word_of_a_thousand_letters_without_a_space_is_no_trouble() -> None:
    parts = difference("x" * 1000 + " old", "x" * 1000 + " new")
    assert [part.kind for part in parts] == [LEFT_OUT, SAME, REMOVED, ADDED] or parts[0].kind == SAME


def alternating(count: int) -> tuple[str, str]:
    numbers = [str(n) for n in range(count)]
    return " ".join(numbers), " ".join(n if int(n) % 2 else f"q{n}" for n in numbers)


def hardest(seed: int = 1) -> list[tuple[str, str]]:
    """Texts of up to 10,000 letters on which comparing each word with each takes longest."""
    chance = random.Random(seed)
    thrice = [str(n) for n in range(600)] * 3
    shuffled = [" ".join(chance.sample(thrice, len(thrice))) for _ in range(2)]
    few = [" ".join(chance.choices("abc", k=5000)) for _ in range(2)]
    return [
        alternating(int(MOST_PAIRS**0.5) - 1),
        alternating(2500),
        (shuffled[0], shuffled[1]),
        (few[0], few[1]),
        ("a " * 5000, "b a " * 2500),
        ("x" * 10_000, "y" * 10_000),
        ("\n" * 10_000, " " * 10_000),
    ]


@pytest.mark.parametrize("texts", hardest())
def test_no_text_makes_the_page_wait(texts: tuple[str, str]) -> None:
    began = time.process_time()
    assert difference(*texts)
    assert time.process_time() - began < 2


def test_repeated_words_are_no_landmarks_but_stay_beside_what_stays() -> None:
    sentence = "and the customer {} and the mail {} "
    before = "".join(sentence.format(f"a{n}", f"b{n}") for n in range(60))
    parts = difference(before, before.replace("a30", "changed"))
    told = [part for part in parts if part.kind in (REMOVED, ADDED)]
    assert told == [Part(REMOVED, " a30"), Part(ADDED, " changed")]
