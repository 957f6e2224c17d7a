"""The link in each mail about a request that ends the mails about it, by one click (RFC 8058)."""

from django.conf import settings
from django.urls import reverse

from notifications import mail_links
from notifications.mail_links import LinkUsedUp
from requests_app.models import Request
from teams.models import Person

_SALT = "tandem.mail.mute"


def mute_url(person: int, request: int) -> str:
    """The address that mutes the request for the person, by their ids."""
    path = reverse("notifications:mute_by_mail", args=[mail_links.sign(person, request, salt=_SALT)])
    return f"{settings.BASE_URL}{path}"


def read(link: str) -> tuple[Person, int]:
    """Whom a link belongs to, and the number of its request.

    :raises LinkUsedUp: where it must not do anything.
    """
    person, request = mail_links.read(link, salt=_SALT)
    if not isinstance(request, int):
        raise LinkUsedUp
    return mail_links.active(person), request


def title_for(person: Person, number: int) -> str:
    """What the request is called, as far as its reader may see it; "" else."""
    request = Request.objects.visible_to(person).filter(number=number).first()
    return f"{request.key} {request.title}" if request else ""
