"""The set-up: what is fresh is skipped, and whatever is wrong is one clear line and exit 1."""

import ast
import errno
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal import bootstrap, embedded
from portal.bootstrap import BASE_DIR, SetUpError

SCRIPT = BASE_DIR / "portal" / "bootstrap.py"


def run_script(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder that the set-up works on."""
    for name, path in {
        "BASE_DIR": tmp_path,
        "VAR": tmp_path / "var",
        "VENV": tmp_path / ".venv",
        "STAMPS": tmp_path / "var" / "stamps",
        "LOG": tmp_path / "var" / "log" / "setup.log",
        "NODE_MODULES": tmp_path / "node_modules",
        "PYTHON": Path(sys.executable),
    }.items():
        monkeypatch.setattr(bootstrap, name, path)
    (tmp_path / "var" / "log").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def test_every_target_of_the_makefile_is_known_to_the_set_up() -> None:
    targets = re.search(r"\.PHONY: (.*)", (BASE_DIR / "Makefile").read_text())
    assert targets is not None
    assert set(targets[1].split()) == {*bootstrap.COMMANDS, "reset", "setup"}


def test_an_old_python_is_one_line_and_exit_1() -> None:
    code = f"import sys; sys.version_info = (3, 10, 14); exec(open({str(SCRIPT)!r}).read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Tandem needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


def test_an_old_python_can_read_the_file_as_far_as_that_line() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_a_taken_port_is_one_line_and_exit_1() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run_script("demo", PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Tandem: Port {port} is taken")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["http", "-1", "0", "65536", "80 80"])
def test_a_port_that_is_none_is_one_line(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SetUpError, match="is no port number"):
        bootstrap.port()


def test_a_python_without_ensurepip_is_told_what_to_install(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", clone / ".venv" / "bin" / "python")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SetUpError, match="apt install python3-venv"):
        bootstrap.virtual_environment()


def test_no_network_is_one_line_and_pips_own_words_are_in_the_log(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    (clone / "requirements" / "run.txt").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetUpError, match="no network to the package registry"):
        bootstrap.packages("run")
    assert "no-such-package" in bootstrap.LOG.read_text()
    assert "no-such-package" not in capsys.readouterr().out
    assert not (clone / ".venv" / ".tandem-run").exists()


def test_packages_are_installed_again_only_when_the_lock_file_changes(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run", lambda command, failure: ran.append(command))
    lock = clone / "requirements" / "embedded.txt"
    for text in ("a==1", "a==1", "a==2"):
        lock.write_text(text)
        bootstrap.packages("embedded")
    assert len(ran) == 2
    assert all("--require-hashes" in command for command in ran)


def test_the_packages_for_development_contain_those_of_the_demo(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run", lambda command, failure: ran.append(command))
    for name in ("dev", "embedded"):
        (clone / "requirements" / f"{name}.txt").write_text(name)
    bootstrap.packages("dev")
    bootstrap.packages("embedded")
    assert len(ran) == 1


def test_the_demo_installs_nothing_that_only_tests_need(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran, modules = [], clone / "node_modules"

    def install(command: list[str], failure: str) -> None:
        """As npm does, it throws away what was there."""
        shutil.rmtree(modules, ignore_errors=True)
        modules.mkdir()
        ran.append("--omit=dev" not in command)

    monkeypatch.setattr(bootstrap, "npm", lambda: (["npm"], {}))
    monkeypatch.setattr(bootstrap, "run", install)
    for with_checks in (False, False, True, False, True):
        bootstrap.front_end_packages(with_checks=with_checks)
    assert ran == [False, True]


def test_the_lock_for_development_really_contains_that_of_the_demo() -> None:
    def pinned(name: str) -> set[str]:
        text = (BASE_DIR / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(r"^([a-z0-9-]+==\S+)", text, re.MULTILINE))

    assert pinned("run") < pinned("embedded") < pinned("dev")


@pytest.mark.parametrize(
    "name", ["requirements/run.txt", "requirements/embedded.txt", "requirements/dev.txt"]
)
def test_no_lock_file_holds_an_address(name: str) -> None:
    assert "://" not in (BASE_DIR / name).read_text()


def test_the_front_ends_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (BASE_DIR / "package-lock.json").read_text()


def test_without_npm_on_the_path_the_one_of_the_virtual_environment_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr("portal.bootstrap.shutil.which", lambda name: None)
    command, environment = bootstrap.npm()
    done = subprocess.run(
        [*command, "--version"], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert re.match(r"\d+\.\d+", done.stdout), done.stderr


def test_a_fingerprint_follows_names_and_contents(clone: Path) -> None:
    (clone / "locale").mkdir()
    seen = [bootstrap.digest("locale/**/*.po")]
    (clone / "locale" / "a.po").write_text("one")
    seen.append(bootstrap.digest("locale/**/*.po"))
    (clone / "locale" / "a.po").write_text("two")
    seen.append(bootstrap.digest("locale/**/*.po"))
    (clone / "locale" / "a.po").rename(clone / "locale" / "b.po")
    seen.append(bootstrap.digest("locale/**/*.po"))
    assert len(set(seen)) == 4
    (clone / "locale" / "b.mo").write_text("made from it")
    assert bootstrap.digest("locale/**/*.po") == seen[-1]


def test_files_are_built_again_only_when_their_sources_change_and_not_after_a_failure(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    fails = [True]

    def run(command: list[str], failure: str, **environment: str) -> None:
        ran.append(command[-1])
        if fails.pop() if fails else False:
            raise SetUpError(failure)

    monkeypatch.setattr(bootstrap, "run", run)
    (clone / "source").write_text("1")
    with pytest.raises(SetUpError):
        bootstrap.manage("some files", "build", sources=["source"])
    bootstrap.manage("some files", "build", sources=["source"])
    bootstrap.manage("some files", "build", sources=["source"])
    assert ran == ["build", "build"]


def test_every_source_that_is_watched_for_changes_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: dict[str, list[str]] = {}
    monkeypatch.setattr(bootstrap, "manage", lambda name, *command, sources: watched.update({name: sources}))
    bootstrap.built_files()
    for name, sources in watched.items():
        missing = [pattern for pattern in sources if not list(BASE_DIR.glob(pattern))]
        assert not missing, name


@pytest.mark.parametrize("source", ["portal/styles/parts.css", "static/js/app.js"])
def test_a_change_of_the_looks_is_built(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[str] = []
    monkeypatch.setattr(bootstrap, "manage", lambda name, *command, sources: watched.extend(sources))
    bootstrap.built_files()
    assert any(Path(source) in [path.relative_to(BASE_DIR) for path in BASE_DIR.glob(one)] for one in watched)


def test_a_failed_program_is_told_with_the_line_that_says_why(clone: Path) -> None:
    code = "import sys; print('noise'); raise ValueError('the reason')"
    with pytest.raises(SetUpError, match=r"It failed: ValueError: the reason \(.*setup.log\)"):
        bootstrap.run([sys.executable, "-c", code], "It failed")


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("npm error code ENOTFOUND\nnpm error network request failed", "no network to the package registry"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOSPC\nnpm error nospc", "the disk is full"),
        ("Collecting x\nERROR: Hash mismatch\n\nsee above", "ERROR: Hash mismatch"),
        ("Unknown command: 'x'\nType help", "Unknown command: 'x'"),
        ("Traceback (most recent call last):\n  File a\nE: why\n\nhints", "E: why"),
        ("", "it said nothing"),
    ],
)
def test_what_a_log_tells(output: str, told: str) -> None:
    assert bootstrap.telling(output) == told


def test_a_full_disk_is_told_as_one() -> None:
    assert bootstrap.told(OSError(errno.ENOSPC, "No space left on device")) == "The disk is full."
    assert bootstrap.told(OSError(errno.EACCES, "Permission denied", "x")) == "x: Permission denied"


def test_a_step_is_one_line_with_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with bootstrap.step("something"):
        pass
    assert re.fullmatch(r"  something +0\.\d s\n", capsys.readouterr().out)


def test_a_failed_step_says_so_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetUpError), bootstrap.step("something"):
        raise SetUpError("why")
    assert re.fullmatch(r"  something +failed\n", capsys.readouterr().out)


def test_reset_forgets_the_data_and_keeps_the_set_up(clone: Path) -> None:
    for name in ("postgresql", "redis", "media", "log", "stamps"):
        (clone / "var" / name).mkdir(exist_ok=True)
    bootstrap.reset()
    assert {path.name for path in (clone / "var").iterdir()} == {"log", "stamps"}


def test_reset_is_refused_while_the_servers_are_used(clone: Path) -> None:
    with embedded.join(clone / "var"), pytest.raises(SetUpError, match="is running"):
        bootstrap.reset()
    assert (clone / "var" / "postgresql").exists()


def test_browser_tests_without_a_browser_end_with_one_line() -> None:
    done = run_script("e2e", CHROMIUM="/no/such/chromium")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "Tandem: No Chromium: install the package chromium, or CHROMIUM= names another path.\n"
    )


def test_the_front_end_is_built_again_after_a_change_of_any_part_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, list[str]] = {}
    monkeypatch.setattr(bootstrap, "manage", lambda name, *command, sources: asked.update({name: sources}))
    bootstrap.built_files()
    for name, files in asked.items():
        for pattern in files:
            assert list(BASE_DIR.glob(pattern)), f"{name}: {pattern} names no file"
    styles = set((BASE_DIR / "portal" / "styles").glob("*.css"))
    for name in ("front end", "static files"):
        assert styles <= {file for pattern in asked[name] for file in BASE_DIR.glob(pattern)}
