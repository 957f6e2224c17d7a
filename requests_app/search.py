"""Full-text search over requests, in German and English at once.

Every text is indexed in both languages (``Request.words``), so the query asks in both, too.
"""

import re
from typing import TYPE_CHECKING

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import Q

from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.texts import clean_line

if TYPE_CHECKING:
    from django.db.models import QuerySet

    AnyQuery = SearchQuery | CombinedSearchQuery

LONGEST = 200
# Fewer letters begin so many words that a prefix says nothing.
SHORTEST_PREFIX = 3

NUMBER = re.compile(r"(?:t\s*-?\s*|#\s*)?(\d{1,19})", re.IGNORECASE | re.ASCII)
OPERATORS = re.compile(r'"|(?:^|\s)-|(?:^|\s)or(?:\s|$)', re.IGNORECASE)
WHOLE_WORD = re.compile(rf"[^\W_]{{{SHORTEST_PREFIX},}}")


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
    beginning = _in_both(f"'{prefix}':*", "raw")
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
