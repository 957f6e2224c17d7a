"""The PostgreSQL and Redis of one pytest invocation, shared by its xdist workers and by nobody else.

`tests/settings.py` joins them, because pytest-django reads the settings before any conftest is imported.
"""

import os
import secrets
import shutil
from pathlib import Path

from portal import embedded
from portal.embedded import locks, places

VAR = Path(__file__).resolve().parent.parent / "var"
FOLDER = "TANDEM_TEST_SERVERS"
# What a developer's shell may hold and no test may depend on.
FOREIGN = [
    "TANDEM_DEMO",
    "TANDEM_VAR",
    "DEBUG",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "TIME_ZONE",
    "LANGUAGE_CODE",
]
FOREIGN += ["DEFAULT_FROM_EMAIL", "OUTGOING_ALLOWED_HOSTS", "METRICS_TOKEN", "SENTRY_DSN", "LOG_LEVEL"]


def folder() -> Path:
    """This invocation's folder: chosen once, handed to the xdist workers by the environment."""
    if FOLDER not in os.environ:
        remove_leftovers()
        os.environ[FOLDER] = str(VAR / f"test-{secrets.token_hex(4)}")
    return Path(os.environ[FOLDER])


def redis_number() -> int:
    """The Redis database of this process: 0 for pytest itself, one more for each xdist worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1


def remove_leftovers() -> None:
    """Remove what a power cut left; a killed run's folder is removed by the holder of its servers."""
    for path in VAR.glob("test-*"):
        left = places.at(path)
        if locks.free(locks.holder(left), exclusive=True) and locks.free(locks.users(left), exclusive=True):
            shutil.rmtree(path, ignore_errors=True)


def join() -> None:
    """Start or join this invocation's servers and point the settings' environment at them."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    servers = embedded.join(folder(), throwaway=True)
    os.environ["DATABASE_URL"] = servers.database_url
    os.environ["REDIS_URL"] = servers.redis_url.replace("?db=0", f"?db={redis_number()}")
    os.environ["SECRET_KEY"] = "only-for-tests-and-nothing-but-tests-0123456789"
    os.environ["MEDIA_ROOT"] = str(folder() / f"media-{redis_number()}")
