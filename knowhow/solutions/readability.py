"""How hard an explainer is to read, and what would make it easier: pure functions for German and English.

The figure is LIX: words a sentence, plus the percentage of words of more than six letters. It needs neither
syllables nor dictionaries, and gives one formula for both languages; the limits differ, because German
joins into one word what English writes as several.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?…:])[)»”“\"']*\s+|\n+")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
LONG = 6
# From so many words on a sentence is named, and from so many letters on a word.
LONG_SENTENCE = 22
HARD_WORD = {"de": 18, "en": 13}
# Below the first a text reads easily, from the second on like a text for specialists.
LIMITS = {"de": (50, 60), "en": (40, 50)}
SHORTEST = 20
MOST_SENTENCES, MOST_WORDS = 2, 5
ABBREVIATION = re.compile(r"\b[A-ZÄÖÜ]{2,}s?\b")
# Everybody who buys or mails knows these.
KNOWN = frozenset({"IT", "PDF", "SMS", "TV", "ID", "OK", "DE", "EU", "QR", "PC"})
GERMAN = "der die das und ist nicht ein eine wer es sie von mit auf für dem den wird im zu"
ENGLISH = "the and is of to a in not it who you for with on that are this from by what"
COMMON = {"de": frozenset(GERMAN.split()), "en": frozenset(ENGLISH.split())}


@dataclass(frozen=True)
class Reading:
    """What a reader meets: ``lix`` is None where there is too little text to say."""

    language: str
    lix: int | None
    sentences: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """``easy``, ``demanding`` or ``hard``; empty where too little is written."""
        if self.lix is None:
            return ""
        easy, hard = LIMITS[self.language]
        return "easy" if self.lix < easy else "demanding" if self.lix < hard else "hard"


def read(texts: Iterable[str], terms: str = "") -> Reading:
    """How the sections ``texts`` read, given that the words in ``terms`` are explained."""
    whole = "\n".join(texts)
    words, language = WORD.findall(whole), language_of(whole)
    if len(words) < SHORTEST:
        return Reading(language, None)
    sentences = [found for part in SENTENCE_END.split(whole) if (found := part.strip(" -–•*\t"))]
    sentences = [sentence for sentence in sentences if WORD.search(sentence)]
    return Reading(
        language,
        lix(words, len(sentences)),
        tuple(_too_long(sentences)),
        tuple(_unexplained(whole, words, terms, language)),
    )


def lix(words: list[str], sentences: int) -> int:
    """Words a sentence plus the percentage of words of more than six letters, rounded."""
    long = sum(len(word) > LONG for word in words)
    return round(len(words) / max(sentences, 1) + 100 * long / len(words))


def language_of(text: str) -> str:
    """``de`` or ``en``, by the little words that only one of them has."""
    counts = Counter(word.lower() for word in WORD.findall(text))
    return max(COMMON, key=lambda language: sum(counts[word] for word in COMMON[language]))


def _too_long(sentences: list[str]) -> list[str]:
    counted = [(len(WORD.findall(sentence)), sentence) for sentence in sentences]
    long = sorted((pair for pair in counted if pair[0] >= LONG_SENTENCE), key=lambda pair: -pair[0])
    return [sentence for _number, sentence in long[:MOST_SENTENCES]]


def _unexplained(text: str, words: list[str], terms: str, language: str) -> list[str]:
    """Abbreviations and very long words that ``terms`` does not explain, as they occur."""
    explained = terms.casefold()
    hard = [word for word in words if len(word.replace("-", "")) >= HARD_WORD[language]]
    found = dict.fromkeys([*(word for word in ABBREVIATION.findall(text) if word not in KNOWN), *hard])
    return [word for word in found if word.casefold() not in explained][:MOST_WORDS]
