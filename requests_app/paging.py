"""Pages of a list by cursor: a page costs the same however far down it lies."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from requests_app.lists.sorting import Key
from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_CURSOR = 2_000
NOTHING = Q(pk__in=[])
# The kinds of columns whose values stand in a cursor as numbers.
WHOLE = ("BigAutoField", "ForeignKey", "SmallIntegerField", "PositiveSmallIntegerField")


class BadCursor(ValueError):
    """The cursor was not made by this portal for this ordering."""


@dataclass(frozen=True)
class Place:
    """Right behind the row with these values, one for each key, or before it where ``back``."""

    values: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True)
class Page:
    rows: Sequence[Request]
    next: str
    previous: str


def page_of(rows: "QuerySet[Request]", keys: Sequence[Key], cursor: str, size: int) -> Page:
    """``size`` of ``rows``, which are ordered by ``keys``, from ``cursor`` on.

    ``next`` and ``previous`` of the page are cursors, or "" where there is nothing more.

    :raises BadCursor: where ``cursor`` was not made for this ordering.
    """
    place = decode(cursor, keys) if cursor else None
    back = place is not None and place.back
    beyond = rows if place is None else rows.filter(_beyond(place.values, keys, back))
    found = list((beyond.reverse() if back else beyond)[: size + 1])
    more, kept = len(found) > size, found[:size]
    shown = kept[::-1] if back else kept
    if not shown:
        return Page(shown, "", "")
    return Page(
        shown,
        next=_at(shown[-1], keys, back=False) if (more or back) else "",
        previous=_at(shown[0], keys, back=True) if (more if back else place) else "",
    )


def _at(row: Request, keys: Sequence[Key], *, back: bool) -> str:
    return encode(Place(tuple(getattr(row, key.column) for key in keys), back), keys)


def _beyond(values: Sequence[Any], keys: Sequence[Key], back: bool) -> Q:
    """What lies behind the place in reading direction."""
    key, value = keys[0], values[0]
    behind = _behind(key, value, back)
    if len(keys) == 1:
        return behind
    same = Q(**{f"{key.column}__isnull": True}) if value is None else Q(**{key.column: value})
    return _bound(key, value, back) & (behind | (same & _beyond(values[1:], keys[1:], back)))


def _behind(key: Key, value: Any, back: bool) -> Q:
    """Rows without a value come last in either order."""
    if value is None:
        return Q(**{f"{key.column}__isnull": False}) if back else NOTHING
    behind = Q(**{f"{key.column}__{_towards(key, back)}": value})
    return behind | Q(**{f"{key.column}__isnull": True}) if key.nullable and not back else behind


def _bound(key: Key, value: Any, back: bool) -> Q:
    """Adds nothing, but with it the database begins at the right place of an index."""
    return Q() if key.nullable else Q(**{f"{key.column}__{_towards(key, back)}e": value})


def _towards(key: Key, back: bool) -> str:
    return "lt" if key.descending != back else "gt"


def encode(place: Place, keys: Sequence[Key]) -> str:
    """The place as a text for an address; it names its order, so that it serves no other."""
    content = json.dumps([_order(keys), [_plain(value) for value in place.values], int(place.back)])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _order(keys: Sequence[Key]) -> str:
    return ",".join(f"-{key.column}" if key.descending else key.column for key in keys)


def _plain(value: Any) -> Any:
    # To the microsecond, which Django's own encoder cuts off.
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def decode(cursor: str, keys: Sequence[Key]) -> Place:
    """The place that ``encode`` made a text of.

    :raises BadCursor: where it did not, or for another order.
    """
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        order, values, back = json.loads(content)
        if order != _order(keys) or len(values) != len(keys) or back not in (0, 1):
            raise ValueError
        return Place(tuple(map(_read, values, keys)), bool(back))
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError):
        raise BadCursor(cursor) from None


def _read(value: Any, key: Key) -> Any:
    if value is None and key.nullable:
        return None
    whole = key.field.get_internal_type() in WHOLE
    if type(value) is not (int if whole else str) or "\x00" in str(value):
        raise ValueError
    read = key.field.to_python(value)
    key.field.run_validators(read)
    if read is None or (isinstance(read, int) and not 0 <= read <= HIGHEST_NUMBER):
        raise ValueError
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError
    return read
