"""Naive Bayes over words: what it answers, and which words it names."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.triage.learning import Accuracy, Learnt, judge, learn, suggest, words_of

MAIL = [("mail", f"newsletter mailing campaign {word}") for word in ("spring", "summer", "autumn")]
SHOP = [("shop", f"checkout basket voucher {word}") for word in ("spring", "summer", "winter")]


def test_words_are_small_letters_without_numbers_and_keys() -> None:
    assert words_of("Die Größe von T-12, 300 EUR: x Mailing_mailing") == [
        "die",
        "größe",
        "von",
        "eur",
        "mailing",
        "mailing",
    ]


def test_it_answers_what_fits_and_names_the_words_that_decided() -> None:
    found = suggest(learn(MAIL + SHOP), "A newsletter about the checkout, for the mailing")
    assert found is not None
    assert found.answer == "mail"
    assert set(found.words) == {"newsletter", "mailing"}


def test_the_strongest_word_stands_first() -> None:
    found = suggest(learn(MAIL + SHOP), "voucher voucher voucher basket")
    assert found is not None
    assert found.words == ("voucher", "basket")


@pytest.mark.parametrize("text", ["", "12 34", "nothing that is known", "spring"])
def test_it_says_nothing_where_no_word_speaks(text: str) -> None:
    assert suggest(learn(MAIL + SHOP), text) is None


def test_with_one_answer_alone_there_is_nothing_to_suggest() -> None:
    assert suggest(learn(MAIL), "newsletter mailing") is None
    assert suggest(learn([]), "newsletter") is None


def test_a_word_of_one_text_alone_teaches_nothing() -> None:
    learnt = learn([*MAIL, *SHOP, ("shop", "zebra zebra zebra")])
    assert "zebra" not in learnt.clues
    assert learnt.vocabulary == len(learnt.clues)


texts = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.text("xyzuvw ", max_size=60)), max_size=30)


@given(texts, st.text("xyzuvw ", max_size=60))
def test_whatever_it_learnt_it_answers_with_something_learnt(
    answered: list[tuple[str, str]], text: str
) -> None:
    learnt = learn(answered)
    found = suggest(learnt, text)
    if found is not None:
        assert found.answer in learnt.texts
        assert set(found.words) <= set(words_of(text)) & set(learnt.clues)
    # The words of the text are all that it needs of what was learnt.
    part = {word: counts for word, counts in learnt.clues.items() if word in words_of(text)}
    assert suggest(Learnt(learnt.texts, learnt.words, learnt.vocabulary, part), text) == found


def test_held_back_texts_are_judged_against_the_most_frequent_answer() -> None:
    chance = random.Random(1)
    rows = [*MAIL, *MAIL, *SHOP] * 20
    chance.shuffle(rows)
    found = judge(rows)
    assert found.texts == 36
    assert found.right == 36
    assert 15 < found.most_frequent < 33


def test_what_cannot_be_learnt_is_no_better_than_the_most_frequent() -> None:
    rows = [("a", "same words here")] * 60 + [("b", "same words here")] * 40
    found = judge(rows)
    assert found.right == found.most_frequent
    assert judge([]) == Accuracy(0, 0, 0)
