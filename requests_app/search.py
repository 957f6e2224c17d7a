"""Full-text search over requests, in German and English at once.

Every text is indexed in both languages (``Request.words``), so the query asks in both, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchHeadline,
    SearchQuery,
    SearchRank,
)
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import NullIf
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER, RequestQuerySet
from teams.texts import clean_line

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.models import Person

    AnyQuery = SearchQuery | CombinedSearchQuery

LONGEST = 200
# Above this many hits totals read "more than 1,000" and ranking covers the newest of them.
MOST_RANKED = 1_000
PAGE_SIZE = 20
# Fewer letters begin so many words that a prefix says nothing.
SHORTEST_PREFIX = 3

NUMBER = re.compile(r"(?:t\s*-?\s*|#\s*)?(\d{1,19})", re.IGNORECASE | re.ASCII)
OPERATORS = re.compile(r'"|(?:^|\s)-|(?:^|\s)or(?:\s|$)', re.IGNORECASE)
WHOLE_WORD = re.compile(rf"[^\W_]{{{SHORTEST_PREFIX},}}")
# Control characters never stand in a kept text, so nobody can write a highlight into one.
START, STOP = "\x02", "\x03"
MARKED = re.compile(f"{START}([^{START}{STOP}]+){STOP}")


@dataclass(frozen=True)
class Hit:
    """A found request with its title and the passages that match, highlighted and safe to show."""

    request: Request
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Found:
    """One page of hits; ``total`` counts up to MOST_RANKED, beyond that ``more`` is true."""

    hits: list[Hit]
    total: int
    more: bool
    page: int
    pages: int


def clean_query(text: str) -> str:
    """The words to search for.

    :raises InvalidFields: where they are too long or hold control characters.
    """
    return clean_line(text, "q", LONGEST)


def number_in(text: str) -> int | None:
    """The request number that ``text`` is ("T-12", "#12" or "12"), if it is one."""
    match = NUMBER.fullmatch(text.strip())
    number = int(match[1]) if match else 0
    return number if 0 < number <= HIGHEST_NUMBER else None


def query_for(text: str) -> "AnyQuery":
    """The database's query for what a person typed; any input is a valid one.

    Understands "quoted phrases", ``or`` and ``-without``. Where none of these is used, the last word also
    stands for all words that begin with it.
    """
    words = text.split()
    prefix = words[-1] if words else ""
    if OPERATORS.search(text) or not WHOLE_WORD.fullmatch(prefix):
        return _in_both(text, "websearch")
    beginning = _in_both(f"'{prefix}':*", "raw") | _in_both(prefix, "websearch")
    before = " ".join(words[:-1])
    return _in_both(before, "websearch") & beginning if before else beginning


def _in_both(text: str, search_type: str) -> "AnyQuery":
    query: AnyQuery = SearchQuery(text, config="german", search_type=search_type) | SearchQuery(
        text, config="english", search_type=search_type
    )
    return query


def matching(rows: "QuerySet[Request]", text: str) -> "QuerySet[Request]":
    """Those of ``rows`` that contain the words, or have the number, of ``text``."""
    condition = Q(words=query_for(text))
    number = number_in(text)
    if number:
        condition |= Q(number=number)
    return rows.filter(condition)


def search(text: str, person: "Person", page: int = 1) -> Found:
    """One page of what ``person`` may see of the hits for ``text``, the best first; drafts are never found.

    ``text`` comes from ``clean_query``. A page beyond the last shows the last.
    """
    visible = Request.objects.visible_to(person).submitted()
    numbers, more = ranked_numbers(visible, text)
    pages = max(1, -(-len(numbers) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = numbers[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Found(_hits(visible, text, shown), len(numbers), more, page, pages)


def ranked_numbers(visible: RequestQuerySet, text: str) -> tuple[list[int], bool]:
    """The numbers of the newest MOST_RANKED hits, best first, and whether there are more of them.

    A number that was asked for leads, however old it is.
    """
    newest = matching(visible, text).order_by("-number").values("number")[: MOST_RANKED + 1]
    rank = SearchRank(F("words"), query_for(text))
    ranked = Request.objects.filter(number__in=newest).annotate(score=rank).order_by("-score", "-number")
    numbers = list(ranked.values_list("number", flat=True))
    more = len(numbers) > MOST_RANKED
    if more:
        numbers.remove(min(numbers))
    return _with_first(visible, numbers, number_in(text)), more


def _with_first(visible: RequestQuerySet, numbers: list[int], asked_for: int | None) -> list[int]:
    if asked_for is None:
        return numbers
    others = [number for number in numbers if number != asked_for]
    if len(others) < len(numbers) or visible.filter(number=asked_for).exists():
        return [asked_for, *others][:MOST_RANKED]
    return others


def _hits(visible: RequestQuerySet, text: str, numbers: list[int]) -> list[Hit]:
    query = query_for(text)
    body = Func(
        Value(" … "),
        *(NullIf(F(name), Value("")) for name in ("customer_need", "outcome", "wished_tool")),
        function="concat_ws",
        output_field=TextField(),
    )
    passages: dict[str, Any] = {"max_words": 35, "min_words": 15, "max_fragments": 2}
    rows = visible.for_rows().filter(number__in=numbers)
    for config in ("german", "english"):
        rows = rows.annotate(
            **{
                f"title_{config}": _headline("title", query, config, {"highlight_all": True}),
                f"body_{config}": _headline(body, query, config, passages),
            }
        )
    found = {row.number: row for row in rows}
    return [Hit(found[n], _best(found[n], "title"), _best(found[n], "body")) for n in numbers if n in found]


def _headline(text: Any, query: "AnyQuery", config: str, options: dict[str, Any]) -> SearchHeadline:
    return SearchHeadline(text, query, config=config, start_sel=START, stop_sel=STOP, **options)


def _best(row: Request, name: str) -> SafeString:
    """The highlighted text in the language in which more of it matches."""
    german, english = getattr(row, f"{name}_german"), getattr(row, f"{name}_english")
    best: str = max(german, english, key=lambda text: text.count(START))
    # A passage ends where the database stops counting words.
    whole = name == "title" or best.rstrip(STOP + " ").endswith((".", "!", "?"))
    return highlighted(best if whole or not best else f"{best} …")


def highlighted(text: str) -> SafeString:
    """HTML for a headline of the database: all of it escaped but the marks around what matches."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for match in MARKED.finditer(text):
        yield _plain(text[end : match.start()])
        yield format_html("<mark>{}</mark>", match[1])
        end = match.end()
    yield _plain(text[end:])


def _plain(text: str) -> str:
    return text.replace(START, "").replace(STOP, "")


def total_in_words(found: Found) -> str:
    """How many hits, as a person would say it."""
    if found.more:
        text = _("More than %(number)s hits; the newest of them are sorted by how well they fit.")
        return text % {"number": number_format(MOST_RANKED, force_grouping=True)}
    return ngettext("%(number)d hit", "%(number)d hits", found.total) % {"number": found.total}
