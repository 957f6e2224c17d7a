"""The mail server of the demo and of development: keeps mails in the database, shown at /demo/mail/."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from activity import clock
from notifications.models import DemoMail

# A sandbox without scripts, forms and foreign content: what a mail program would show, and no more.
BODY_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:"
)


def is_shown() -> bool:
    """Whether this installation shows kept mails at all."""
    return bool(settings.DEMO or settings.DEBUG)


class Backend(BaseEmailBackend):
    """Keeps each mail once for each of its recipients."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        kept = [_kept(mail, to) for mail in email_messages for to in mail.recipients()]
        DemoMail.objects.bulk_create(kept)
        return len(email_messages)


def _kept(mail: EmailMessage, recipient: str) -> DemoMail:
    parsed: Any = mail.message()
    html = [part.content for part in getattr(mail, "alternatives", []) if part.mimetype == "text/html"]
    return DemoMail(
        recipient=recipient,
        subject=str(mail.subject),
        headers={name: str(value) for name, value in parsed.items()},
        text=str(mail.body),
        html=str(html[0]) if html else "",
        sent_at=clock.now(),
    )
