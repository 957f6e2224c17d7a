"""What events keep, as people read it: names for ids, dates and numbers in the reader's spelling."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats

from requests_app.naming import Names

Data = dict[str, Any]


def text_of(value: Any) -> str:
    """``value`` where it is text, else nothing."""
    return value if isinstance(value, str) else ""


def day_of(value: Any) -> str:
    """A day that the event keeps as "2027-02-01"; what is none, as it stands."""
    try:
        return formats.date_format(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)


def number_of(value: Any) -> str:
    """A number that the event keeps as text; what is none, as it stands."""
    try:
        plain = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return str(value)
    return (
        formats.number_format(plain, use_l10n=True, force_grouping=True) if plain.is_finite() else str(value)
    )


def name_of(names: Names, kind: str, number: Any) -> str:
    """The name of the row ``number``; nothing where it is gone, or the reader may not know of it."""
    return names.get((kind, number), "") if isinstance(number, int) else ""
