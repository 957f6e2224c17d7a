"""A PostgreSQL of a test's own, with a copy of what the test's database holds, which it may kill."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]

from portal.embedded.places import at, make_private
from portal.embedded.postgresql import PostgreSQL
from portal.embedded.programs import postgresql_program


class OwnPostgreSQL:
    """Keeps what it said yes to, as a real one: nothing that protects its data is switched off."""

    def __init__(self, folder: Path) -> None:
        self.places = at(folder)
        self.places.log.mkdir()
        make_private(self.places.sockets)
        self._server = PostgreSQL(self.places, throwaway=False)
        self._server.start()

    @property
    def url(self) -> str:
        return self.places.database_url()

    def copy(self, url: str) -> None:
        """Take in all that the database at ``url`` holds."""
        dump = [str(postgresql_program("pg_dump")), "--no-owner", f"--dbname={url}"]
        take_in = [
            str(postgresql_program("psql")),
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            f"--dbname={self.url}",
        ]
        held = subprocess.run(dump, stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(take_in, input=held, stdout=subprocess.DEVNULL, check=True)

    def kill_and_start_again(self, away: float) -> None:
        """End it as a power cut would, and start it on what is on its disk after ``away`` seconds."""
        assert self._server.process is not None
        self._server.process.kill()
        self._server.process.wait()
        time.sleep(away)
        self._server.start()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def own_postgresql() -> Iterator[OwnPostgreSQL]:
    with tempfile.TemporaryDirectory() as folder:
        server = OwnPostgreSQL(Path(folder))
        try:
            yield server
        finally:
            server.stop()
