"""What of a text was changed, word by word."""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

SAME, REMOVED, ADDED, LEFT_OUT = "same", "removed", "added", "left_out"

# A word with the space before it, so that a text that was only continued is the same up to there.
_WORDS = re.compile(r"\s*\S+|\s+")
# Ten thousand letters of German or English are at most 1,900 words; what has more pairs is no such text.
MOST_PAIRS = 2_000**2
# Words that a long text repeats more often are no landmarks: comparing each with each takes seconds.
_LONG, _OFTEN = 200, 4
# Of what stays the same so many letters are shown on both sides of a change.
AROUND = 60
LONGEST_PART = 2_000


class Part(NamedTuple):
    """A piece of text: the same in both, removed, added; or "left_out" with no text at all."""

    kind: str
    text: str


@lru_cache(maxsize=256)
def difference(before: str, after: str) -> tuple[Part, ...]:
    """The way from ``before`` to ``after``, with what stays the same shortened to the words around.

    Takes tenths of a second at most for two texts of 10,000 letters, whatever is in them. Events never
    change, so the last ones are kept.
    """
    if before == after:
        return ()
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    parts = [
        Part(SAME, "".join(old[:start])),
        *_between(old[start : len(old) - end], new[start : len(new) - end]),
        Part(SAME, "".join(old[len(old) - end :])),
    ]
    told = [part for part in parts if part.text]
    return tuple(shown for at, part in enumerate(told) for shown in _shortened(part, at, len(told)))


def _alike(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _between(old: list[str], new: list[str]) -> list[Part]:
    if len(old) * len(new) > MOST_PAIRS:
        return [Part(REMOVED, "".join(old)), Part(ADDED, "".join(new))]
    often = {word for word, count in Counter(new).items() if count > _OFTEN} if len(new) > _LONG else set()
    matcher = SequenceMatcher(often.__contains__, old, new, autojunk=False)
    parts: list[Part] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part(SAME, "".join(old[a:b])))
        else:
            parts += [Part(REMOVED, "".join(old[a:b])), Part(ADDED, "".join(new[c:d]))]
    return parts


def _shortened(part: Part, at: int, count: int) -> list[Part]:
    if part.kind != SAME:
        return _cut(part, LONGEST_PART)
    before, after = at > 0, at < count - 1
    if len(part.text) <= AROUND * (before + after):
        return [part]
    head = [Part(SAME, part.text[:AROUND].rsplit(None, 1)[0] + " ")] if before else []
    tail = [Part(SAME, part.text[-AROUND:].split(None, 1)[-1])] if after else []
    return [*head, Part(LEFT_OUT, ""), *tail]


def _cut(part: Part, limit: int) -> list[Part]:
    if len(part.text) <= limit:
        return [part]
    return [Part(part.kind, part.text[:limit]), Part(LEFT_OUT, "")]
