"""The link in mails that are not about one request: no more mail of these kinds, by one click (RFC 8058)."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from notifications.choosing.kinds import Kind
from notifications.choosing.setting import stop_mail
from notifications.mute_link import LINK_LASTS, LinkUsedUp
from teams.models import Person

_SALT = "tandem.mail.less"


def less_url(person: int, kinds: Iterable[str]) -> str:
    """The address that ends mail of ``kinds`` for the person with this id."""
    token = signing.dumps([person, sorted(set(kinds))], salt=_SALT)
    return f"{settings.BASE_URL}{reverse('notifications:less_by_mail', args=[token])}"


def read(link: str) -> tuple[Person, Sequence[Kind]]:
    """Whom a link belongs to, and of which kinds they want no more mail.

    :raises LinkUsedUp: where it must not do anything.
    """
    try:
        person, kinds = signing.loads(link, salt=_SALT, max_age=LINK_LASTS)
        meant = [Kind(kind) for kind in kinds]
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkUsedUp from None
    found = Person.objects.filter(pk=person, is_active=True).first()
    if found is None or not meant:
        raise LinkUsedUp
    return found, meant


def stop(person: Person, kinds: Iterable[Kind]) -> None:
    """No more mail of ``kinds``, the digest aside; the inbox stays as it is. A preference, so no event."""
    with transaction.atomic():
        for kind in kinds:
            stop_mail(person, kind)
