"""Texts that read like real ones and never repeat: sentences of the shared data, else of our own lists.

The first two sentences of a text are a pair that no other serial number has, so uniqueness needs no memory.
"""

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

# Sentences and title words are put into this order whatever seed a person gives, or two runs could meet.
ORDER = 7_126
SENTENCE_WORDS = (9, 16)
TITLE_WORDS = 4
LONGEST_WORD = 24

WHO = (
    "Newsletter readers",
    "Returning customers",
    "Visitors of the branches",
    "First-time buyers",
    "App users",
    "Members of the bonus programme",
    "Callers of the service line",
    "Guests without an account",
    "Partners in the region",
    "Families with children",
    "Business customers",
    "Customers with an open complaint",
    "Subscribers of the print magazine",
    "Visitors from search engines",
    "Customers who moved house",
)
WANT = (
    "wait too long for",
    "cannot find",
    "ask every week about",
    "give up before they reach",
    "would like to choose",
    "compare elsewhere",
    "misunderstand",
    "need a reminder of",
    "want to pause",
    "trust more in",
    "pay twice for",
    "receive too late",
    "share with friends",
    "no longer open",
    "expect at once",
)
WHAT = (
    "the delivery date",
    "their voucher",
    "an offer that fits",
    "the opening hours",
    "the size adviser",
    "the return label",
    "their points",
    "a call back",
    "the invoice",
    "the product film",
    "the seasonal catalogue",
    "an appointment",
    "the stock of their branch",
    "the price history",
    "the privacy settings",
)
WHEN = (
    "on the way home",
    "after the second purchase",
    "before a holiday",
    "while they stand in the shop",
    "on a small screen",
    "when stock runs low",
    "during the winter sale",
    "after they have signed in",
    "in their own language",
    "without asking anybody",
    "at the end of the month",
    "once a parcel is lost",
    "as soon as prices change",
    "between two campaigns",
    "on Sunday evening",
)


@dataclass(frozen=True)
class Phrases:
    """Distinct sentences, and distinct short runs of words for titles."""

    sentences: list[str]
    titles: list[str]

    def text(self, serial: int, chance: random.Random, more: int) -> str:
        """The text of that serial number: its own pair of sentences and up to ``more`` others."""
        chosen = [*_pair(self.sentences, serial)]
        chosen += [chance.choice(self.sentences) for _extra in range(chance.randint(0, more))]
        return " ".join(f"{one}." for one in chosen)

    def title(self, serial: int) -> str:
        """The title of that serial number."""
        first, second = _pair(self.titles, serial)
        return f"{first}: {second}"


def _pair(phrases: list[str], serial: int) -> tuple[str, str]:
    """Distinct for each serial below the square of the number of phrases, about 10 million at least."""
    round_, first = divmod(serial, len(phrases))
    return phrases[first], phrases[(first + 1 + round_) % len(phrases)]


def read_phrases(folder: Path) -> Phrases:
    """Of the service tickets in ``folder`` where they are, else of our own lists."""
    path = folder / "service_tickets_5000.csv.gz"
    texts = list(_tickets(path)) if path.exists() else []
    sentences = list(_cut(texts)) or [" ".join(words) for words in product(WHO, WANT, WHAT, WHEN)]
    titles = list(_openings(texts)) or [" ".join(words) for words in product(WHO, WANT, WHAT)]
    order = random.Random(ORDER)  # noqa: S311 - texts, no secrets
    return Phrases(_shuffled(sentences, order), _shuffled(titles, order))


def _shuffled(phrases: list[str], order: random.Random) -> list[str]:
    distinct = sorted({phrase[0].upper() + phrase[1:] for phrase in phrases})
    order.shuffle(distinct)
    return distinct


def _tickets(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield [word for word in row["text"].split() if len(word) <= LONGEST_WORD]


def _cut(texts: list[list[str]]) -> Iterator[str]:
    """The texts have no punctuation; they are cut into runs of words of a sentence's length."""
    lengths = random.Random(ORDER)  # noqa: S311
    for words in texts:
        rest = iter(words)
        while run := list(islice(rest, lengths.randint(*SENTENCE_WORDS))):
            if len(run) >= SENTENCE_WORDS[0]:
                yield " ".join(run)


def _openings(texts: list[list[str]]) -> Iterator[str]:
    for words in texts:
        for start in (0, 2 * TITLE_WORDS):
            if len(words) >= start + TITLE_WORDS:
                yield " ".join(words[start : start + TITLE_WORDS])
