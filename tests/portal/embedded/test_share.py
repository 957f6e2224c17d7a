"""Web, worker and beat, started alone, use the embedded servers as every other process does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.server import free_port
from portal.bootstrap import BASE_DIR
from portal.embedded import locks, places, programs
from tests.portal.embedded.test_servers import answers, leave, postmaster, user
from tests.portal.test_run_demo import KINDS
from tests.processes import PATIENCE, wait_until


def environment(folder: Path) -> dict[str, str]:
    """A shell's in a fresh checkout: no servers are named."""
    named = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MEDIA_ROOT", "DJANGO_SETTINGS_MODULE")
    ours = {name: value for name, value in os.environ.items() if name not in named}
    return {**ours, "TANDEM_VAR": str(folder), "PORT": str(free_port())}


def became(pid: int, words: str) -> bool:
    """Whether the shells and our own few lines before the program are over."""
    line = programs.command_line(pid)
    return words in line and "/bin/sh" not in line


@contextmanager
def started(name: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`./process NAME` in a session of its own, once it has become the program it is for."""
    process = subprocess.Popen(
        [BASE_DIR / "process", name],
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert wait_until(lambda: became(process.pid, KINDS[name]))
        yield process
    finally:
        process.kill()
        process.wait()


def stopped(folder: Path) -> bool:
    """Whether the servers are gone, soon after their last user."""
    return wait_until(lambda: locks.free(locks.holder(places.at(folder)), exclusive=True))


@pytest.mark.parametrize("name", KINDS)
def test_a_command_that_ends_leaves_the_servers_to_a_process_started_alone(name: str, tmp_path: Path) -> None:
    with user(tmp_path) as command:
        with started(name, tmp_path) as process:
            server = postmaster(tmp_path)
            leave(command)
            assert answers(tmp_path)
            assert postmaster(tmp_path) == server
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        assert stopped(tmp_path)
    assert not answers(tmp_path)


def test_a_process_started_alone_starts_the_servers_and_kill_9_of_it_stops_them(tmp_path: Path) -> None:
    with started("worker", tmp_path) as process:
        assert answers(tmp_path)
        process.kill()
        process.wait()
        assert stopped(tmp_path)


def test_it_becomes_the_program_with_its_words_and_its_exit_code(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getpid()); sys.exit(7)"
    command = [sys.executable, "-m", "portal.embedded.share", sys.executable, "-c", code]
    process = subprocess.Popen(
        command, cwd=BASE_DIR, env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    said, _ = process.communicate(timeout=PATIENCE)
    assert (said, process.returncode) == (f"{process.pid}\n", 7)
    assert stopped(tmp_path)


def test_servers_named_by_the_environment_are_not_joined(tmp_path: Path) -> None:
    """The tests' own are named there."""
    command = [sys.executable, "-m", "portal.embedded.share", "true"]
    subprocess.run(command, cwd=BASE_DIR, env={**os.environ, "TANDEM_VAR": str(tmp_path / "var")}, check=True)
    assert not (tmp_path / "var").exists()


def test_servers_that_cannot_be_had_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "portal.embedded.share", "true"]
    environ = environment(tmp_path / "file" / "var")
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Tandem cannot start: ")
    assert done.stderr.count("\n") == 1
