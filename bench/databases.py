"""The databases of a measurement, and the programs that measure in them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "signs nothing but the sessions of a measurement, 0123456789"  # noqa: S105


@dataclass
class Databases:
    """Databases on the server of ``url``: new ones, or copies of the one that it names (``is_copied``)."""

    url: str
    redis_url: str
    folder: Path
    is_copied: bool = False
    # What was made here; several measurements may use one server.
    names: set[str] = field(default_factory=set)

    def result(self, name: str, module: str, options: Mapping[str, object]) -> Any:
        """What the program ``module`` writes into result.json of its folder."""
        own = self.folder / name
        own.mkdir(parents=True, exist_ok=True)
        self.run(name, module, [*(f"--{key}={value}" for key, value in options.items()), f"--folder={own}"])
        return json.loads((own / "result.json").read_text())

    def run(self, name: str, module: str, arguments: Sequence[str], *, of: str = "") -> str:
        """What the program ``module`` says that works on the database ``name``; made where it is not there.

        ``of`` is a database made here that it begins as a copy of.
        """
        if name not in self.names:
            self._make(name, of)
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self._environment(name),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def drop(self) -> None:
        """Remove all that was made here."""
        for name in self.names:
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._own(name))
        self.names.clear()

    def _own(self, name: str) -> str:
        """Beside others each measurement has names of its own."""
        return f"{name}_{os.getpid()}" if self.is_copied else name

    def _make(self, name: str, of: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._own(name))
        template = (
            self._own(of) if of else urlsplit(self.url).path.strip("/") if self.is_copied else "template1"
        )
        self._execute("CREATE DATABASE {} TEMPLATE {}", self._own(name), template)
        self.names.add(name)

    def _execute(self, statement: str, *names: str) -> None:
        # Not from within the database that is copied.
        connection = psycopg2.connect(self._address("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        connection.close()

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _environment(self, name: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("TANDEM_", "DEBUG"))}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": self._address(self._own(name)),
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": SECRET_KEY,
            "MEDIA_ROOT": str(self.folder / name / "media"),
        }
