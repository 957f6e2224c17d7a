"""Pages of a list by cursor: a page costs the same however far down it lies."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = datetime | date | str | int | None


class BadCursor(ValueError):
    """The cursor was not made by this portal for this ordering."""


@dataclass(frozen=True)
class Cursor:
    """The place right after, or before where ``back``, the row with these values."""

    value: Key
    number: int
    back: bool = False


@dataclass(frozen=True)
class Page:
    rows: Sequence[Request]
    next: str
    previous: str


def page_of(rows: "QuerySet[Request]", ordering: str, cursor: str, size: int) -> Page:
    """``size`` of ``rows``, which are ordered by ``ordering`` (see filters.ORDERINGS), from ``cursor`` on.

    ``next`` and ``previous`` of the page are cursors, or "" where there is nothing more.

    :raises BadCursor: where ``cursor`` was not made for this ordering.
    """
    field = ordering.lstrip("-")
    place = decode(cursor, field) if cursor else None
    if place is None:
        found = list(rows[: size + 1])
        more = len(found) > size
        return _page(found[:size], field, has_next=more, has_previous=False)
    beyond = rows.filter(_beyond(place, field, ordering.startswith("-")))
    found = list((beyond.reverse() if place.back else beyond)[: size + 1])
    more = len(found) > size
    kept = found[:size]
    if place.back:
        return _page(kept[::-1], field, has_next=True, has_previous=more)
    return _page(kept, field, has_next=more, has_previous=True)


def _page(rows: list[Request], field: str, *, has_next: bool, has_previous: bool) -> Page:
    if not rows:
        return Page(rows, "", "")
    return Page(
        rows,
        next=encode(_place(rows[-1], field, False)) if has_next else "",
        previous=encode(_place(rows[0], field, True)) if has_previous else "",
    )


def _place(row: Request, field: str, back: bool) -> Cursor:
    return Cursor(getattr(row, field), row.number, back)


def _beyond(place: Cursor, field: str, descending: bool) -> Q:
    """What lies behind the place in reading direction; rows without a value come last in either order."""
    towards = "lt" if descending != place.back else "gt"
    same = Q(**{f"number__{towards}": place.number})
    if field == "number":
        return same
    if place.value is None:
        behind = Q(**{f"{field}__isnull": True}) & same
        return behind | Q(**{f"{field}__isnull": False}) if place.back else behind
    # The first condition alone is enough to begin at the right place of an index.
    bound = Q(**{f"{field}__{towards}e": place.value})
    behind = bound & (Q(**{f"{field}__{towards}": place.value}) | same)
    return behind if place.back else behind | Q(**{f"{field}__isnull": True})


def encode(place: Cursor) -> str:
    """The cursor as a text for an address."""
    content = json.dumps([place.value, place.number, int(place.back)], cls=ExactEncoder)
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


class ExactEncoder(DjangoJSONEncoder):
    """Keeps microseconds, which Django's encoder cuts off."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def decode(cursor: str, field: str) -> Cursor:
    """The place that ``encode`` made a text of.

    :raises BadCursor: where it did not.
    """
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, number, back = json.loads(content)
        return Cursor(_value(value, field), _number(number), bool(back))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise BadCursor(cursor) from None


def _number(value: Any) -> int:
    if type(value) is not int or not 0 < value <= HIGHEST_NUMBER:
        raise ValueError(value)
    return value


def _value(value: Any, field: str) -> Key:
    if field == "number":
        return _number(value)
    if value is None and field in ("deadline", "rank"):
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    if field == "rank":
        return value
    read = parse_date(value) if field == "deadline" else parse_datetime(value)
    if read is None or (isinstance(read, datetime) and read.tzinfo is None):
        raise ValueError(value)
    return read
