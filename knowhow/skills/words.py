"""Words that mean skills: what people type on their profile, and what texts are about; pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TOKEN = re.compile(r"[^\W_][\w+#]*(?:[-.&][\w+#]+)*")
# "SQL 3", "SQL: 3" and "SQL (3)" name a level; a name that ends in a number is written with it and a level.
WITH_LEVEL = re.compile(r"\A(.*[^\s:=(])(?:\s*[:=(]\s*|\s+)([0-4])\)?\Z", re.DOTALL)
SEPARATORS = re.compile(r"[,;\n]")
# Of a new skill for which no level is named.
USUAL_LEVEL = 2
# A shorter word is found only as it stands: "app" is no part of "appetite".
SHORTEST_STEM = 5


@dataclass(frozen=True)
class Entry:
    """One skill as somebody typed it; ``level`` is None where they named none."""

    name: str
    level: int | None


def plain(word: str) -> str:
    """``word`` as words are compared: in small letters, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def entries(text: str) -> list[Entry]:
    """What a typed line names, in its order, each once: ``Newsletter 3, SQL``."""
    found: dict[str, Entry] = {}
    for part in SEPARATORS.split(text):
        words = part.strip()
        if not words:
            continue
        with_level = WITH_LEVEL.match(words)
        entry = Entry(with_level[1], int(with_level[2])) if with_level else Entry(words, None)
        found.setdefault(plain(entry.name), entry)
    return list(found.values())


def line_of(named: Iterable[Entry], instead: Mapping[str, str]) -> str:
    """What to type for ``named``, with other names ``instead`` of some."""
    return ", ".join(_typed(instead.get(entry.name, entry.name), entry.level) for entry in named)


def _typed(name: str, level: int | None) -> str:
    """A name that ends in a number needs a level behind it, or that number would be one."""
    if level is None and WITH_LEVEL.match(name):
        level = USUAL_LEVEL
    return name if level is None else f"{name} {level}"


class Finder:
    """Finds which skills a text is about, by their names and synonyms in both languages.

    A word of SHORTEST_STEM letters or more is also found inside a longer one, at its beginning or its end:
    "Newsletter" in "Newsletters" and "Kundennewsletter". Names of several words are found as they stand,
    with an ending on the last of them.
    """

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._single: dict[str, int] = {}
        self._several: dict[str, list[tuple[list[str], int]]] = {}
        for word, skill in words:
            parts = [found.group() for found in TOKEN.finditer(plain(word))]
            if len(parts) == 1:
                self._single[parts[0]] = skill
            elif parts:
                self._several.setdefault(parts[0], []).append((parts[1:], skill))
        self._lengths = sorted(
            {len(word) for word in self._single if len(word) >= SHORTEST_STEM}, reverse=True
        )
        # Texts repeat their words; each is looked up once.
        self._known: dict[str, int | None] = {}

    def skills_in(self, text: str) -> dict[int, str]:
        """The skills that ``text`` is about, as it names them, each with the word that says so."""
        found: dict[int, str] = {}
        tokens = [match.group() for match in TOKEN.finditer(text)]
        folded = [plain(token) for token in tokens]
        for place, token in enumerate(folded):
            for rest, skill in self._several.get(token, ()):
                if _continues(folded[place + 1 :], rest):
                    found.setdefault(skill, " ".join(tokens[place : place + 1 + len(rest)]))
            single = self._skill_of(token)
            if single is not None:
                found.setdefault(single, tokens[place])
        return found

    def _skill_of(self, token: str) -> int | None:
        if token not in self._known:
            self._known[token] = self._look_up(token)
        return self._known[token]

    def _look_up(self, token: str) -> int | None:
        if token in self._single:
            return self._single[token]
        for length in self._lengths:
            if length < len(token):
                for stem in (token[:length], token[-length:]):
                    if stem in self._single:
                        return self._single[stem]
        return None


def _continues(tokens: list[str], rest: list[str]) -> bool:
    """Whether ``tokens`` begin with ``rest``, whose last word may have an ending."""
    if len(tokens) < len(rest):
        return False
    *middle, last = rest
    return tokens[: len(middle)] == middle and tokens[len(middle)].startswith(last)
