"""The addresses that mail to the portal goes to: parts of one mailbox, told apart by what follows a plus.

``tandem+r….@…`` answers about one request as one person; ``tandem+b….@…`` is where our own mail comes back
to; ``tandem+new-SLUG@…`` makes a draft for a team. The first two are signed, each for its purpose, and
expire. Some mail servers change the case of addresses, so these are in small letters and figures alone.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from activity import clock
from teams.models import Person, Team

REPLY, BOUNCE, NEW = "r", "b", "new-"
SALTS = {REPLY: "tandem.mail.reply", BOUNCE: "tandem.mail.bounce"}
LASTS_DAYS = 90
# 80 bits: guessing costs a mail each.
SIGNATURE_BYTES = 10
# The longest part before the @ (RFC 5321).
LONGEST_LOCAL = 64
LONGEST_NUMBER = 13


class BadToken(Exception):
    """The address is none of ours any more; ``code`` says whether it is ``forged`` or ``expired``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ReplyTo:
    """What answers about one request, as one person; ``question`` where a question was told of, else 0."""

    request: int
    person: int
    question: int = 0


def is_configured() -> bool:
    """Whether mail to the portal is taken at all."""
    return bool(settings.INCOMING_MAIL_ADDRESS)


def reply_address(to: ReplyTo) -> str:
    """The address for answers; "" where no mail is taken."""
    return _address(_signed(REPLY, (to.request, to.person, to.question, _today())))


def bounce_address(person: int) -> str:
    """Where mail to the person with this id comes back to; "" where no mail is taken."""
    return _address(_signed(BOUNCE, (person, _today())))


def address_of_team(team: Team) -> str:
    """Where a mail makes a draft for ``team``; "" where no mail is taken."""
    address = _address(f"{NEW}{team.slug}")
    return address if len(address.partition("@")[0]) <= LONGEST_LOCAL else _address(f"{NEW}{team.pk}")


def tag_of(addresses: Iterable[str]) -> str | None:
    """What follows the plus in the first of ``addresses`` that is ours; "" without a plus, None for none."""
    local, _at, domain = settings.INCOMING_MAIL_ADDRESS.lower().partition("@")
    for written in addresses:
        name, _at, host = parseaddr(written)[1].lower().rpartition("@")
        mailbox, _plus, tag = name.partition("+")
        if is_configured() and mailbox == local and host == domain:
            return tag
    return None


def read_reply(tag: str) -> ReplyTo:
    """:raises BadToken: where it was not made by us, or too long ago."""
    request, person, question, _day = _read(REPLY, tag, 4)
    return ReplyTo(request, person, question)


def read_bounce(tag: str) -> int:
    """The id of the person.

    :raises BadToken: where it was not made by us, or too long ago.
    """
    return _read(BOUNCE, tag, 2)[0]


def team_of(tag: str) -> Team | None:
    """The team that ``tag`` makes a draft for."""
    name = tag.removeprefix(NEW)
    found = Team.objects.filter(slug=name).first()
    if found is None and name.isascii() and name.isdigit() and len(name) < 19:
        found = Team.objects.filter(pk=int(name)).first()
    return found


def is_sender(person: Person, address: str) -> bool:
    """Whether ``address`` is that of ``person``."""
    return person.is_active and person.email.lower() == address.lower()


def _today() -> int:
    return clock.now().date().toordinal()


def _address(tag: str) -> str:
    if not is_configured():
        return ""
    local, _at, domain = settings.INCOMING_MAIL_ADDRESS.partition("@")
    return f"{local}+{tag}@{domain}"


def _signed(kind: str, numbers: Iterable[int]) -> str:
    text = kind + ".".join(int_to_base36(number) for number in numbers)
    return f"{text}.{_signature(kind, text, settings.SECRET_KEY)}"


def _signature(kind: str, text: str, secret: str) -> str:
    digest = salted_hmac(SALTS[kind], text, secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode().lower()


def _read(kind: str, tag: str, count: int) -> list[int]:
    text, _dot, signature = tag.rpartition(".")
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    right = any(constant_time_compare(_signature(kind, text, secret), signature) for secret in secrets)
    parts = text.removeprefix(kind).split(".")
    if not (right and text.startswith(kind) and len(parts) == count):
        raise BadToken("forged")
    numbers = [base36_to_int(part) for part in parts]
    if _today() - numbers[-1] > LASTS_DAYS:
        raise BadToken("expired")
    return numbers
