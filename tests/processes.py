"""Starting programs as a person at a terminal does, waiting for them, and finding all they leave behind."""

import os
import pty
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import programs

BASE_DIR = Path(__file__).resolve().parent.parent
MARK = "TANDEM_TEST_MARK"
# Far more than a loaded machine needs, in seconds: a limit only ends what hangs.
PATIENCE = 600.0


def wait_until(true: Callable[[], bool]) -> bool:
    """Whether `true()` comes at all."""
    return programs.wait_until(true, PATIENCE)


def marked(mark: str) -> list[int]:
    """All living processes that were started with this mark in their environment, however they detached."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def eldest(pids: list[int]) -> int:
    """Of processes that started each other, the one that none of them started."""
    # In a process's own line the fourth word, behind its name in brackets, is its parent.
    parents = {pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in pids}
    return next(pid for pid, parent in parents.items() if parent not in parents)


def gone(mark: str) -> bool:
    """Whether all processes with the mark end."""
    return wait_until(lambda: not marked(mark))


def kill_all(mark: str) -> None:
    """Kill all processes with the mark as at one moment: none sees another end and reacts to it."""
    living = marked(mark)
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in living:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


class Terminal:
    """A program on a terminal of its own, as its foreground job."""

    def __init__(self, code: str, environment: dict[str, str]) -> None:
        self.mark = secrets.token_hex(8)
        self.output = ""
        self._screen, keyboard = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            cwd=BASE_DIR,
            env={**os.environ, **environment, MARK: self.mark},
            preexec_fn=take_terminal,
        )
        os.close(keyboard)

    def read_until(self, pattern: str) -> str:
        """Read the screen until the pattern shows; fails where the program ends before."""
        while not re.search(pattern, self.output):
            try:
                more = os.read(self._screen, 4096)
            except OSError:
                more = b""
            assert more, f"{pattern!r} never came:\n{self.output}"
            self.output += more.decode(errors="replace")
        return self.output

    def press_ctrl_c(self) -> None:
        os.write(self._screen, b"\x03")

    def press_enter(self) -> None:
        os.write(self._screen, b"\n")

    def close(self) -> None:
        """What a closed window does: the kernel hangs the terminal up."""
        if self._screen >= 0:
            os.close(self._screen)
            self._screen = -1


def take_terminal() -> None:
    """Make standard input the controlling terminal of a new session."""
    # A shell starts what it sends to the background deaf to Ctrl-C, and children inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def terminal(code: str, **environment: str) -> Iterator[Terminal]:
    """Run Python code on a terminal for a `with` block; nothing of it outlives the block."""
    started = Terminal(code, environment)
    try:
        yield started
    finally:
        started.close()
        kill_all(started.mark)
        started.process.wait()
