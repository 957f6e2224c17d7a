"""Locks that the kernel gives up for a process however it ends."""

import os
import subprocess
import sys
from pathlib import Path

from portal.embedded import locks

OPEN_FILES = Path("/proc/self/fd")
HOLD = """
import sys
from pathlib import Path
from portal.embedded import locks
locks.take(Path(sys.argv[1]), exclusive=False)
print("held", flush=True)
sys.stdin.read()
"""


def test_many_can_share_and_one_can_have_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = locks.take(path, exclusive=False), locks.take(path, exclusive=False)
    assert locks.try_to_take(path, exclusive=True) is None
    os.close(first)
    assert not locks.free(path, exclusive=True)
    os.close(second)
    alone = locks.try_to_take(path, exclusive=True)
    assert alone is not None
    assert not locks.free(path, exclusive=False)
    os.close(alone)


def test_a_lock_that_nobody_ever_took_is_free(tmp_path: Path) -> None:
    assert locks.free(tmp_path / "no" / "such" / "lock", exclusive=True)


def test_asking_whether_it_is_free_keeps_nothing(tmp_path: Path) -> None:
    before = len(list(OPEN_FILES.iterdir()))
    for _ in range(20):
        assert locks.free(tmp_path / "lock", exclusive=True)
    assert len(list(OPEN_FILES.iterdir())) == before


def test_kill_9_gives_the_lock_up(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert not locks.free(path, exclusive=True)
        process.kill()
        process.wait()
        assert locks.free(path, exclusive=True)


def test_a_program_that_is_started_meanwhile_does_not_inherit_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    share = locks.take(path, exclusive=False)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False) as process:
        os.close(share)
        assert locks.free(path, exclusive=True)
        process.kill()


def test_a_held_block_gives_it_back_after_an_error_too(tmp_path: Path) -> None:
    try:
        with locks.held(tmp_path / "lock"):
            assert not locks.free(tmp_path / "lock", exclusive=False)
            raise ValueError
    except ValueError:
        pass
    assert locks.free(tmp_path / "lock", exclusive=True)
