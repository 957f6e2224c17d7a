"""What a cell says: texts, moments, days and numbers as people write them."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from requests_app.importing.problems import RowRefused
from teams.rules import InvalidFields
from teams.texts import clean_line, clean_text

DAYS = ("%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y")
TIMES = tuple(f"{day} {time}" for time in ("%H:%M", "%H:%M:%S") for day in DAYS)
LONGEST_MOMENT = 60
HIGHEST = Decimal(10) ** 14


def text(value: str, column: str, limit: int) -> str:
    """A text of several lines.

    :raises RowRefused: where it is too long or holds control characters.
    """
    return _told(clean_text, value, column, limit)


def line(value: str, column: str, limit: int) -> str:
    """A text of one line.

    :raises RowRefused: where it is too long or holds control characters.
    """
    return _told(clean_line, value, column, limit)


def _told(clean: Callable[[str, str, int], str], value: str, column: str, limit: int) -> str:
    try:
        return clean(value, column, limit)
    except InvalidFields as refused:
        raise RowRefused(f"{column}: {refused.missing[0].message}") from None


def moment(value: str, column: str, zone: ZoneInfo) -> datetime:
    """A moment, in ``zone`` where the cell names none; a day alone is its noon.

    :raises RowRefused: where the cell is no moment.
    """
    cell = value.strip()
    found = _moment(cell, zone) if len(cell) <= LONGEST_MOMENT else None
    if found is None:
        raise RowRefused(_("%(column)s: “%(cell)s” is no date and time.") % _shown(column, cell))
    return found


# A log repeats the same few moments in every row of an incident.
@lru_cache(4096)
def _moment(cell: str, zone: ZoneInfo) -> datetime | None:
    """What ISO 8601 writes with a time, a day with a time, or a day alone."""
    found = _parsed(cell, TIMES) or _iso(cell) or _parsed(cell, DAYS)
    if found is None:
        return None
    if not found.tzinfo:
        found = found.replace(tzinfo=zone)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def _iso(cell: str) -> datetime | None:
    try:
        return datetime.fromisoformat(cell) if ":" in cell else None
    except ValueError:
        return None


def _parsed(cell: str, formats: Sequence[str]) -> datetime | None:
    """A day without a time is its noon, so that no zone makes another day of it."""
    for layout in formats:
        try:
            found = datetime.strptime(cell, layout)
        except ValueError:
            continue
        return found if ":" in cell else found.replace(hour=12)
    return None


def day(value: str, column: str) -> date:
    """A day.

    :raises RowRefused: where the cell is no day.
    """
    cell = value.strip()
    found = _parsed(cell, DAYS)
    if found is None:
        raise RowRefused(_("%(column)s: “%(cell)s” is no date.") % _shown(column, cell))
    return found.date()


def number(value: str, column: str) -> Decimal:
    """A number, with a decimal point or a decimal comma.

    :raises RowRefused: where the cell is no number that can be kept.
    """
    cell = value.strip()
    try:
        found = Decimal(cell.replace(",", ".") if "." not in cell else cell).quantize(Decimal("0.0001"))
    except InvalidOperation:
        found = HIGHEST
    if not found.is_finite() or abs(found) >= HIGHEST:
        raise RowRefused(_("%(column)s: “%(cell)s” is no number.") % _shown(column, cell))
    return found


def _shown(column: str, cell: str) -> dict[str, str]:
    return {"column": column, "cell": cell if len(cell) <= 60 else f"{cell[:60]}…"}
