"""One embedded Redis."""

from __future__ import annotations

import signal
import socket
import subprocess

from portal.embedded import programs
from portal.embedded.places import EmbeddedError, Places, make_private


class Redis:
    def __init__(self, places: Places, *, throwaway: bool) -> None:
        self.places = places
        self.save = [""] if throwaway else ["60", "1"]
        self.log = places.log / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start on the data there is; raises EmbeddedError."""
        make_private(self.places.redis)
        self._end_orphan()
        self.process = programs.start(self._command(), folder=self.places.redis, log=self.log)
        if not programs.wait_until(lambda: self.died() or self.answers()) or self.died():
            raise EmbeddedError(f"Redis does not start: {programs.last_words(self.log)}")

    def died(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        if self.process is not None:
            programs.end(self.process.pid, signal.SIGTERM, self.died)
        self.process = None

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.places.redis_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _command(self) -> list[str]:
        where = str(self.places.redis_socket)
        command = [
            str(programs.redis_program()),
            "--port",
            "0",
            "--unixsocket",
            where,
            "--unixsocketperm",
            "700",
        ]
        command += ["--dir", str(self.places.redis), "--pidfile", str(self.places.redis / "redis.pid")]
        return [*command, "--daemonize", "no", "--appendonly", "no", "--save", *self.save]

    def _pid(self) -> int | None:
        return programs.running_pid(self.places.redis / "redis.pid", str(self.places.redis_socket))

    def _end_orphan(self) -> None:
        pid = self._pid()
        if pid is not None:
            programs.end(pid, signal.SIGTERM, lambda: self._pid() is None)
