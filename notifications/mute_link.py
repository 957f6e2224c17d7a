"""The link in each mail about a request that ends the mails about it, by one click (RFC 8058)."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from requests_app.models import Request
from teams.models import Person

_SALT = "tandem.mail.mute"
LINK_LASTS = timedelta(days=180)


class LinkUsedUp(Exception):
    """The link is none of ours, too old, or of somebody who is not here any more."""


def mute_url(person: int, request: int) -> str:
    """The address that mutes the request for the person, by their ids."""
    path = reverse("notifications:mute_by_mail", args=[signing.dumps([person, request], salt=_SALT)])
    return f"{settings.BASE_URL}{path}"


def read(link: str) -> tuple[Person, int]:
    """Whom a link belongs to, and the number of its request.

    :raises LinkUsedUp: where it must not do anything.
    """
    try:
        person, request = signing.loads(link, salt=_SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkUsedUp from None
    found = Person.objects.filter(pk=person, is_active=True).first()
    if found is None or not isinstance(request, int):
        raise LinkUsedUp
    return found, request


def title_for(person: Person, number: int) -> str:
    """What the request is called, as far as its reader may see it; "" else."""
    request = Request.objects.visible_to(person).filter(number=number).first()
    return f"{request.key} {request.title}" if request else ""
