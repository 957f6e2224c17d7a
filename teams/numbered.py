"""Lists in pages by number: for short ones, whose addresses people pass on.

Lists that grow without end are paged by cursor (``requests_app.paging``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

Row = TypeVar("Row")

PAGE = 50
MOST_PAGES = 2_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``next`` and ``previous`` are page numbers or None."""

    rows: list[Row]
    next: int | None
    previous: int | None


def page_of(
    rows: QuerySet[Any, Row] | Sequence[Row], number: int, size: int = PAGE, most: int = MOST_PAGES
) -> Page[Row]:
    """Page ``number`` of ``rows``, which are ordered; from 1 to ``most``. At most one query."""
    number = min(max(number, 1), most)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number + 1 if len(found) > size else None, number - 1 if number > 1 else None)


def page_number(request: HttpRequest) -> int:
    """The page that is asked for; the first where it is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def page_address(request: HttpRequest, number: int | None) -> str:
    """The address of another page of the same list; empty where there is none."""
    if number is None:
        return ""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
