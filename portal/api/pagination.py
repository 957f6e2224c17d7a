"""Lists in pages by cursor: any page costs the same, and none shifts while others add rows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from teams.rules import InvalidFields, Missing

if TYPE_CHECKING:
    from rest_framework.views import APIView

CURSOR, LIMIT = "cursor", "limit"
DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 200
LONGEST_CURSOR = 1_000
LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Key:
    """One column of the order; where it may be empty, rows without a value come last in either direction."""

    name: str
    descending: bool
    nullable: bool

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
        if self.nullable:
            return Q()
        return Q(**{f"{self.name}__{self._towards(back)}e": value})

    def _towards(self, back: bool) -> str:
        return "lt" if self.descending != back else "gt"


NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Place:
    """Right behind the row with these values, or before it where ``back``."""

    values: tuple[Any, ...]
    back: bool


class CursorPages(BasePagination):
    """`{"next", "previous", "results"}`; the view's queryset says the order, whose last column is unique."""

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: "APIView | None" = None
    ) -> list[Any]:
        self.address = request.build_absolute_uri()
        self.keys = keys_of(queryset)
        limit = limit_asked(request)
        text = request.query_params.get(CURSOR, "")
        place = decoded(text, self.keys, queryset.model) if text else None
        back = place is not None and place.back
        found = list(self._rows(queryset, place, back)[: limit + 1])
        more, kept = len(found) > limit, found[:limit]
        rows = kept[::-1] if back else kept
        self.next = self._link(rows[-1:], back=False) if (more or back) else None
        self.previous = self._link(rows[:1], back=True) if (more if back else place) else None
        return rows

    def _rows(self, queryset: QuerySet[Any], place: Place | None, back: bool) -> QuerySet[Any]:
        if place is None:
            return queryset
        rows = queryset.filter(beyond(self.keys, place))
        return rows.reverse() if back else rows

    def _link(self, edge: Sequence[Any], *, back: bool) -> str | None:
        if not edge:
            return None
        place = Place(tuple(value_of(edge[0], key.name) for key in self.keys), back)
        return replace_query_param(self.address, CURSOR, encoded(place, self.keys))

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": [*properties], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT}
        cursor = {"type": "string", "maxLength": LONGEST_CURSOR}
        return [
            {"name": LIMIT, "in": "query", "description": "Results on a page.", "schema": limit},
            {
                "name": CURSOR,
                "in": "query",
                "description": "Taken from `next` or `previous`.",
                "schema": cursor,
            },
        ]


def keys_of(queryset: QuerySet[Any]) -> tuple[Key, ...]:
    """The columns by which ``queryset`` is ordered."""
    asked: Sequence[Any] = queryset.query.order_by or queryset.model._meta.ordering or ["pk"]
    return tuple(_key(one, queryset.model) for one in asked)


def _key(one: Any, model: type[Model]) -> Key:
    if not isinstance(one, OrderBy):
        return Key(str(one).lstrip("-"), str(one).startswith("-"), nullable=False)
    name = str(getattr(one.expression, "name", ""))
    return Key(name, bool(one.descending), nullable=bool(model._meta.get_field(name).null))


def limit_asked(request: Request) -> int:
    """How many results the page has.

    :raises InvalidFields: for anything but a number from 1 to HIGHEST_LIMIT.
    """
    given = request.query_params.getlist(LIMIT)
    if not given:
        return DEFAULT_LIMIT
    text = given[0]
    fits = len(given) == 1 and text.isascii() and text.isdecimal() and len(text) <= 3
    if not fits or not 1 <= int(text) <= HIGHEST_LIMIT:
        words = _("Give a number from 1 to %(highest)d.") % {"highest": HIGHEST_LIMIT}
        raise InvalidFields([Missing("invalid", words, LIMIT)])
    return int(text)


def beyond(keys: Sequence[Key], place: Place) -> Q:
    """The condition for all rows behind ``place`` in reading direction."""
    key, value = keys[0], place.values[0]
    behind = key.beyond(value, place.back)
    if len(keys) == 1:
        return behind
    rest = beyond(keys[1:], Place(place.values[1:], place.back))
    return key.bound(value, place.back) & (behind | (key.same(value) & rest))


def value_of(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def encoded(place: Place, keys: Sequence[Key]) -> str:
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


def decoded(text: str, keys: Sequence[Key], model: type[Model]) -> Place:
    """The place that ``encoded`` made a text of.

    :raises InvalidFields: where it did not, or for another order.
    """
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError
        content = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        order, values, back = content
        if order != _order(keys) or type(back) is not bool or len(values) != len(keys):
            raise ValueError
        return Place(tuple(_read(value, key, model) for value, key in zip(values, keys, strict=True)), back)
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError):
        words = _("This cursor does not belong to this list. Start again at the first page.")
        raise InvalidFields([Missing("invalid", words, CURSOR)]) from None


def _read(value: Any, key: Key, model: type[Model]) -> Any:
    field = model._meta.get_field(key.name)
    if value is None and key.nullable:
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError
    if isinstance(value, str) and not value.isprintable():
        raise ValueError
    read = field.to_python(value)  # type: ignore[union-attr]
    field.run_validators(read)  # type: ignore[union-attr]
    if read is None or (isinstance(read, int) and abs(read) > LARGEST_INTEGER):
        raise ValueError
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError
    return read
