"""The heartbeats of workers and beat, and of the mailbox: written by themselves, by the database's clock."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from notifications.operations.models import Heartbeat, Process

logger = logging.getLogger(__name__)

EVERY_SECONDS = 15.0
# Three beats missed, and some slack.
SILENT_AFTER = timedelta(seconds=60)
# Longer silent ones are of processes that nobody misses any more.
FORGOTTEN_AFTER = timedelta(hours=1)
ONLY_ONE = "active"
# How long the end of a process waits for its goodbye: the database may be away.
GOODBYE_SECONDS = 5.0

_BEAT = """
    INSERT INTO notifications_heartbeat (process, name, started_at, beaten_at, trouble)
    VALUES (%s, %s, statement_timestamp(), statement_timestamp(), %s)
    ON CONFLICT (process, name) DO UPDATE
       SET beaten_at = EXCLUDED.beaten_at, trouble = EXCLUDED.trouble
"""


def own_name() -> str:
    """What tells this process from all others."""
    return f"{socket.gethostname()[:90]}:{os.getpid()}"


def beat(process: Process, name: str, trouble: str = "") -> None:
    """Say that ``name`` lives."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [process, name, trouble[:300]])


def stop(process: Process, name: str) -> None:
    """Say goodbye: what ended in order is not missed."""
    Heartbeat.objects.filter(process=process, name=name).delete()


def forget_silent(_now: datetime) -> None:
    """Remove processes that have been silent for long; the mailbox is looked at again some day."""
    gone = Heartbeat.objects.filter(beaten_at__lt=Now() - FORGOTTEN_AFTER)
    gone.exclude(process=Process.MAILBOX).delete()


class Pulse(threading.Thread):
    """Beats for a process beside its work, whatever that waits for; each time with a connection of its own.

    A connection that stayed open would be inherited by the worker's later children.
    """

    def __init__(self, process: Process, name: str, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="pulse", daemon=True)
        self._process, self._name, self._every = process, name, every
        self._is_over = threading.Event()

    def run(self) -> None:
        self._say(lambda: beat(self._process, self._name))
        while not self._is_over.wait(self._every):
            self._say(lambda: beat(self._process, self._name))
        # Here and not by who ends it, so that no beat comes after it.
        self._say(lambda: stop(self._process, self._name))

    def end(self) -> None:
        """Beat no more, and say goodbye; waits for that, but not for long."""
        self._is_over.set()
        self.join(GOODBYE_SECONDS)

    def _say(self, words: Callable[[], None]) -> None:
        try:
            words()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The heartbeat could not be written (%s).", error)
        finally:
            connection.close()
