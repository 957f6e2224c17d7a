"""Whether somebody gets the weekly digest, and the link in each mail that switches it off."""

from datetime import timedelta

from django.core import signing
from django.db.models import F

from notifications.models import DigestPreference
from teams.models import Person

_SALT = "tandem.digest.switch_off"
LINK_LASTS = timedelta(days=180)


class LinkUsedUp(Exception):
    """The link is none of ours, too old, or from before the digest was switched on again."""


def gets_weekly(person: Person) -> bool:
    """Whether ``person`` gets the weekly digest."""
    return not DigestPreference.objects.filter(person=person, weekly=False).exists()


def is_wanted(person: int) -> bool:
    """Whether the person with the id ``person`` is active, reached by mail, and gets the weekly digest."""
    wanted = Person.objects.filter(pk=person, is_active=True, mail_fails_since=None).exclude(
        digest_preference__weekly=False
    )
    return wanted.exists()


def switch_off(person: Person) -> None:
    DigestPreference.objects.update_or_create(person=person, defaults={"weekly": False})


def switch_on(person: Person) -> None:
    """From now on the digest comes again; links of earlier mails are used up."""
    off = DigestPreference.objects.filter(person=person, weekly=False)
    off.update(weekly=True, round=F("round") + 1)


def token(person: int, current_round: int) -> str:
    """The part of the link that belongs to the person with the id ``person``."""
    return signing.dumps([person, current_round], salt=_SALT)


def person_of(link: str) -> Person:
    """Whom a link switches off; a used one stays good while the digest is off, as mail programs ask twice.

    :raises LinkUsedUp: where it must not switch anything off.
    """
    try:
        person, made_in_round = signing.loads(link, salt=_SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkUsedUp from None
    found = Person.objects.filter(pk=person).select_related("digest_preference").first()
    if found is None:
        raise LinkUsedUp
    preference = DigestPreference.objects.filter(person=found).first()
    if preference is not None and preference.weekly and preference.round != made_in_round:
        raise LinkUsedUp
    return found
