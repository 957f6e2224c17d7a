"""What events keep, as people read it: names for ids, dates and numbers in the reader's spelling."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

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


def moment_of(value: Any) -> str:
    """A moment that the event keeps as ISO text, by the reader's clock; what is none, as it stands."""
    try:
        moment = timezone.localtime(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
    return formats.date_format(moment, "SHORT_DATETIME_FORMAT")


def number_of(value: Any) -> str:
    """A number that the event keeps as text; what is none, as it stands."""
    try:
        plain = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return str(value)
    return (
        formats.number_format(plain, use_l10n=True, force_grouping=True) if plain.is_finite() else str(value)
    )


def euros_of(value: Any) -> str:
    """An amount of money, with cents where there are any; what is none, as it stands."""
    try:
        plain = Decimal(value)
        decimals = 0 if plain == plain.to_integral_value() else 2
    except (InvalidOperation, TypeError, ValueError):
        return str(value)
    number = formats.number_format(plain, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    # The sign never begins a line.
    return (_("%(amount)s €") % {"amount": number}).replace(" ", "\u00a0")


def name_of(names: Names, kind: str, number: Any) -> str:
    """The name of the row ``number``; nothing where it is gone, or the reader may not know of it."""
    return names.get((kind, number), "") if isinstance(number, int) else ""
