"""What matches in a text, marked: headlines of the database in both languages, made safe to show."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from teams.words import CONFIGS

# Control characters never stand in a kept text, so nobody can write a highlight into one.
START, STOP = "\x02", "\x03"
MARKED = re.compile(f"{START}([^{START}{STOP}]+){STOP}")
WHOLE: dict[str, Any] = {"highlight_all": True}
PASSAGES: dict[str, Any] = {"max_words": 35, "min_words": 15, "max_fragments": 2}


def joined(*fields: str) -> Func:
    """The texts of ``fields`` that are not empty, as one text."""
    return Func(
        Value(" … "),
        *(NullIf(F(name), Value("")) for name in fields),
        function="concat_ws",
        output_field=TextField(),
    )


def with_headlines(
    rows: "QuerySet[Any]", title: str | Combinable, body: str | Combinable, query: SearchQuery
) -> "QuerySet[Any]":
    """``rows`` with what ``title_of`` and ``excerpt_of`` read: both texts with marks, in both languages."""
    for config in CONFIGS:
        rows = rows.annotate(
            **{
                f"title_{config}": _headline(title, query, config, WHOLE),
                f"body_{config}": _headline(body, query, config, PASSAGES),
            }
        )
    return rows


def _headline(text: Any, query: SearchQuery, config: str, options: dict[str, Any]) -> SearchHeadline:
    return SearchHeadline(text, query, config=config, start_sel=START, stop_sel=STOP, **options)


def title_of(row: Any) -> SafeString:
    """The title in the language in which more of it matches."""
    return highlighted(_best(row.title_german, row.title_english))


def excerpt_of(row: Any) -> SafeString:
    """The passages in the language in which more of them matches."""
    best = _best(row.body_german, row.body_english)
    # A passage ends where the database stops counting words.
    whole = not best or best.rstrip(STOP + " ").endswith((".", "!", "?"))
    return highlighted(best if whole else f"{best} …")


def _best(german: str | None, english: str | None) -> str:
    return max(german or "", english or "", key=lambda text: text.count(START))


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
