"""A mail server of its own process: takes every mail after a delay and writes down what it took.

``python -m tests.notifications.mail_sink FOLDER DELAY`` writes its port to ``port``, a line per mail that
begins to come in to ``begun`` and one per mail taken to ``taken``: Message-ID and recipient.
"""

import asyncio
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    def __init__(self, folder: Path, delay: float) -> None:
        self.delay = delay
        self.begun = (folder / "begun").open("a", buffering=1)
        self.taken = (folder / "taken").open("a", buffering=1)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content or b"")  # type: ignore[arg-type]
        line = f"{message['Message-ID']} {envelope.rcpt_tos[0]}\n"
        self.begun.write(line)
        await asyncio.sleep(self.delay)
        self.taken.write(line)
        return "250 taken"


async def serve(folder: Path, delay: float) -> None:
    sink = Sink(folder, delay)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    port = folder / "port.new"
    port.write_text(str(server.sockets[0].getsockname()[1]))
    port.rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
