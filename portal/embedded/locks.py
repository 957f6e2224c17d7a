"""Locks on files: the kernel gives them up however a process ends, so kill -9 leaves no wrong count."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from portal.embedded.places import Places


def users(places: Places) -> Path:
    """Held shared by each process that uses the servers, exclusively by the holder while it stops them."""
    return places.locks / "users"


def holder(places: Places) -> Path:
    """Held by the process that keeps the servers, as long as they may run."""
    return places.locks / "holder"


def starting(places: Places) -> Path:
    """Held by the user process that starts a holder."""
    return places.locks / "starting"


def take(path: Path, *, exclusive: bool) -> int:
    """Wait for the lock; the descriptor that holds it until it is closed."""
    return _lock(path, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)


def try_to_take(path: Path, *, exclusive: bool) -> int | None:
    """As `take`, but None where somebody else's lock is in the way."""
    try:
        return _lock(path, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def _lock(path: Path, kind: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def free(path: Path, *, exclusive: bool) -> bool:
    """Whether the lock could be had right now."""
    try:
        descriptor = try_to_take(path, exclusive=exclusive)
    except FileNotFoundError:
        return True
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock alone for a `with` block; waits for it."""
    descriptor = take(path, exclusive=True)
    try:
        yield
    finally:
        os.close(descriptor)
