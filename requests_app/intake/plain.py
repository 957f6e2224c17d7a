"""Values of fields as events keep them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models


def plain(value: Any) -> Any:
    """``value`` as an event keeps it: ids for rows, text for numbers and dates."""
    if isinstance(value, list):
        return sorted(plain(one) for one in value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal("0.0001")).normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
