"""Fetching mail from the mailbox by IMAP: what is unread is looked at once and marked as read.

A mail that could not be handled stays unread for the next time and holds up no other. The mailbox belongs to
the portal alone.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection

from activity.locks import Lock
from notifications.incoming.parsing import LARGEST_MAIL
from notifications.incoming.taking import take

logger = logging.getLogger(__name__)

SECONDS = 20
MOST_AT_ONCE = 50
# So many that could not be handled are passed over for those behind them.
MOST_FAILED = 500
MOST_HEADER = 256 * 1024
PORTS = {"imap": 143, "imaps": 993, "imap+tls": 143}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mail server could not be reached, or does not let us in."""


@dataclass
class Fetched:
    """What one visit to the mailbox brought."""

    taken: int = 0
    failed: int = 0


def is_configured() -> bool:
    """Whether there is a mailbox to look into."""
    return bool(settings.INCOMING_MAIL_URL and settings.INCOMING_MAIL_ADDRESS)


def fetch() -> Fetched | None:
    """Take up to MOST_AT_ONCE unread mails; None where another worker is at it.

    :raises MailboxError: where the mail server does not do its part.
    """
    if not _alone():
        return None
    try:
        with _opened() as mailbox:
            return _take_all(mailbox)
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        raise MailboxError(str(error) or type(error).__name__) from error
    finally:
        _let_others()


def _alone() -> bool:
    """Two workers never read the mailbox at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.MAILBOX])
        return bool(cursor.fetchone()[0])


def _let_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.MAILBOX])


@contextmanager
def _opened() -> Iterator[imaplib.IMAP4]:
    url = urlsplit(settings.INCOMING_MAIL_URL)
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    # Without it imaplib would show the password to whoever answers, whatever certificate they have.
    proven = ssl.create_default_context()
    if url.scheme == "imaps":
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=proven, timeout=SECONDS)
    else:
        mailbox = imaplib.IMAP4(host, port, timeout=SECONDS)
    try:
        if url.scheme == "imap+tls":
            mailbox.starttls(proven)
        mailbox.login(unquote(url.username or ""), unquote(url.password or ""))
        _ask(mailbox.select(_quoted(unquote(url.path.strip("/")) or "INBOX")))
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            mailbox.logout()


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ask(answer: tuple[str, list[Any]]) -> list[Any]:
    """:raises IMAP4.error: where the answer is a no."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"{kind} {data!r}"[:300])
    return data


def _take_all(mailbox: imaplib.IMAP4) -> Fetched:
    fetched = Fetched()
    (found,) = _ask(mailbox.uid("SEARCH", "UNSEEN")) or [b""]
    for uid in (found or b"").split():
        if fetched.taken == MOST_AT_ONCE or fetched.failed == MOST_FAILED:
            break
        try:
            _take_one(mailbox, uid.decode())
            fetched.taken += 1
        except (imaplib.IMAP4.error, OSError, EOFError):
            raise
        except Exception:
            logger.exception("The mail with the UID %s could not be handled; it stays unread.", uid)
            fetched.failed += 1
    return fetched


def _take_one(mailbox: imaplib.IMAP4, uid: str) -> None:
    (told,) = _ask(mailbox.uid("FETCH", uid, "(RFC822.SIZE)"))
    match = _SIZE.search(told if isinstance(told, bytes) else b"")
    size = int(match[1]) if match else 0
    what = "(BODY.PEEK[])" if size <= LARGEST_MAIL else f"(BODY.PEEK[HEADER]<0.{MOST_HEADER}>)"
    raw = _literal(_ask(mailbox.uid("FETCH", uid, what)))
    take(raw, size=size)
    # Only now: who is killed before looks at it again, and knows it by its Message-ID.
    _ask(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))


def _literal(data: list[Any]) -> bytes:
    """:raises IMAP4.error: where the mail server sent no mail."""
    for item in data:
        if isinstance(item, tuple) and isinstance(item[1], bytes):
            return item[1]
    raise imaplib.IMAP4.error("the mail is not there any more")
