"""The process that keeps the servers while anybody uses them: `python -m portal.embedded.holder FOLDER`.

Every user process holds a shared lock on one file; the kernel gives it up for a process however that ends.
The holder waits until it gets the lock alone: then nobody is left, and it stops the servers. It lives in a
session of its own, so neither Ctrl-C nor a closed terminal reaches the servers before their users. A server
that dies meanwhile is started again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.embedded import locks
from portal.embedded.places import EmbeddedError, Places, at, make_private
from portal.embedded.postgresql import PostgreSQL
from portal.embedded.redis import Redis

LOOK_EVERY = 0.1


def _tell(word: str) -> None:
    """Answer the process that started us, unless it is gone already; then let go of the line to it."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{word}\n".encode())
    os.dup2(2, 1)


def _revive(servers: list[PostgreSQL | Redis]) -> None:
    for server in servers:
        if server.died():
            print(f"{type(server).__name__} is gone, starting it again", file=sys.stderr, flush=True)
            try:
                server.start()
            except EmbeddedError as error:
                print(error, file=sys.stderr, flush=True)
                time.sleep(1)


def _hold(places: Places, servers: list[PostgreSQL | Redis]) -> int:
    """Start and wait until nobody is left; gives the lock that keeps newcomers waiting until the end."""
    make_private(places.sockets)
    for server in servers:
        server.start()
    _tell("ready")
    while (alone := locks.try_to_take(locks.users(places), exclusive=True)) is None:
        _revive(servers)
        time.sleep(LOOK_EVERY)
    return alone


def _clear(places: Places, throwaway: bool) -> None:
    shutil.rmtree(places.sockets, ignore_errors=True)
    if throwaway:
        shutil.rmtree(places.folder, ignore_errors=True)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def hold(folder: Path, *, throwaway: bool) -> int:
    """Keep the servers of `folder` until their last user is gone; the process's exit code."""
    places = at(folder)
    mine = locks.try_to_take(locks.holder(places), exclusive=True)
    if mine is None:
        _tell("error Another process keeps these servers.")
        return 1
    os.truncate(mine, 0)
    os.write(mine, f"{os.getpid()}\n".encode())
    servers: list[PostgreSQL | Redis] = [
        PostgreSQL(places, throwaway=throwaway),
        Redis(places, throwaway=throwaway),
    ]
    try:
        _hold(places, servers)
    except (EmbeddedError, OSError) as error:
        _tell(f"error {error}")
        return 1
    finally:
        for server in reversed(servers):
            server.stop()
        _clear(places, throwaway)
        os.close(mine)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    return hold(options.folder, throwaway=options.throwaway)


if __name__ == "__main__":
    sys.exit(main())
