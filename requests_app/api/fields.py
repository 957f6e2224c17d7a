"""Input fields that take JSON at its word: nothing is converted, nothing unknown is passed over."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from requests_app.labels import MOST_LABELS
from requests_app.models import LABEL_LINE
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Touchpoint

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_TOUCHPOINTS = 50
DECIMALS = 4
# What numeric(18, 4) holds.
LARGEST = 10**14


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know."""

    default_error_messages = {"unknown_field": _("There is no field with this name.")}

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        errors: dict[str, Any] = {name: [self.error("unknown_field")] for name in sorted(unknown)}
        try:
            found = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(dict(error.detail) | errors) from error  # type: ignore[arg-type]
        if errors:
            raise serializers.ValidationError(errors)
        return found

    def error(self, code: str) -> serializers.ErrorDetail:
        return serializers.ErrorDetail(str(self.error_messages[code]), code=code)


class Text(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, "required": False, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Day(serializers.DateField):
    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601; without an offset by the caller's own clock."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+hh:mm")
        try:
            return super().to_internal_value(value)
        except OverflowError:
            # The year 1 by the caller's clock begins before any moment that can be written in UTC.
            self.fail("overflow")


class Whole(serializers.IntegerField):
    """A number or id of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": HIGHEST_NUMBER, **options})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    """A number with at most four decimals, kept exactly."""

    default_error_messages = {
        "too_large": _("Enter a smaller number."),
        "decimals": _("Give at most four decimals."),
    }

    def to_internal_value(self, data: Any) -> Decimal:  # type: ignore[override]
        if type(data) is not int and not isinstance(data, Decimal):
            self.fail("invalid")
        number = Decimal(data)
        if abs(number) >= LARGEST:
            self.fail("too_large")
        if number != round(number, DECIMALS):
            self.fail("decimals")
        return number


class _Chosen(serializers.Field[Any, Any, Any, Any]):
    """One row, found by its key among those that may be chosen."""

    default_error_messages = {
        "invalid": _("This is not a valid value."),
        "does_not_exist": _("There is no such choice."),
    }
    key = "pk"

    def __init__(self, rows: Callable[[], "QuerySet[Any]"], **options: Any) -> None:
        super().__init__(**options)
        self.rows = rows

    def to_internal_value(self, data: Any) -> Model:
        if not self.is_key(data):
            self.fail("invalid")
        found: Model | None = self.rows().filter(**{self.key: data}).first()
        if found is None:
            self.fail("does_not_exist")
        return found

    def is_key(self, data: Any) -> bool:
        raise NotImplementedError


@extend_schema_field({"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"})
class BySlug(_Chosen):
    key = "slug"

    def is_key(self, data: Any) -> bool:
        return isinstance(data, str)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": HIGHEST_NUMBER})
class ById(_Chosen):
    def is_key(self, data: Any) -> bool:
        return type(data) is int and 0 < data <= HIGHEST_NUMBER


class Labels(serializers.ListField):
    """Words to find a request by, each without a comma."""

    child = Text(max_length=LABEL_LINE, allow_blank=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_LABELS, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        return cast(list[str], super().to_internal_value(data))


@extend_schema_field(
    {"type": "array", "items": {"type": "string"}, "maxItems": MOST_TOUCHPOINTS, "uniqueItems": True}
)
class Touchpoints(serializers.Field[Any, Any, Any, Any]):
    """Touchpoints by their slugs, in one query.

    Archived ones cannot be chosen; ``keeps_archived`` leaves it to the domain to tell who has one already.
    """

    default_error_messages = {
        "invalid": _("Give a list of touchpoints, each at most once."),
        "does_not_exist": _("There is no touchpoint “%(slug)s”."),
    }

    def __init__(self, *, keeps_archived: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.rows = {} if keeps_archived else {"is_archived": False}

    def to_internal_value(self, data: Any) -> list[Touchpoint]:
        fits = isinstance(data, list) and all(isinstance(slug, str) for slug in data)
        if not fits or len(set(data)) != len(data) or len(data) > MOST_TOUCHPOINTS:
            self.fail("invalid")
        found = {row.slug: row for row in Touchpoint.objects.filter(slug__in=data, **self.rows)}
        unknown = [slug for slug in data if slug not in found]
        if unknown:
            message = self.error_messages["does_not_exist"] % {"slug": unknown[0][:40]}
            raise serializers.ValidationError(message, code="does_not_exist")
        return [found[slug] for slug in data]
