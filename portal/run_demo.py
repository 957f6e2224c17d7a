"""Runs the whole portal with demo data: `python -m portal.run_demo`, after `portal/bootstrap.py`.

A supervisor keeps the Procfile's processes alive; this process holds the servers and waits for Ctrl-C.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal import bootstrap, embedded
from portal.bootstrap import BASE_DIR, VAR, SetUpError, say, step
from portal.embedded import programs

ACCOUNTS = "admin, marketing, marketing.lead, it, it.lead, bridge, outsider"
READY_WITHIN = 90.0
# The first page of a cold process on a busy machine takes seconds.
ANSWER_WITHIN = 20.0
# A bit more than the ten seconds that the supervisor gives each process.
STOP_WITHIN = 20.0

PROGRAM = """
[program:{name}]
command={command}
directory={directory}
autorestart=true
startsecs=2
startretries=1000000
stopwaitsecs=10
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
"""
SUPERVISOR = """[supervisord]
nodaemon=true
silent=true
logfile={folder}/log/supervisor.log
pidfile={folder}/supervisor.pid
childlogdir={folder}/log
"""


def processes() -> dict[str, str]:
    """Name and command of each process in the Procfile."""
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    return {
        name: command.strip() for name, _, command in (line.partition(":") for line in lines if line.strip())
    }


def _escaped(text: object) -> str:
    """The supervisor reads % as the start of a variable."""
    return str(text).replace("%", "%%")


def supervisor_configuration(folder: Path) -> str:
    """What the supervisor reads: each process of the Procfile, tied to the supervisor's own life."""
    text = SUPERVISOR.format(folder=_escaped(folder))
    for name, command in processes().items():
        tied = shlex.join([*programs.launcher(), "/bin/sh", "-c", f"exec {command}"])
        log = folder / "log" / f"{name}.log"
        text += PROGRAM.format(
            name=name, command=_escaped(tied), directory=_escaped(BASE_DIR), log=_escaped(log)
        )
    return text


def set_environment(port: int) -> None:
    """The demo's own: never the database that a shell's variables may name."""
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    path = os.environ.get("PATH", os.defpath)
    os.environ.update(
        TANDEM_DEMO="1",
        LISTEN="127.0.0.1",
        PORT=str(port),
        BASE_URL=f"http://127.0.0.1:{port}",
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{path}",
    )


def fill_database() -> None:
    """Migrations and demo data; both do nothing where there is nothing to do."""
    for name, command in {"database": ["migrate", "--verbosity=0"], "demo data": ["demo_data"]}.items():
        with step(name):
            bootstrap.run([sys.executable, "manage.py", *command], f"manage.py {command[0]} failed")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Refuse a second demo of the same folder."""
    with (folder / "locks" / "demo").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetUpError(f"A demo of {folder} is already running.") from None
        yield


@contextlib.contextmanager
def supervised(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the processes for a `with` block; afterwards none of them is left."""
    for name in processes():
        # What an earlier run said must not be taken for this one's words.
        (folder / "log" / f"{name}.log").unlink(missing_ok=True)
    configuration = folder / "supervisord.conf"
    configuration.write_text(supervisor_configuration(folder))
    command = [*programs.launcher(), sys.executable, "-W", "ignore", "-m", "supervisor.supervisord"]
    process = subprocess.Popen(  # noqa: S603
        [*command, "-c", str(configuration)],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        # Ctrl-C and a closed terminal reach this process alone, which ends the others in order.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_WITHIN) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """Wait for the first healthy answer; raises SetUpError with the web process's last words."""
    url = f"{os.environ['BASE_URL']}/healthz"
    programs.wait_until(lambda: process.poll() is not None or answers(url), READY_WITHIN)
    if process.poll() is not None or not answers(url):
        log = VAR / "log" / "web.log"
        said = log.read_text(errors="replace") if log.exists() else ""
        raise SetUpError(f"The portal does not answer: {bootstrap.telling(said)} ({log})")


def run(port: int) -> None:
    """Start everything, tell when it is ready, and keep it until a signal ends this process."""
    with step("PostgreSQL and Redis"):
        servers = embedded.join(VAR)
    with servers, only_one(VAR):
        fill_database()
        with supervised(VAR) as process:
            with step("web, worker, beat"):
                wait_until_ready(process)
            say(
                f"Ready: http://127.0.0.1:{port} · sign in with a button, or as {ACCOUNTS} @demo.example, "
                "password tandem-demo · Ctrl-C stops it"
            )
            while process.poll() is None:
                servers.ensure_running()
                time.sleep(1)
        raise SetUpError(f"The supervisor is gone ({VAR}/log/supervisor.log).")


def stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """End in order; further signals must not cut that short, and a closed terminal takes no more words."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        say("\nStopping …")
    raise SystemExit(0)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        port = bootstrap.port()
        set_environment(port)
        run(port)
    except (SetUpError, embedded.EmbeddedError) as error:
        sys.exit(f"Tandem: {error}")
    except OSError as error:
        sys.exit(f"Tandem: {bootstrap.told(error)}")


if __name__ == "__main__":
    main()
