"""A mail server of its own process: takes every mail after a delay and writes down what it took.

``python -m tests.notifications.mail_sink FOLDER DELAY`` writes its port to ``port``, a line per mail that
begins to come in to ``begun`` and one per mail taken to ``taken``: Message-ID and recipient; ``begun`` also
says by which name the sender greeted. The mail whose number stands in ``held``, and those after it, are not
answered until another number or none stands there. It speaks no more SMTP than it needs and reads no more of
a mail, so that what is measured is the portal.
"""

import asyncio
import re
import sys
from pathlib import Path

MARK = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
LOOK_EVERY = 0.02


class Books:
    def __init__(self, folder: Path, delay: float) -> None:
        self.delay = delay
        self.number = 0
        self.held = folder / "held"
        self.begun = (folder / "begun").open("a", buffering=1)
        self.taken = (folder / "taken").open("a", buffering=1)

    def holds(self, number: int) -> bool:
        """Whether mail ``number`` waits for its answer."""
        try:
            return number >= int(self.held.read_text())
        except FileNotFoundError:
            return False


class Conversation(asyncio.Protocol):
    """One connection: a line at a time, or all of a mail."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.came = bytearray()
        self.in_mail = False
        self.recipient = ""
        self.greeted = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.say("220 sink")

    def say(self, words: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(f"{words}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.came += data
        while True:
            end = self.came.find(END if self.in_mail else b"\r\n")
            if end < 0:
                return
            heard = bytes(self.came[:end])
            del self.came[: end + len(END if self.in_mail else b"\r\n")]
            if self.in_mail:
                self.in_mail = False
                self.take(heard)
            else:
                self.answer(heard.decode("ascii", "replace"))

    def answer(self, line: str) -> None:
        word = line[:4].upper()
        if word == "EHLO":
            self.greeted = line[4:].strip()
        if word == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
        self.in_mail = word == "DATA"
        words = {"EHLO": "250 8BITMIME", "DATA": "354 go on", "QUIT": "221 bye"}
        self.say(words.get(word, "250 OK"))
        if word == "QUIT":
            self.transport.close()

    def take(self, mail: bytes) -> None:
        mark = MARK.search(mail)
        line = f"{mark[1].decode() if mark else ''} {self.recipient}"
        self.books.number += 1
        self.books.begun.write(f"{line} {self.greeted}\n")
        asyncio.get_running_loop().call_later(self.books.delay, self.taken, self.books.number, line)

    def taken(self, number: int, line: str) -> None:
        """Say yes once it is written down, also where nobody is left to hear it."""
        if self.books.holds(number):
            asyncio.get_running_loop().call_later(LOOK_EVERY, self.taken, number, line)
            return
        self.books.taken.write(f"{line}\n")
        self.say("250 taken")


async def serve(folder: Path, delay: float) -> None:
    books = Books(folder, delay)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(books), "127.0.0.1", 0)
    port = folder / "port.new"
    port.write_text(str(server.sockets[0].getsockname()[1]))
    port.rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
