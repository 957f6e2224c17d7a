"""The demo as a whole: supervised, ready when it says so, and nothing left of it however it ends."""

import configparser
import os
import resource
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bench.server import free_port
from portal import bootstrap, run_demo
from portal.embedded import programs
from tests.processes import PATIENCE, Terminal, eldest, gone, marked, terminal, wait_until

# The demo's data has tests of its own; here an empty, migrated database suffices.
RUN = """
from portal import bootstrap, run_demo
run_demo.fill_database = lambda: None
run_demo.READY_WITHIN = 600
run_demo.main()
"""
KINDS = {"web": "granian", "worker": "celery", "beat": "manage.py beat"}


@contextmanager
def running_demo(folder: Path) -> Iterator[tuple[Terminal, int]]:
    port = free_port()
    with terminal(RUN, TANDEM_VAR=str(folder), PORT=str(port)) as started:
        started.read_until("Ready: .*")
        yield started, port


def pid_of(started: Terminal, words: str) -> list[int]:
    lines = {pid: programs.command_line(pid) for pid in marked(started.mark)}
    return sorted(pid for pid, line in lines.items() if words in line and "launch.py" not in line)


def test_ready_means_that_web_worker_and_beat_run_and_the_page_answers(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (started, port):
        line = next(line for line in started.output.splitlines() if line.startswith("Ready"))
        assert f"http://127.0.0.1:{port}" in line
        assert "tandem-demo" in line
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").status == 200
        assert {name: bool(pid_of(started, words)) for name, words in KINDS.items()} == dict.fromkeys(
            KINDS, True
        )
        started.press_ctrl_c()
        assert gone(started.mark)
        assert started.process.wait() == 0


def test_a_thousand_open_connections_leave_room_for_a_page(tmp_path: Path) -> None:
    """Each open page holds one; what the web server takes by default would be full, and no page answered."""
    with running_demo(tmp_path) as (started, port), ExitStack() as open_ones:
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        for _ in range(1_200):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        # Each goes to one of the processes, by chance.
        for _ in range(12):
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).status == 200
        started.press_ctrl_c()
        assert gone(started.mark)


def test_a_closed_terminal_leaves_no_process(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (started, _):
        started.close()
        assert gone(started.mark)


def test_kill_9_of_the_runner_leaves_no_process(tmp_path: Path) -> None:
    with running_demo(tmp_path) as (started, _):
        started.process.kill()
        assert gone(started.mark)


def test_a_process_killed_with_9_is_started_again_and_leaves_no_child_behind(tmp_path: Path) -> None:
    """Granian's workers would outlive it and keep the port."""
    with running_demo(tmp_path) as (started, port):
        for words in KINDS.values():
            before = pid_of(started, words)
            os.kill(eldest(before), signal.SIGKILL)
            assert wait_until(lambda: not set(pid_of(started, words)) & set(before))  # noqa: B023
            assert wait_until(lambda: bool(pid_of(started, words)))  # noqa: B023
        assert wait_until(lambda: run_demo.answers(f"http://127.0.0.1:{port}/healthz"))
        started.process.terminate()
        assert gone(started.mark)


def test_a_second_demo_of_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running_demo(tmp_path), terminal(RUN, TANDEM_VAR=str(tmp_path), PORT=str(free_port())) as second:
        second.read_until("already running")
        assert second.process.wait() == 1


def test_a_taken_port_is_one_line_and_exit_1(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with terminal(RUN, TANDEM_VAR=str(tmp_path), PORT=port) as refused:
            refused.read_until(f"Tandem: Port {port} is taken")
            assert refused.process.wait() == 1


def test_the_demo_never_uses_a_database_that_the_shell_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        os, "environ", {**os.environ, "DATABASE_URL": "postgresql://real/one", "LISTEN": "192.0.2.1"}
    )
    run_demo.set_environment(8123)
    assert "DATABASE_URL" not in os.environ
    assert os.environ["BASE_URL"] == "http://127.0.0.1:8123"
    assert os.environ["LISTEN"] == "127.0.0.1"


def test_the_supervisor_runs_each_process_of_the_procfile_tied_to_itself(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    read = configparser.RawConfigParser()
    read.read_string(run_demo.supervisor_configuration(folder))
    assert {f"program:{name}" for name in run_demo.processes()} == set(read.sections()) - {"supervisord"}
    for name, command in run_demo.processes().items():
        section = read[f"program:{name}"]
        assert f"exec {command.split()[0]}" in section["command"]
        assert "launch.py" in section["command"]
        assert section["stdout_logfile"] == str(folder / "log" / f"{name}.log").replace("%", "%%")


def test_the_procfile_names_exactly_what_the_operator_runs() -> None:
    assert list(run_demo.processes()) == ["web", "worker", "beat"]


def test_a_dead_portal_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run_demo, "VAR", tmp_path)
    monkeypatch.setattr(run_demo, "READY_WITHIN", 0.1)
    monkeypatch.setenv("BASE_URL", f"http://127.0.0.1:{free_port()}")
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "web.log").write_text("first\nImportError: no such thing\n")

    class Alive:
        def poll(self) -> None:
            return None

    with pytest.raises(bootstrap.SetUpError, match="ImportError: no such thing"):
        run_demo.wait_until_ready(Alive())  # type: ignore[arg-type]
