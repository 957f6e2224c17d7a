"""How hard an explainer is to read: for German and English, with figures counted by hand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowhow.solutions.readability import LIMITS, MOST_SENTENCES, MOST_WORDS, language_of, lix, read

# 25 words in 4 sentences, 3 of them longer than six letters: 25/4 + 100·3/25 = 6.25 + 12 → 18.
BY_HAND = (
    "You write the mail and choose who gets it. The program sends it at night. "
    "Nobody gets it twice. In the morning you see results."
)
OFFICE_GERMAN = (
    "Die Inanspruchnahme der Benachrichtigungsfunktionalität setzt die vorherige ordnungsgemäße "
    "Registrierung sowie die ausdrückliche Einwilligungserklärung der betroffenen Personen gemäß "
    "DSGVO voraus, wobei die "
    "Nichtbeachtung der genannten Voraussetzungen zur unverzüglichen Deaktivierung der "
    "Zugangsberechtigung führt."
)
PLAIN_GERMAN = (
    "Sie schreiben die Mail und wählen, wer sie bekommt. Das Programm schickt sie in der Nacht. "
    "Am Morgen sehen Sie, wie viele sie geöffnet haben. Wer nicht mehr will, klickt unten auf den Link."
)


def test_lix_is_words_a_sentence_plus_the_share_of_long_words() -> None:
    found = read([BY_HAND])
    assert (found.lix, found.language, found.verdict) == (18, "en", "easy")
    assert (found.sentences, found.unexplained) == ((), ())


def test_the_share_is_rounded_and_no_sentence_counts_as_one() -> None:
    assert lix(["short"] * 3, 1) == 3
    assert lix(["lengthy", "in", "on"], 0) == 36


def test_plain_german_reads_easily_and_office_german_does_not() -> None:
    assert (read([PLAIN_GERMAN]).verdict, read([PLAIN_GERMAN]).language) == ("easy", "de")
    hard = read([OFFICE_GERMAN])
    assert hard.verdict == "hard"
    assert hard.sentences == (OFFICE_GERMAN,)
    assert hard.unexplained[:2] == ("DSGVO", "Benachrichtigungsfunktionalität")


def test_a_word_that_is_explained_is_not_named() -> None:
    found = read(
        [OFFICE_GERMAN], "DSGVO: das Gesetz über den Datenschutz\nbenachrichtigungsfunktionalität: Mails"
    )
    assert "DSGVO" not in found.unexplained
    assert "Benachrichtigungsfunktionalität" not in found.unexplained


def test_the_limits_are_lower_for_english_which_joins_no_words() -> None:
    between = ["lengthy words"] * 5 + ["the one of it and so on"] * 4
    english = read([". ".join(between)])
    assert english.language == "en"
    easy, hard = LIMITS["en"]
    assert all(LIMITS["de"][n] > LIMITS["en"][n] for n in (0, 1))
    assert english.lix is not None
    assert (english.verdict == "easy") == (english.lix < easy)
    assert easy < hard


@pytest.mark.parametrize("text", ["", "Zu kurz.", "– – –", "1234567890 " * 50, "日本語" * 10])
def test_too_little_text_gets_no_verdict(text: str) -> None:
    found = read([text])
    assert (found.lix, found.verdict, found.sentences) == (None, "", ())


def test_lines_and_bullets_end_sentences() -> None:
    listed = "\n".join(["- one two three four five", "* six seven eight nine ten", "• and the end of it"] * 3)
    assert read([listed]).lix == 5


@pytest.mark.parametrize(
    ("text", "language"),
    [(PLAIN_GERMAN, "de"), (BY_HAND, "en"), ("Der Shop ist live.", "de"), ("The shop is live.", "en")],
)
def test_the_language_is_told_by_its_little_words(text: str, language: str) -> None:
    assert language_of(text) == language


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=400), max_size=4), st.text(max_size=200))
def test_whatever_is_typed_is_read_without_error_and_named_briefly(texts: list[str], terms: str) -> None:
    found = read(texts, terms)
    assert len(found.sentences) <= MOST_SENTENCES
    assert len(found.unexplained) <= MOST_WORDS
    assert found.lix is None or found.lix >= 1
    assert all(word in "\n".join(texts) for word in found.unexplained)
