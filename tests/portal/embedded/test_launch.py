"""Programs end with their parent, take their children along, and never run as root."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.embedded import launch, places, programs
from tests.processes import MARK, eldest, gone, marked

# A program whose child lives on when it is killed, as Granian's workers do.
WITH_CHILD = (
    "import subprocess, sys; subprocess.Popen(['sleep', '1000']); print('up', flush=True); sys.stdin.read()"
)


def start(code: str, mark: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*programs.launcher(), sys.executable, "-c", code],
        env={**os.environ, MARK: mark},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def up(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"


@pytest.fixture
def mark() -> str:
    return secrets.token_hex(8)


def test_a_killed_programs_children_go_with_it(mark: str) -> None:
    with start(WITH_CHILD, mark) as process:
        up(process)
        inside = [pid for pid in marked(mark) if pid != process.pid]
        assert len(inside) == 2
        os.kill(eldest(inside), signal.SIGKILL)
        assert gone(mark)


def test_a_killed_launcher_takes_the_program_along(mark: str) -> None:
    with start("import sys; print('up', flush=True); sys.stdin.read()", mark) as process:
        up(process)
        process.kill()
        assert gone(mark)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_handed_on(mark: str, number: signal.Signals) -> None:
    code = "import signal, sys\ndef got(number, frame): print('got', number, flush=True); sys.exit()\n"
    code += f"signal.signal({number}, got)\nprint('up', flush=True)\nsignal.pause()"
    with start(code, mark) as process:
        up(process)
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.readline() == f"got {number}\n"
        assert gone(mark)


def test_a_program_of_a_folder_runs_as_its_owner_and_never_as_root(tmp_path: Path) -> None:
    places.make_private(tmp_path / "data")
    done = subprocess.run(
        [
            *programs.launcher(str(tmp_path / "data")),
            "/bin/sh",
            "-c",
            'id -u; id -G; umask; touch "$0/made"',
            tmp_path / "data",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    user, groups, mask = done.stdout.split("\n")[:3]
    assert int(user) == places.server_user()[0] != 0
    assert "0" not in groups.split()
    assert int(mask, 8) == 0o077
    assert (tmp_path / "data" / "made").stat().st_uid == int(user)


def test_a_program_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [*programs.launcher(str(tmp_path)), "/no/such/program"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert done.stderr.startswith("cannot run program as asked: ")


def test_the_weaker_capability_is_chosen_where_it_suffices(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.touch()
    monkeypatch.setattr(launch, "_may_keep", lambda capability: True)
    program.chmod(0o755)
    assert launch._choose_capability(str(program)) == launch.CAP_DAC_READ_SEARCH
    program.chmod(0o700)
    assert launch._choose_capability(str(program)) == launch.CAP_DAC_OVERRIDE


def test_root_without_any_such_capability_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launch, "_may_keep", lambda capability: False)
    with pytest.raises(launch.CannotStepDown, match="root has no CAP_DAC_OVERRIDE here"):
        launch._choose_capability(str(tmp_path))
