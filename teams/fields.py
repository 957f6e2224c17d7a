"""What the fields of this room's rows must fulfil, told in words at the field."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activity import log
from activity.models import Event
from teams.models import Person, Role, Side, Team
from teams.rules import InvalidFields, Missing, StaleVersion
from teams.texts import clean_line

NAME_LENGTH = 120
EMAIL_LENGTH = 254
SLUG_LENGTH = 55
# Addresses below /teams/ that are no team.
RESERVED_SLUGS = {"new"}


def wrong(field: str, message: str, code: str = "invalid") -> InvalidFields:
    """The refusal of one field."""
    return InvalidFields([Missing(code, message, field)])


def needed_line(value: str, field: str, limit: int) -> str:
    """One line that must not be empty.

    :raises InvalidFields: where it is empty, too long or holds control characters.
    """
    line = clean_line(value, field, limit)
    if not line:
        raise wrong(field, _("Fill in this field."), "required")
    return line


def clean_email(value: str) -> str:
    """The address in lower case, as it is kept.

    :raises InvalidFields: where it is no address.
    """
    address = needed_line(value, "email", EMAIL_LENGTH).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise wrong("email", _("Enter an e-mail address such as name@example.org.")) from error
    return address


def is_zone(value: str) -> bool:
    """Whether ``value`` names a time zone such as Europe/Berlin."""
    return value in available_timezones()


def clean_zone(value: str) -> str:
    """:raises InvalidFields: where ``value`` is no time zone."""
    if not is_zone(value):
        raise wrong("time_zone", _("Choose a time zone such as Europe/Berlin."))
    return value


def clean_language(value: str) -> str:
    """A language of the portal, or "" for the browser's.

    :raises InvalidFields: for any other.
    """
    if value and value not in dict(settings.LANGUAGES):
        raise wrong("language", _("Choose one of the offered languages."))
    return value


def clean_role(value: str) -> str:
    """:raises InvalidFields: for an unknown role."""
    if value not in Role.values:
        raise wrong("role", _("Choose member or lead."))
    return value


def clean_side(value: str) -> str:
    """:raises InvalidFields: for an unknown side."""
    if value not in Side.values:
        raise wrong("side", _("Choose Marketing, IT or another side."))
    return value


def clean_password(value: str, person: Person) -> str:
    """:raises InvalidFields: with all that is wrong with the password, in words."""
    try:
        password_validation.validate_password(value, person)
    except ValidationError as error:
        raise InvalidFields([Missing("password", text, "password") for text in error.messages]) from error
    return value


def check_version(current: int, seen: int | None) -> None:
    """:raises StaleVersion: where the caller had seen another version."""
    if seen is not None and seen != current:
        raise StaleVersion(current)


def own_changes(
    row: models.Model,
    kinds: Sequence[str],
    wanted: dict[str, Any],
    now: dict[str, Any],
    seen_version: int | None,
    of_item: int | None = None,
) -> dict[str, Any]:
    """What of ``wanted`` its author really changed, given that they saw ``seen_version`` of ``row``.

    ``now`` is what stands there, ``kinds`` the events that tell its changes; both hold values as events keep
    them. A field that the author left alone keeps what somebody wrote meanwhile. With ``of_item`` the fields
    are those of an item of ``row``, which has no version of its own.

    :raises StaleVersion: where both changed the same fields; it names them.
    """
    theirs = changed_since(row, kinds, seen_version, of_item)
    mine = {name: value for name, value in wanted.items() if value != theirs.get(name, now[name])}
    clash = [name for name, value in mine.items() if name in theirs and value != now[name]]
    if clash:
        only_theirs = [name for name in theirs if name in wanted and name not in mine]
        raise StaleVersion(row.version, clash, only_theirs)  # type: ignore[attr-defined]
    return {name: value for name, value in mine.items() if value != now[name]}


def events_since(row: models.Model, kinds: Sequence[str], version: int) -> "models.QuerySet[Event]":
    """The events of ``kinds`` that brought ``row`` beyond ``version``."""
    return Event.objects.filter(
        object_type=log.object_type(row), object_id=row.pk, kind__in=kinds, data__version__gt=version
    )


def changed_since(
    row: models.Model, kinds: Sequence[str], version: int | None, of_item: int | None = None
) -> dict[str, Any]:
    """What the fields of ``row`` held at ``version``, for those that events of ``kinds`` changed since.

    With ``of_item`` those of that item of it.
    """
    if version is None:
        return {}
    later = events_since(row, kinds, version)
    if of_item is not None:
        later = later.filter(data__item=of_item)
    changes = "changes" if of_item is None else "item_changes"
    before: dict[str, Any] = {}
    for data in later.order_by("id").values_list("data", flat=True):
        for name, change in data[changes].items():
            before.setdefault(name, change["from"])
    return before


def told(changes: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """``changes`` as an event keeps them: from what, to what."""
    return {name: {"from": now[name], "to": value} for name, value in changes.items()}


def free_slug(name: str, fallback: str = "team") -> str:
    """A slug for a team called ``name`` that no other team has at this moment."""
    stem = slugify(name.replace("ß", "ss"))[:SLUG_LENGTH].strip("-") or fallback
    taken = set(Team.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED_SLUGS
    n = 1
    while (slug := stem if n == 1 else f"{stem}-{n}") in taken:
        n += 1
    return slug
