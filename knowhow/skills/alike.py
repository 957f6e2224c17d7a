"""Words that nearly mean a skill: half typed, written a little otherwise, or with a slip; pure."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MOST_OFFERED = 4
# Two letters begin too many words, and of so short a word a slip makes another one.
SHORTEST_BEGINNING, SHORTEST_WITH_SLIP = 3, 4
# A slip changes, drops, adds or swaps a letter; a long word may hold two.
LONG = 7
# As pg_trgm reckons, which the embedded PostgreSQL has not: the share of common groups of three letters.
LEAST_COMMON = 0.5


def alike(typed: str, words: Iterable[tuple[str, int]]) -> list[int]:
    """The skills that ``typed`` may be meant as, the nearest first, at most MOST_OFFERED.

    ``words`` are the names and synonyms of the directory, in plain letters as ``typed``, each with its skill.
    """
    rated = sorted((nearness, word, skill) for word, skill in words if (nearness := _nearness(typed, word)))
    return list(dict.fromkeys(skill for _nearness, _word, skill in rated))[:MOST_OFFERED]


def _nearness(typed: str, word: str) -> tuple[int, float] | None:
    """What orders words by how near they are, the smaller the nearer; None for those that are not."""
    slips = OSA.distance(typed, word, score_cutoff=2)
    if len(typed) >= SHORTEST_WITH_SLIP and slips <= (2 if len(typed) >= LONG else 1):
        return slips, 0.0
    common = _in_common(typed, word)
    if len(typed) >= SHORTEST_BEGINNING and f" {typed}".replace("-", " ") in f" {word}".replace("-", " "):
        return 3, -common
    return (4, -common) if common >= LEAST_COMMON else None


def _in_common(one: str, other: str) -> float:
    mine, theirs = _threes(one), _threes(other)
    return len(mine & theirs) / len(mine | theirs)


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}
