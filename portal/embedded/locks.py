"""Locks on files: the kernel gives them up for a process however it ends, so that kill -9 leaves no wrong count."""

from __future__ import annotations

import fcntl
import os
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


def take(path: Path, *, exclusive: bool, wait: bool = True) -> int | None:
    """Lock the file; the descriptor that holds the lock until it is closed, or None where it is taken and `wait` is false."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def free(path: Path, *, exclusive: bool) -> bool:
    """Whether the lock could be had right now."""
    try:
        descriptor = take(path, exclusive=exclusive, wait=False)
    except FileNotFoundError:
        return True
    if descriptor is None:
        return False
    os.close(descriptor)
    return True
