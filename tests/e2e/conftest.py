"""The browser tests run against a demo of their own: Granian, worker, beat and demo data, on own servers."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize

from bench.server import free_port
from portal.embedded import programs
from tests import servers
from tests.e2e.visitor import Visitor
from tests.processes import PATIENCE

# However long a loaded machine takes to start it.
DEMO = "from portal import run_demo; run_demo.READY_WITHIN = 600; run_demo.main()"
WIDE: ViewportSize = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def demo_folder() -> Path:
    """Where this worker's demo keeps its data: each has its own, so that none is in another's way."""
    return servers.folder() / f"demo-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def new_demo_folder() -> Path:
    """A var/ of its own that shares the built files with the clone's."""
    folder = demo_folder()
    folder.mkdir(parents=True)
    for built in ("frontend", "static"):
        (folder / built).symlink_to(servers.VAR / built)
    return folder


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the running demo: a new one, or with ``--base-url`` one that runs already."""
    if running := pytestconfig.getoption("base_url"):
        yield running
        return
    environment = {**os.environ, "TANDEM_VAR": str(new_demo_folder()), "PORT": str(free_port())}
    for name in ("SECRET_KEY", "MEDIA_ROOT"):
        environment.pop(name)
    process = subprocess.Popen(
        # Tied to this process, so that a killed test run leaves no demo behind.
        [*programs.launcher(), sys.executable, "-c", DEMO],
        env=environment,
        cwd=servers.VAR.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if ready := re.match(r"Ready: (http\S+)", line):
            yield ready[1]
            break
    else:
        pytest.fail("".join(said))
    process.terminate()
    process.wait(PATIENCE)


class Later(Protocol):
    """Opens the same portal ``days`` later, where it has asked how request ``number`` went; its address."""

    def __call__(self, days: int, number: int) -> str: ...


@pytest.fixture
def later(base_url: str, pytestconfig: pytest.Config) -> Iterator[Later]:
    """Portals on the demo's data whose clock is ahead; all end with the test."""
    running: list[subprocess.Popen[str]] = []
    var = servers.VAR if pytestconfig.getoption("base_url") else demo_folder()

    def start(days: int, number: int) -> str:
        environment = {**os.environ, "TANDEM_VAR": str(var), "PORT": str(free_port())}
        command = [*programs.launcher(), sys.executable, "-m", "tests.e2e.later", str(days), str(number)]
        process = subprocess.Popen(
            command, env=environment, cwd=servers.VAR.parent, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        ready = re.match(r"Ready: (http\S+)", process.stdout.readline() if process.stdout else "")
        assert ready, "the later portal does not start"
        return ready[1]

    yield start
    for process in running:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, which opens no connection but ours."""
    named = os.environ.get("CHROMIUM") or "chromium"
    path = shutil.which(named) or shutil.which("chromium-browser")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    ours = {"locale": "de-DE", "timezone_id": "Europe/Berlin", "service_workers": "block"}
    return {**browser_context_args, **ours}


class Visit(Protocol):
    """Opens a browser as one of the demo's people; without a name as a stranger.

    ``alone``: in a session of its own, for a test that ends it.
    """

    def __call__(self, account: str = "", *, alone: bool = False, **options: Any) -> Visitor: ...


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Cookies of those who signed in before, so that each does it once."""
    return {}


@pytest.fixture
def visit(
    browser: Browser,
    base_url: str,
    sessions: dict[str, StorageState],
    browser_context_args: dict[str, Any],
) -> Iterator[Visit]:
    """Browsers of several people at once; all are closed when the test ends."""
    opened: list[BrowserContext] = []

    def arrive(account: str = "", *, alone: bool = False, **options: Any) -> Visitor:
        options = {"viewport": WIDE, **browser_context_args, "base_url": base_url, **options}
        context = browser.new_context(storage_state=None if alone else sessions.get(account), **options)
        opened.append(context)
        visitor = Visitor(context.new_page())
        if account and (alone or account not in sessions):
            visitor.sign_in(account)
            if not alone:
                sessions[account] = context.storage_state()
        return visitor

    yield arrive
    for context in opened:
        context.close()
