"""A variable that is missing or malformed stops the start with one clear line, and never shows a secret."""

import os
import subprocess
import sys

import pytest

from portal.settings import BASE_DIR

REAL = {
    "DATABASE_URL": "postgresql://tandem:hush@db.example:5432/tandem",
    "REDIS_URL": "redis://redis.example:6379/0",
    "SECRET_KEY": "a long random text that only this installation knows",
    "BASE_URL": "https://tandem.example.org",
}


def start(
    shown: str = "API_REQUESTS_PER_MINUTE", /, **changes: str | None
) -> subprocess.CompletedProcess[str]:
    """Print a setting of a real installation with these variables changed, None taking one away."""
    given = {name: value for name, value in (REAL | changes).items() if value is not None}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"import portal.settings as s; print(s.{shown})"],
        cwd=BASE_DIR,
        env=kept | given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_complete_starts() -> None:
    assert start().stdout == "600\n"
    assert start(API_REQUESTS_PER_MINUTE="0").stdout == "0\n"


def test_further_host_names_come_beside_the_machines_own() -> None:
    """The container's health check asks 127.0.0.1, whatever the portal is called."""
    hosts = "['tandem.example.org', '127.0.0.1', 'localhost', 'tandem.house', 'tandem']\n"
    assert start("ALLOWED_HOSTS", ALLOWED_HOSTS="tandem.house,tandem").stdout == hosts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("BASE_URL", "tandem.example.org"),
        ("BASE_URL", "http://["),
        ("DATABASE_URL", "hush"),
        ("DATABASE_URL", "mysql://tandem:hush@db.example/tandem"),
        ("DATABASE_URL", "postgresql://tandem:hush@db.example:port/tandem"),
        ("REDIS_URL", "hush.example:6379"),
        ("EMAIL_URL", "hush"),
        ("EMAIL_URL", "smtp://tandem:hush@mail.example:port"),
        ("API_REQUESTS_PER_MINUTE", "many"),
        ("API_ANONYMOUS_REQUESTS_PER_MINUTE", "-1"),
        ("STATEMENT_TIMEOUT_MS", ""),
        ("TRUSTED_PROXY_COUNT", "two"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LANGUAGE_CODE", "fr"),
        ("TANDEM_DEMO", "1"),
    ],
)
def test_what_is_malformed_stops_it_in_one_line(name: str, value: str | None) -> None:
    ended = start(**{name: value})
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Tandem cannot start: ")
    assert name in line
    assert "hush" not in line
