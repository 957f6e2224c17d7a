"""Searching over everything: one statement for all kinds, ranked together, counted apart.

Of each kind the newest MOST_RANKED hits are ranked, so a word that stands everywhere costs no more than that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import CharField, F, FloatField, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast

from portal.searching.asked import MOST_RANKED, Asked, Kept, Queries, queries, widened
from portal.searching.kinds import KINDS, Filters, Hit, Kind
from teams import prepared
from teams.models import Person

PAGE_SIZE = 20
NO_WORDS = Kept("")
NO_FILTERS = Filters()
# Stand for the words in the statement that is kept.
TEXTS, NAMES = "'texts'", "'names'"
# The score of a request whose number was asked for.
FIRST = float("inf")
BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True)
class Facet:
    """How many hits a kind has; up to MOST_RANKED are counted, beyond that ``more`` is true."""

    kind: Kind
    count: int
    more: bool


@dataclass(frozen=True)
class Found:
    """One page of hits, the best first; ``facets`` count all kinds, whichever is shown."""

    hits: Sequence[tuple[Kind, Hit]]
    facets: Sequence[Facet]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(facet.count for facet in self.facets)

    @property
    def more(self) -> bool:
        return any(facet.more for facet in self.facets)


Row = tuple[str, int, float]


def find(
    asked: Asked,
    filters: Filters,
    person: Person,
    *,
    kind: str = "",
    page: int = 1,
    number: int = 0,
) -> Found:
    """One page of what ``person`` may see of what is asked for; a page beyond the last shows the last.

    ``number`` is a request that leads wherever it is found; ``kind`` shows hits of that kind alone.
    Words that fill no page are looked for once more within longer words: a frequent word needs no help, and
    with all that holds it a search would cost several times as much.
    """
    words = queries(asked)
    if words is None and not asked.has_filters and not number:
        return Found([], [], 1, 1)
    rows = _ranked(words, filters, person, number)
    if words is not None and len(rows) < PAGE_SIZE and (wider := widened(asked, words)):
        words = wider
        rows = _ranked(words, filters, person, number)
    counts = Counter(row[0] for row in rows)
    facets = [Facet(one, min(counts[one.key], MOST_RANKED), counts[one.key] > MOST_RANKED) for one in KINDS]
    beyond = set(_oldest(rows, facets))
    shown = [row for row in rows if row[:2] not in beyond and kind in ("", row[0])]
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    page = min(max(1, page), pages)
    on_page = shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Found(_hits(on_page, words, filters, person), facets, page, pages)


def _oldest(rows: list[Row], facets: Sequence[Facet]) -> Iterator[tuple[str, int]]:
    """The hits that say that there are more than are ranked; a number that was asked for is none of them."""
    for facet in facets:
        if facet.more:
            yield min(row[:2] for row in rows if row[0] == facet.kind.key and row[2] != FIRST)


def _ranked(words: Queries | None, filters: Filters, person: Person, number: int) -> list[Row]:
    if words is None or filters != NO_FILTERS:
        found: list[Row] = list(_everything(person, words, filters, MOST_RANKED))
    else:
        any_words = Queries(Kept(TEXTS), Kept(NAMES), words.frequent)
        values = {TEXTS: words.texts.text, NAMES: words.names.text}
        found = prepared.rows(_everything, person, any_words, NO_FILTERS, MOST_RANKED, values=values)
    if number and _sees(number, person):
        found = [row for row in found if row[:2] != ("requests", number)]
        found.append(("requests", number, FIRST))
    # Of equal hits the newer goes first.
    return sorted(found, key=lambda row: (row[2], row[1]), reverse=True)


def _everything(person: Person, words: Queries | None, filters: Filters, most: int) -> "QuerySet[Any]":
    """The newest hits of every kind, one more than the ``most`` that are ranked."""
    parts = [_candidates(kind, words, filters, person, most + 1) for kind in KINDS]
    return parts[0].union(*parts[1:], all=True)


def _sees(number: int, person: Person) -> bool:
    """Whether ``person`` may see the request ``number``."""
    rows: QuerySet[Any] = BY_KEY["requests"].rows(person, Filters())
    return rows.filter(pk=number).exists()


def _candidates(
    kind: Kind, words: Queries | None, filters: Filters, person: Person, most: int
) -> "QuerySet[Any]":
    """Rows of (kind, pk, score) of the newest hits."""
    rows = kind.rows(person, filters).alias(looked_in=kind.vector)
    # Filters alone rank nothing: then kind goes by kind.
    score: Any = Value(-KINDS.index(kind))
    if words is not None:
        rows = rows.filter(looked_in=kind.query(words))
        score = SearchRank(kind.vector, kind.query(words)) * Value(kind.worth)
    columns = {
        "kind_": Value(kind.key, output_field=CharField()),
        "score_": Cast(score, FloatField()),
    }
    # The database sorts and cuts first, and ranks only what is left.
    ranked = rows.annotate(**columns).order_by(_newest_first(kind, words))[:most]
    found: QuerySet[Any] = ranked.values_list("kind_", "pk", "score_")
    return found


def _newest_first(kind: Kind, words: Queries | None) -> OrderBy:
    """Walking from the newest row on is quick where many answer; else all that answer are sorted.

    The database would walk for every word, and through all rows where few answer: the sum keeps it from that.
    """
    if words is None or kind.key in words.frequent:
        return F("pk").desc()
    return (F("pk") + 0).desc()


def _hits(
    rows: Sequence[Row], words: Queries | None, filters: Filters, person: Person
) -> list[tuple[Kind, Hit]]:
    shown: dict[str, Mapping[int, Hit]] = {}
    for key in {row[0] for row in rows}:
        kind, pks = BY_KEY[key], [row[1] for row in rows if row[0] == key]
        # Looked up among what the person may see once more: the statement before was a moment ago.
        seen = kind.rows(person, Filters()).filter(pk__in=pks)
        shown[key] = kind.show(seen, kind.query(words) if words else NO_WORDS)
    return [(BY_KEY[key], shown[key][pk]) for key, pk, _score in rows if pk in shown[key]]
