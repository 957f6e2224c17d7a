"""The real web server, started as the Procfile starts it, on a port of its own."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.programs import launcher, wait_until

ROOT = Path(__file__).resolve().parent.parent
# However long a loaded machine takes; of that, for one answer of a cold process.
READY_WITHIN, ANSWER_WITHIN = 300.0, 20.0
STOP_WITHIN = 5.0
# Below those from which the kernel takes a port for each connection that anybody opens.
OWN_PORTS = range(15_000, 30_000)
_chance = random.SystemRandom()


def free_port() -> int:
    """A port that is free and that nobody gets by chance before the program listens for which it is."""
    while True:
        port = _chance.choice(OWN_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def command() -> str:
    """What the Procfile runs as ``web``."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("web:"))


@contextmanager
def serving(log: Path) -> Iterator[int]:
    """The web processes for a ``with`` block; gives their port."""
    port = free_port()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, "PORT": str(port), "LISTEN": "127.0.0.1", "PATH": path}
    with log.open("wb") as out:
        process = subprocess.Popen(
            # Tied to this process: a killed measurement leaves no server behind.
            [*launcher(), "/bin/sh", "-c", f"exec {command()}"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            wait_until(lambda: process.poll() is not None or _answers(port), READY_WITHIN)
            if process.poll() is not None or not _answers(port):
                raise RuntimeError(f"The web server does not answer; see {log}")
            yield port
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """In order where that works; a worker that is told to stop within a response may wait for ever."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/bare/", timeout=ANSWER_WITHIN) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
