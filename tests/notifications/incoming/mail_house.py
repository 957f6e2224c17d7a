"""A mail server of a test's own, with SMTP and IMAP: mail-devel, which is aiosmtpd and pymap."""

import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.server import free_port
from tests.notifications.incoming.mails import MAILBOX
from tests.processes import PATIENCE, wait_until

PASSWORD = "of-the-test"


@dataclass(frozen=True)
class MailHouse:
    """Where it listens."""

    smtp: int
    imap: int

    @property
    def imap_url(self) -> str:
        return f"imap://{MAILBOX.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.imap}/INBOX"

    def bring(self, *mails: bytes) -> None:
        """Hand mails in as other mail servers do."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=PATIENCE) as server:
            for mail in mails:
                lines = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                server.sendmail("somebody@mail.example", [MAILBOX], lines)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def mail_house() -> Iterator[MailHouse]:
    """The server, for the time of the block."""
    house = MailHouse(free_port(), free_port())
    program = Path(sys.executable).with_name("mail_devel")
    command = [str(program), "--host", "127.0.0.1", "--no-http", "--user", MAILBOX, "--password", PASSWORD]
    ports = ["--smtp-port", str(house.smtp), "--imap-port", str(house.imap)]
    process = subprocess.Popen([*command, *ports], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _listens(house.smtp) and _listens(house.imap))
        yield house
    finally:
        process.kill()
        process.wait()
