"""A mail server on this machine, in a process of its own: it takes every mail and keeps none."""

import asyncio
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.embedded.programs import launcher

HOST = "127.0.0.1"


class Taking:
    async def handle_DATA(self, _server: SMTP, _session: Session, _mail: Envelope) -> str:  # noqa: N802
        return "250 taken"


@contextmanager
def taking() -> Iterator[int]:
    """A running sink for a ``with`` block; gives its port."""
    process = subprocess.Popen(
        [*launcher(), sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            port = int(process.stdout.readline()) if process.stdout else 0
            with smtplib.SMTP(HOST, port) as greeting:
                greeting.noop()
            yield port
        finally:
            process.terminate()


async def serve() -> None:
    taking = Taking()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(taking), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
