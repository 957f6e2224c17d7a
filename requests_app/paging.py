"""Pages of a list by cursor: a page costs the same however far down it lies, and none shifts meanwhile.

One engine for the pages and the API. The queryset says the order; its last column must be unique.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import OrderBy

Row = TypeVar("Row")

LONGEST_CURSOR = 1_000
LARGEST_INTEGER = 2**63 - 1
NOTHING = Q(pk__in=[])


class BadCursor(ValueError):
    """The cursor was not made by this portal for this order."""


@dataclass(frozen=True)
class Key:
    """One column of the order; where it may be empty, rows without a value come last in either direction."""

    name: str
    descending: bool
    nullable: bool
    # What reads its values, where it is computed and no field of the model.
    computed: Any = field(default=None, compare=False)

    def beyond(self, value: Any, back: bool) -> Q:
        """What lies behind ``value`` in reading direction."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if back else NOTHING
        behind = Q(**{f"{self.name}__{self._towards(back)}": value})
        return behind | Q(**{f"{self.name}__isnull": True}) if self.nullable and not back else behind

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def bound(self, value: Any, back: bool) -> Q:
        """Adds nothing, but with it the database begins at the right place of an index."""
        if self.nullable and (value is None or not back):
            return Q()
        return Q(**{f"{self.name}__{self._towards(back)}e": value})

    def _towards(self, back: bool) -> str:
        return "lt" if self.descending != back else "gt"


@dataclass(frozen=True)
class Place:
    """Right behind the row with these values, or before it where ``back``."""

    values: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``next`` and ``previous`` are cursors, or "" where there is nothing more."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


def page_of(queryset: QuerySet[Any, Row], cursor: str, size: int) -> Page[Row]:
    """``size`` rows of ``queryset`` from ``cursor`` on; from the first where it is "".

    :raises BadCursor: where ``cursor`` was not made for the order of ``queryset``.
    """
    keys = keys_of(queryset)
    place = decode(cursor, keys, queryset.model) if cursor else None
    back = place is not None and place.back
    found = list(_from(queryset, keys, place)[: size + 1])
    more, kept = len(found) > size, found[:size]
    rows = kept[::-1] if back else kept
    has_next, has_previous = (True, more) if back else (more, place is not None)
    return Page(
        rows,
        next=_edge(rows[-1:], keys, back=False) if has_next else "",
        previous=_edge(rows[:1], keys, back=True) if has_previous else "",
    )


def _from(queryset: QuerySet[Any, Row], keys: Sequence[Key], place: Place | None) -> QuerySet[Any, Row]:
    if place is None:
        return queryset
    rows = queryset.filter(beyond(keys, place))
    return rows.reverse() if place.back else rows


def _edge(edge: Sequence[Any], keys: Sequence[Key], *, back: bool) -> str:
    return encode(Place(tuple(_value(edge[0], key.name) for key in keys), back), keys) if edge else ""


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def keys_of(queryset: QuerySet[Any, Any]) -> tuple[Key, ...]:
    """The columns by which ``queryset`` is ordered."""
    asked: Sequence[Any] = queryset.query.order_by or queryset.model._meta.ordering or ["pk"]
    return tuple(_key(one, queryset) for one in asked)


def _key(one: Any, queryset: QuerySet[Any, Any]) -> Key:
    if not isinstance(one, OrderBy):
        name = str(one).lstrip("-")
        annotation = queryset.query.annotations.get(name)
        computed = annotation.output_field if annotation is not None else None
        return Key(name, str(one).startswith("-"), nullable=False, computed=computed)
    name = str(getattr(one.expression, "name", ""))
    return Key(name, bool(one.descending), nullable=bool(queryset.model._meta.get_field(name).null))


def beyond(keys: Sequence[Key], place: Place) -> Q:
    """The condition for all rows behind ``place`` in reading direction."""
    key, value = keys[0], place.values[0]
    behind = key.beyond(value, place.back)
    if len(keys) == 1:
        return behind
    rest = beyond(keys[1:], Place(place.values[1:], place.back))
    return key.bound(value, place.back) & (behind | (key.same(value) & rest))


def encode(place: Place, keys: Sequence[Key]) -> str:
    """The place as a text for an address; it names its order, so that it serves no other."""
    values = [_plain(value) for value in place.values]
    content = json.dumps([_order(keys), values, place.back], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _order(keys: Sequence[Key]) -> str:
    return ",".join(f"-{key.name}" if key.descending else key.name for key in keys)


def decode(text: str, keys: Sequence[Key], model: type[Model]) -> Place:
    """The place that ``encode`` made a text of.

    :raises BadCursor: where it did not, or for another order.
    """
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError
        order, values, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if order != _order(keys) or type(back) is not bool or len(values) != len(keys):
            raise ValueError
        return Place(tuple(_read(value, key, model) for value, key in zip(values, keys, strict=True)), back)
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError):
        raise BadCursor(text) from None


def _read(value: Any, key: Key, model: type[Model]) -> Any:
    reader: Any = key.computed or model._meta.get_field(key.name)
    if value is None and key.nullable:
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError
    if isinstance(value, str) and not value.isprintable():
        raise ValueError
    read = reader.to_python(value)
    reader.run_validators(read)
    if read is None or (isinstance(read, int) and abs(read) > LARGEST_INTEGER):
        raise ValueError
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError
    return read
