"""A Redis of a test's own, which it may freeze and stop."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.programs import redis_program, wait_until


class OwnRedis:
    """A Redis of the test's own, which it may freeze and stop."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        command = [str(redis_program()), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--dir", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert wait_until(self.socket.exists)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    with tempfile.TemporaryDirectory() as folder:
        server = OwnRedis(Path(folder))
        try:
            yield server
        finally:
            server.stop()
