"""What somebody typed into the search: words, phrases, what must not stand there, and filters.

``anmeldung "zwei felder" -app von:lena in:kampagnen status:offen`` asks for texts that hold the word (or one
that holds it, such as *Newsletteranmeldung*) and the phrase, do not hold *app*, were written by a Lena,
belong to the team and are open. Any input is valid; what is no filter is a word.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from requests_app.relatives import WORD, relatives
from teams.words import CONFIGS

# Above so many hits of a kind totals read "more than 1,000" and ranking covers the newest of them.
MOST_RANKED = 1_000
# Fewer letters begin so many words that a prefix says nothing.
SHORTEST_PREFIX = 3
# In both languages, whatever language a page is read in: links are shared.
OR = ("or", "oder")
FILTERS = {"from": "by", "von": "by", "in": "team", "status": "status"}
TOKEN = re.compile(
    r"""(?P<minus>-)?
        (?:(?P<filter>from|von|in|status):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]*))
          |"(?P<phrase>[^"]*)"?
          |(?P<word>[^\s"]+))""",
    re.IGNORECASE | re.VERBOSE,
)
LEXEME = re.compile(r"'((?:[^']|'')+)'")
BEGINS = re.compile(rf"[^\W_]{{{SHORTEST_PREFIX},}}")
# The kinds that may have very many rows, with their table and the column by which they age. How often a word
# stands in them is told by a sample of the newest: the database guesses badly for beginnings of words.
MANY = {"requests": ("requests_app_request", "number"), "comments": ("requests_app_comment", "id")}
SAMPLE = 500
# How many of the sample answer, and how many rows there are, about.
SAMPLED = """
  (SELECT count(*) FROM (SELECT words FROM {0} ORDER BY {1} DESC LIMIT {2}) AS newest WHERE words @@ texts),
  (SELECT reltuples FROM pg_class WHERE oid = '{0}'::regclass)
"""
SAMPLES = ", ".join(SAMPLED.format(*many, SAMPLE) for many in MANY.values())
# To fetch a row that the index knows to answer takes so many times as long as to look at the next in line.
FETCH = 2


@dataclass(frozen=True)
class Word:
    """A word or a phrase; ``begins`` where it also stands for all words that begin with it."""

    text: str
    is_phrase: bool = False
    is_wanted: bool = True
    begins: bool = False


@dataclass(frozen=True)
class Asked:
    """What a text is asked for, before the database is."""

    # Any of the words of a group, all of the groups: "or" stands between words of one.
    groups: tuple[tuple[Word, ...], ...] = ()
    unwanted: tuple[Word, ...] = ()
    by: str = ""
    team: str = ""
    status: str = ""

    @property
    def has_filters(self) -> bool:
        return bool(self.by or self.team or self.status)

    @property
    def words(self) -> list[str]:
        """The single words that are wanted, for suggestions and relatives."""
        return [word.text for group in self.groups for word in group if not word.is_phrase]

    def __bool__(self) -> bool:
        return bool(self.groups or self.has_filters)


def read(text: str) -> Asked:
    """What ``text`` asks for; where a filter is named twice, the last holds."""
    reading = _Reading()
    for match in TOKEN.finditer(text):
        reading.take(match)
    words = text.split()
    if words and BEGINS.fullmatch(words[-1]):
        reading.begin_with_last()
    groups = tuple(tuple(group) for group in reading.groups)
    return Asked(groups, tuple(reading.unwanted), **reading.filters)


class _Reading:
    def __init__(self) -> None:
        self.groups: list[list[Word]] = []
        self.unwanted: list[Word] = []
        self.filters: dict[str, str] = {}
        self._or = False

    def take(self, match: re.Match[str]) -> None:
        joins, self._or = self._or, False
        if match["filter"]:
            value = match["quoted"] or match["value"] or ""
            self.filters[FILTERS[match["filter"].lower()]] = value.strip()
        elif (match["word"] or "").lower() in OR and self.groups:
            self._or = True
        elif (word := _word(match)) and not word.is_wanted:
            self.unwanted.append(word)
        elif word:
            self._want(word, joins=joins)

    def _want(self, word: Word, *, joins: bool) -> None:
        if joins:
            self.groups[-1].append(word)
        else:
            self.groups.append([word])

    def begin_with_last(self) -> None:
        """What was typed last is a bare word, perhaps an unfinished one."""
        if self.groups and not self.groups[-1][-1].is_phrase:
            self.groups[-1][-1] = replace(self.groups[-1][-1], begins=True)


def _word(match: re.Match[str]) -> Word | None:
    is_phrase = match["word"] is None
    text = (match["phrase"] if is_phrase else match["word"] or "").strip()
    # Marks alone say nothing.
    if not any(character.isalnum() for character in text):
        return None
    return Word(text, is_phrase=is_phrase, is_wanted=not match["minus"])


class Kept(SearchQuery):
    """A query that the database has put together already; ``text`` is how it writes it."""

    template = "%(expressions)s::tsquery"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Queries:
    """What the database is asked: ``texts`` of what is written, ``names`` of what people are called.

    ``frequent`` are the kinds of many rows of which so many answer ``texts`` that walking from the newest row
    on finds enough of them sooner than fetching all.
    """

    texts: Kept
    names: Kept
    frequent: frozenset[str]


def queries(asked: Asked) -> Queries | None:
    """The database's queries for the words of ``asked``; None where no word says anything."""
    return _queries(asked, {}) if asked.groups else None


def widened(asked: Asked, narrow: Queries) -> Queries | None:
    """``narrow`` with what the words are parts of, and the parts that they have; None where nothing is."""
    asked_for = set(LEXEME.findall(narrow.texts.text))
    found = relatives([word for word in asked.words if WORD.fullmatch(word)])
    more = {word: {one for one in every if not asked_for.issuperset(one)} for word, every in found.items()}
    return _queries(asked, more) if any(more.values()) else None


def _queries(asked: Asked, more: Mapping[str, set[tuple[str, ...]]]) -> Queries | None:
    texts = _all_of(asked, lambda word: _in_texts(word, more.get(word.text, set())))
    names = _all_of(asked, _in_names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH asked AS MATERIALIZED (SELECT ({texts.sql}) AS texts, ({names.sql}) AS names)"  # noqa: S608
            f" SELECT texts::text, names::text, {SAMPLES} FROM asked",
            [*texts.values, *names.values],
        )
        row: tuple[Any, ...] = cursor.fetchone()
    frequent = [
        kind for kind, *sampled in zip(MANY, row[2::2], row[3::2], strict=True) if is_frequent(*sampled)
    ]
    return Queries(Kept(row[0]), Kept(row[1]), frozenset(frequent)) if row[0] else None


def is_frequent(hits: int, rows: float) -> bool:
    """Whether walking is quicker: it looks at MOST_RANKED / share rows; else share × rows are fetched."""
    share = hits / SAMPLE
    return FETCH * share * share * rows > MOST_RANKED


@dataclass(frozen=True)
class Piece:
    """A part of a query in the database's words, with its values."""

    sql: str
    values: tuple[str, ...] = ()


def _all_of(asked: Asked, query: Callable[[Word], Piece]) -> Piece:
    wanted = [_joined("||", map(query, group)) for group in asked.groups]
    unwanted = [query(word) for word in asked.unwanted]
    return _joined("&&", [*wanted, *(Piece(f"!!({one.sql})", one.values) for one in unwanted)])


def _joined(operator: str, pieces: Iterable[Piece]) -> Piece:
    every = list(pieces)
    sql = f" {operator} ".join(f"({piece.sql})" for piece in every)
    return Piece(sql, tuple(chain.from_iterable(piece.values for piece in every)))


def _in_texts(word: Word, lexemes: set[tuple[str, ...]]) -> Piece:
    if word.begins:
        # The word itself is one of those that begin with it.
        asked = _in_both("to_tsquery", f"{word.text}:*")
    else:
        asked = _in_both("phraseto_tsquery" if word.is_phrase else "plainto_tsquery", word.text)
    related = [Piece("%s::tsquery", (_as_raw(lexemes),))] if lexemes else []
    return _joined("||", [asked, *related])


def _in_both(function: str, text: str) -> Piece:
    """In both languages; once where both make the same of it, or each hit would be found and ranked twice."""
    german, english = (f"{function}('{config}', %s)" for config in CONFIGS)
    sql = f"CASE WHEN {german} = {english} THEN {german} ELSE {german} || {english} END"
    return Piece(sql, (text,) * 5)


def _as_raw(lexemes: set[tuple[str, ...]]) -> str:
    return " | ".join("(" + " & ".join(f"'{one}'" for one in each) + ")" for each in sorted(lexemes))


def _in_names(word: Word) -> Piece:
    if word.is_phrase or not BEGINS.fullmatch(word.text):
        return Piece("phraseto_tsquery('simple', %s)", (word.text,))
    return Piece("to_tsquery('simple', %s)", (f"{word.text}:*",))
