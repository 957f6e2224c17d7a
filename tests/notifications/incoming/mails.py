"""What the tests of incoming mail share: mails as programs write them, and who writes them."""

from collections.abc import Sequence
from email.message import EmailMessage
from itertools import count
from typing import Any

from notifications.incoming.addresses import ReplyTo, reply_address
from teams.models import Person
from tests.notifications.telling import Cast, make_cast

MAILBOX = "tandem@portal.example"
QUOTED = """

Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Tandem <tandem@portal.example>:

> ##- Bitte schreiben Sie Ihre Antwort über diese Zeile -##
>
> T-12 hat einen neuen Kommentar
"""
_ids = count(1)


def written(
    sender: str,
    to: str,
    text: str = "A good idea.",
    files: Sequence[tuple[str, bytes]] = (),
    html: str = "",
    **headers: str,
) -> EmailMessage:
    """A mail by a person's own program."""
    mail = EmailMessage()
    mail["From"] = f"Somebody <{sender}>"
    mail["To"] = to
    mail["Subject"] = headers.pop("subject", "Re: T-12 has a new comment")
    mail["Message-ID"] = headers.pop("message_id", f"<{next(_ids)}@mail.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html") if text else mail.set_content(html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def raw(*args: Any, **more: Any) -> bytes:
    """The same, as it comes over the wire."""
    return written(*args, **more).as_bytes()


def address_for(cast: Cast, person: Person, question: int = 0) -> str:
    """Where ``person`` answers about the request of ``cast``."""
    return reply_address(ReplyTo(cast.request.number, person.pk, question))


def reply(cast: Cast, text: str = "A good idea.", person: Person | None = None, **more: Any) -> bytes:
    """An answer of ``person``, by default of the requester."""
    author = person or cast.requester
    question = more.pop("question", 0)
    return raw(more.pop("sender", author.email), address_for(cast, author, question), text + QUOTED, **more)


def asked_cast(**fields: Any) -> Cast:
    """A request with its people."""
    return make_cast(title="Newsletter topics", **fields)


def report(to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server says of a mail that it could not deliver (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{next(_ids)}@mx.example>
Return-Path: <>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user here

--b
Content-Type: message/rfc822

Subject: T-12 has a new comment

Hello.

--b--
""".encode()
