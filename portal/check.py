"""`make check`: what can be said of the code without running its tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from portal.bootstrap import BASE_DIR, say

PY = sys.executable
# As a production start has them, so that the checks judge what an operator runs.
PRODUCTION = {
    "BASE_URL": "https://tandem.example.org",
    "DATABASE_URL": "postgresql://tandem:secret@database.example.org/tandem",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://tandem:secret@mail.example.org:587",
    "SECRET_KEY": "seventy characters that nobody has ever used: 0oLq7ZbXv93mWkT1yJcRf5Hs",
}
STEPS = {
    "format": [PY, "-m", "ruff", "format", "--check", "."],
    "lint": [PY, "-m", "ruff", "check", "."],
    "types": [PY, "-m", "mypy", "."],
    "templates": [PY, "-m", "djlint", "templates", "--lint", "--quiet"],
    "rooms": [PY, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "migrations": [PY, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [PY, "manage.py", "messages", "check"],
    "deployment": [PY, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "compose file": [
        PY,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ],
}


def passes(name: str, command: list[str]) -> bool:
    """Run one step, tell its seconds, and show what it says where it fails."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603
        command,
        cwd=BASE_DIR,
        env={**os.environ, **PRODUCTION},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = done.returncode == 0
    say(f"  {name:<28}{time.monotonic() - began:6.1f} s{'' if passed else '  FAILED'}")
    if not passed:
        say(done.stdout)
    return passed


def main() -> None:
    failed = [name for name, command in STEPS.items() if not passes(name, command)]
    if failed:
        sys.exit(f"Tandem: make check found something wrong in: {', '.join(failed)}")


if __name__ == "__main__":
    main()
