"""A web server of the test's own that answers as it is told and keeps what it was sent."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Said:
    """One answer: status, header fields, body, and how long it takes."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0


@dataclass
class Receiver:
    """Where it listens, what came, and what it says, the last one from then on."""

    port: int = 0
    says: list[Said] = field(default_factory=lambda: [Said()])
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret"

    @property
    def payloads(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]


@contextmanager
def receiver(*says: Said) -> Iterator[Receiver]:
    """A receiver for the time of the block."""
    kept = Receiver(says=list(says) or [Said()])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.paths.append(self.path)
            kept.headers.append(dict(self.headers.items()))
            kept.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            said = kept.says.pop(0) if len(kept.says) > 1 else kept.says[0]
            time.sleep(said.after)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(5)
        yield listening.getsockname()[1]
