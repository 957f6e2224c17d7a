"""The link in mails that are not about one request: no more mail of these kinds, by one click (RFC 8058)."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from notifications import mail_links
from notifications.choosing.kinds import Kind
from notifications.choosing.setting import stop_mail
from notifications.mail_links import LinkUsedUp
from teams.models import Person

_SALT = "tandem.mail.less"


def less_url(person: int, kinds: Iterable[str]) -> str:
    """The address that ends mail of ``kinds`` for the person with this id."""
    token = mail_links.sign(person, sorted(set(kinds)), salt=_SALT)
    return f"{settings.BASE_URL}{reverse('notifications:less_by_mail', args=[token])}"


def read(link: str) -> tuple[Person, Sequence[Kind]]:
    """Whom a link belongs to, and of which kinds they want no more mail.

    :raises LinkUsedUp: where it must not do anything.
    """
    person, kinds = mail_links.read(link, salt=_SALT)
    try:
        meant = [Kind(kind) for kind in kinds]
    except (ValueError, TypeError):
        raise LinkUsedUp from None
    if not meant:
        raise LinkUsedUp
    return mail_links.active(person), meant


def stop(person: Person, kinds: Iterable[Kind]) -> None:
    """No more mail of ``kinds``, the digest aside; the inbox stays as it is. A preference, so no event."""
    with transaction.atomic():
        for kind in kinds:
            stop_mail(person, kind)
