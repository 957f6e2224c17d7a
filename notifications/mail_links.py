"""What the signed links in mails have in common: for one person and purpose, and not for ever (RFC 8058)."""

from datetime import timedelta
from typing import Any

from django.core import signing

from teams.models import Person

LINK_LASTS = timedelta(days=180)


class LinkUsedUp(Exception):
    """The link is none of ours, too old, or must not do anything any more."""


def sign(person: int, about: object, *, salt: str) -> str:
    """The part of a link that belongs to the person with this id; ``salt`` is its purpose."""
    return signing.dumps([person, about], salt=salt)


def read(link: str, *, salt: str) -> tuple[int, Any]:
    """The person's id and what the link is about.

    :raises LinkUsedUp: where it was not signed for this purpose, or is too old.
    """
    try:
        person, about = signing.loads(link, salt=salt, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkUsedUp from None
    return person, about


def active(person: int) -> Person:
    """:raises LinkUsedUp: where the person is not here any more."""
    found = Person.objects.filter(pk=person, is_active=True).first()
    if found is None:
        raise LinkUsedUp
    return found
