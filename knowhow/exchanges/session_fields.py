"""What an exchange is described by, and what each field must fulfil, told in words at the field."""

from datetime import datetime, timedelta
from typing import Any, TypedDict, cast

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from activity import clock
from knowhow.exchanges.models import (
    ABILITY_TEXT,
    LINK_LINE,
    MOST_SEATS,
    TOPIC_LINE,
    ExchangeKind,
)
from knowhow.exchanges.wall_time import Span
from teams import fields
from teams.models import PLAIN_LINE
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text

LONGEST = timedelta(hours=24)
FARTHEST = timedelta(days=730)
_is_address = URLValidator(schemes=["http", "https"])


class SessionFields(TypedDict, total=False):
    """What the host can say of an exchange, but its hours."""

    title: str
    ability: str
    topic: str
    place: str
    link: str
    seats: int


def clean_fields(wanted: SessionFields) -> SessionFields:
    """``wanted`` as it is kept.

    :raises InvalidFields: naming each field that cannot be kept.
    """
    wrong: list[Missing] = []
    clean: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        if name in wanted:
            try:
                clean[name] = check(wanted[name])  # type: ignore[literal-required]
            except InvalidFields as error:
                wrong.extend(error.missing)
    if wrong:
        raise InvalidFields(wrong)
    return cast(SessionFields, clean)


def clean_ability(value: str) -> str:
    """:raises InvalidFields: where it is empty or too long."""
    text = clean_text(value, "ability", ABILITY_TEXT)
    if not text:
        raise fields.wrong("ability", _("Say in one sentence what one can do afterwards."), "required")
    return text


def clean_link(value: str) -> str:
    """An address of the web, or nothing.

    :raises InvalidFields: for anything else.
    """
    line = clean_line(value, "link", LINK_LINE)
    if line:
        try:
            _is_address(line)
        except ValidationError as error:
            raise fields.wrong("link", _("Enter an address such as https://example.org.")) from error
    return line


def clean_kind(value: str) -> str:
    """:raises InvalidFields: for an unknown kind."""
    if value not in ExchangeKind.values:
        raise fields.wrong("kind", _("Choose a session or job shadowing."))
    return value


def _clean_seats(value: int) -> int:
    if not 1 <= value <= MOST_SEATS:
        raise fields.wrong("seats", _("Enter a number from 1 to %(most)d.") % {"most": MOST_SEATS})
    return value


def require_place(place: str, link: str) -> None:
    """:raises InvalidFields: where nobody could know where to go."""
    if not place and not link:
        raise fields.wrong("place", _("Say where it takes place, or give a link to join."), "required")


def check_span(span: Span, now: datetime | None = None) -> None:
    """:raises InvalidFields: where it lies in the past, too far ahead, or ends too early or too late."""
    now = now or clock.now()
    if span.starts_at <= now:
        raise fields.wrong("starts_at", _("Choose a moment in the future."))
    if span.starts_at > now + FARTHEST:
        raise fields.wrong("starts_at", _("Choose a day within the next two years."))
    if span.ends_at <= span.starts_at:
        raise fields.wrong("ends_at", _("It has to end after it begins."))
    if span.ends_at - span.starts_at > LONGEST:
        raise fields.wrong("ends_at", _("It can last 24 hours at most. Plan a session for each day."))


_CHECKS: dict[str, Any] = {
    "title": lambda value: fields.needed_line(value, "title", PLAIN_LINE),
    "ability": clean_ability,
    "topic": lambda value: clean_line(value, "topic", TOPIC_LINE),
    "place": lambda value: clean_line(value, "place", PLAIN_LINE),
    "link": clean_link,
    "seats": _clean_seats,
}
