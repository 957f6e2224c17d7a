"""Which answer fits a text, learnt from the words of answered ones: multinomial naive Bayes in plain numbers.

Every word votes for the answers in whose texts it was frequent; the votes are added up. So it can be said
which words have decided.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

# Words as people write them; numbers and keys tell nothing about other requests.
WORD = re.compile(r"[^\W\d_]{3,40}")
# What each answer is given of each word beforehand, so that a word that is new to it does not rule it out.
BEFOREHAND = 0.5
# A word that stands in one text alone teaches nothing about others.
FEWEST_TEXTS = 2
# A word decides where it is at least so many times as frequent as in the next best answer; "and" never is.
DECIDES_FROM = log(2)
SHOWN_WORDS = 5

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Learnt:
    """``clues``: how often each word stood in the texts of each answer; ``words``: all words of an answer."""

    texts: Counts
    words: Counts
    vocabulary: int
    clues: Mapping[str, Counts]


@dataclass(frozen=True)
class Suggestion:
    """The answer that fits best, and the words that decided for it and against the next best."""

    answer: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Accuracy:
    """How many held back texts were answered rightly, and how many by always saying the most frequent."""

    texts: int
    right: int
    most_frequent: int


def words_of(text: str) -> list[str]:
    """The words of ``text`` in small letters, as often as they stand there."""
    return WORD.findall(text.lower())


def learn(answered: Iterable[tuple[str, str]]) -> Learnt:
    """What pairs of an answer and a text teach."""
    texts: Counter[str] = Counter()
    clues: defaultdict[str, Counter[str]] = defaultdict(Counter)
    standing: Counter[str] = Counter()
    for answer, text in answered:
        found = Counter(words_of(text))
        texts[answer] += 1
        standing.update(found.keys())
        for word, times in found.items():
            clues[word][answer] += times
    kept = {word: counts for word, counts in clues.items() if standing[word] >= FEWEST_TEXTS}
    words: Counter[str] = Counter()
    for counts in kept.values():
        words.update(counts)
    return Learnt(texts, words, len(kept), kept)


def suggest(learnt: Learnt, text: str) -> Suggestion | None:
    """The answer that fits ``text`` best; None where none of its words has taught anything.

    Of ``learnt.clues`` only the words of ``text`` are looked at.
    """
    known = Counter(word for word in words_of(text) if word in learnt.clues)
    if not known or len(learnt.texts) < 2:
        return None
    whole = sum(learnt.texts.values())
    fits = {
        answer: log(texts / whole) + sum(times * _vote(learnt, word, answer) for word, times in known.items())
        for answer, texts in learnt.texts.items()
    }
    best, second = sorted(fits, key=lambda answer: (-fits[answer], answer))[:2]
    leads = {word: _vote(learnt, word, best) - _vote(learnt, word, second) for word in known}
    worth = {word: known[word] * lead for word, lead in leads.items() if lead >= DECIDES_FROM}
    deciding = sorted(worth, key=lambda word: (-worth[word], word))
    return Suggestion(best, tuple(deciding[:SHOWN_WORDS])) if deciding else None


def judge(answered: Sequence[tuple[str, str]], *, held_back: float = 0.2, seed: int = 7) -> Accuracy:
    """Learn from most of ``answered``, chosen by chance, and count how the held back share is answered."""
    shuffled = list(answered)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a sample, no secret
    count = round(len(shuffled) * held_back)
    test, rest = shuffled[:count], shuffled[count:]
    learnt = learn(rest)
    frequent = max(learnt.texts, key=lambda answer: (learnt.texts[answer], answer), default="")
    right = 0
    for answer, text in test:
        found = suggest(learnt, text)
        right += (found.answer if found else frequent) == answer
    return Accuracy(len(test), right, sum(answer == frequent for answer, _text in test))


def _vote(learnt: Learnt, word: str, answer: str) -> float:
    """The logarithm of how likely ``word`` is in a text of ``answer``."""
    times = learnt.clues[word].get(answer, 0)
    return log((times + BEFOREHAND) / (learnt.words.get(answer, 0) + BEFOREHAND * learnt.vocabulary))
