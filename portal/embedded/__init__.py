"""Real PostgreSQL and Redis without installing any: for trying Tandem and for its tests, never in production.

`database_url` and `redis_url` only compute addresses. `join` makes the calling process a user of the servers
in a folder: it starts them or shares those that run; the last user that ends takes them along.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from portal.embedded import locks, programs
from portal.embedded.places import EmbeddedError, Places, at

__all__ = ["EmbeddedError", "Servers", "database_url", "join", "join_if_unconfigured", "redis_url"]

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LONGEST_STOP = 60.0


def database_url(folder: Path) -> str:
    """The address of the PostgreSQL that lives in `folder`; starts nothing."""
    return at(folder).database_url()


def redis_url(folder: Path) -> str:
    """The address of the Redis that lives in `folder`, as redis-py reads it; starts nothing."""
    return at(folder).redis_url()


class Servers:
    """This process's share in a folder's servers; ends with `leave()`, a `with` block or the process."""

    def __init__(self, places: Places, *, throwaway: bool) -> None:
        self.places = places
        self.throwaway = throwaway
        self.uses = 0
        self._share: int | None = None
        self._holder: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        return self.places.database_url()

    @property
    def redis_url(self) -> str:
        return self.places.redis_url()

    def __enter__(self) -> Servers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def enter(self) -> None:
        """Take a share and see to it that the servers run; raises EmbeddedError."""
        self.uses += 1
        if self._share is not None:
            return
        make_folders(self.places)
        self._share = locks.take(locks.users(self.places), exclusive=False)
        try:
            self.ensure_running()
        except BaseException:
            self.leave()
            raise

    def ensure_running(self) -> None:
        """Start a holder where there is none (also after somebody killed it); raises EmbeddedError."""
        with locks.held(locks.starting(self.places)):
            if locks.free(locks.holder(self.places), exclusive=True):
                self._start_holder()

    def hand_on(self) -> None:
        """Let the share outlive an `exec`: it then belongs to the program that this process becomes."""
        if self._share is not None:
            os.set_inheritable(self._share, True)

    def leave(self) -> None:
        """Give the share back; the last user waits until the servers are stopped."""
        self.uses -= 1
        if self.uses > 0 or self._share is None:
            return
        os.close(self._share)
        self._share = None
        _joined.pop(self.places.folder, None)
        programs.wait_until(self._done, LONGEST_STOP)
        if self._holder is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._holder.wait(timeout=0.5)

    def _done(self) -> bool:
        """Whether the servers are stopped, or somebody else still uses them."""
        if not self.places.locks.exists() or locks.free(locks.holder(self.places), exclusive=True):
            return True
        nobody_else = locks.free(locks.users(self.places), exclusive=True)
        return not nobody_else and locks.free(locks.users(self.places), exclusive=False)

    def _start_holder(self) -> None:
        command = [sys.executable, "-m", "portal.embedded.holder", str(self.places.folder)]
        with (self.places.log / "holder.log").open("ab") as log:
            self._holder = subprocess.Popen(  # noqa: S603
                command + (["--throwaway"] if self.throwaway else []),
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        with self._holder.stdout or contextlib.nullcontext() as answers:
            answer = answers.readline().decode(errors="replace").strip() if answers else ""
        if answer != "ready":
            log_words = programs.last_words(self.places.log / "holder.log")
            raise EmbeddedError(answer.removeprefix("error ") or f"The servers do not start: {log_words}")


def make_folders(places: Places) -> None:
    """The folders that the user processes themselves write to; raises EmbeddedError where they may not."""
    try:
        for path in (places.folder, places.log, places.locks):
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{error.filename} cannot be made: {error.strerror}.") from None


_joined: dict[Path, Servers] = {}


def join(folder: Path, *, throwaway: bool = False) -> Servers:
    """Use the servers in `folder`; starts them where they do not run. Calls in one process share one share.

    `throwaway` (counts for who starts them): faster, without protection against power cuts, and the whole
    folder is removed when the last user is gone. Raises EmbeddedError.
    """
    places = at(folder)
    servers = _joined.setdefault(places.folder, Servers(places, throwaway=throwaway))
    try:
        servers.enter()
    except OSError as error:
        raise EmbeddedError(f"{error.filename}: {error.strerror}.") from None
    return servers


def join_if_unconfigured() -> Servers | None:
    """Use the servers in var/ (`TANDEM_VAR` names another folder) unless the environment names others.

    Ends the program with one line where that is not possible.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return None
    try:
        return join(Path(os.environ.get("TANDEM_VAR") or BASE_DIR / "var"))
    except EmbeddedError as error:
        sys.exit(f"Tandem cannot start: {error}")


def _leave_all() -> None:
    for servers in list(_joined.values()):
        servers.uses = 1
        servers.leave()


atexit.register(_leave_all)
