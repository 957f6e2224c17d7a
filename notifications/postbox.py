"""Handing mail to the mail server: one connection, a hard time limit, and what a refusal means."""

import contextlib
import re
import signal
import smtplib
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

# Well below leases.LEASE: whoever still sends, still holds the lease. With the goodbye below it is half a
# minute for a mail, whatever the server does.
HARD_TIMEOUT = 28.0
GOODBYE_TIMEOUT = 2.0


class SendingTimedOut(Exception):
    """The mail server did not take the mail within the hard time limit."""


class Refused(Exception):
    """The mail server will never take this mail; trying again is useless.

    ``is_of_address``: it knows nobody by this address, so no other mail gets there either.
    """

    def __init__(self, words: str, *, is_of_address: bool = False) -> None:
        super().__init__(words)
        self.is_of_address = is_of_address


@contextlib.contextmanager
def hard_timeout(seconds: float) -> Iterator[None]:
    """Raise SendingTimedOut inside the block after ``seconds``, whatever it is waiting for.

    :raises RuntimeError: outside a main thread, where nothing could interrupt the block.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("mail is sent by main threads only: run workers with the prefork pool")

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise SendingTimedOut(f"no answer from the mail server within {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Postbox:
    """A connection to the mail server that is opened when first needed and again after a failure."""

    def __init__(self, timeout: float = HARD_TIMEOUT) -> None:
        self.timeout = timeout
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: EmailMessage) -> None:
        """Hand ``mail`` over.

        :raises Refused: for a permanent refusal, and where there is nobody to send it to.
        :raises Exception: whatever else went wrong; the mail may be tried again.
        """
        if not mail.recipients():
            # The backend would count it as sent.
            raise Refused("there is no address to send it to")
        try:
            with hard_timeout(self.timeout):
                self._open().send_messages([mail])
        except Exception as error:
            self._close()
            if is_permanent(error):
                raise Refused(str(error), is_of_address=names_nobody(error)) from error
            raise

    def _open(self) -> BaseEmailBackend:
        if self._connection is None:
            connection = get_connection(fail_silently=False)
            connection.open()
            self._connection = connection
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        # The mail is already handed over or already failed; a connection that will not close changes neither.
        with (
            contextlib.suppress(OSError, smtplib.SMTPException, SendingTimedOut),
            hard_timeout(GOODBYE_TIMEOUT),
        ):
            if connection is not None:
                connection.close()


def is_permanent(error: Exception) -> bool:
    """Whether the server refused recipient or mail for good (5xx); a refused sender is our own fault."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def names_nobody(error: Exception) -> bool:
    """Whether the server says that there is no such mailbox (RFC 3463: 5.1.…), not that it minds the mail."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    answers = error.recipients.values()
    return all(code in (550, 551, 553) and _is_of_address(text) for code, text in answers)


def _is_of_address(text: bytes) -> bool:
    status = re.match(rb"\s*5\.(\d{1,3})\.\d{1,3}\b", text)
    return status is None or status[1] == b"1"
