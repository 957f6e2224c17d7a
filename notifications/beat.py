"""The heart beat: rings every few seconds for what waits, in exactly one process however many are started."""

import logging
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler, Service
from celery.schedules import schedule
from django.db import DatabaseError, InterfaceError, connection

from activity.locks import Lock
from notifications.operations import heartbeats
from notifications.operations.models import Process

logger = logging.getLogger(__name__)

STANDBY_SECONDS = 2
# A ring that nobody heard within this time is followed by newer ones.
RING = {"expires": 20, "retry": False}
RINGS = {
    "fan_out": ("notifications.tasks.fan_out", 5.0),
    "deliver": ("notifications.tasks.deliver", 5.0),
    "deliver_chat": ("notifications.tasks.deliver_chat", 5.0),
    "fetch_mail": ("notifications.tasks.fetch_mail", 30.0),
    "tick": ("notifications.tasks.tick", 10.0),
}


class LockLost(Exception):
    """The connection that held the lock is gone; another process may be the active one by now."""


class OneBeat:
    """The advisory lock of the active beat, on a connection of its own that nothing else uses."""

    def __init__(self) -> None:
        self._own = connection.copy()
        # A dead database host must be noticed within seconds, not after the system's hours.
        alive = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
        self._own.settings_dict["OPTIONS"].update(alive)

    def try_once(self) -> bool:
        """Whether this process is the active one now."""
        with self._own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.BEAT])
            return bool(cursor.fetchone()[0])

    def wait(self) -> None:
        """Return as soon as this process is the active one; a database that is away is waited for."""
        while not self._try_again():
            time.sleep(STANDBY_SECONDS)

    def _try_again(self) -> bool:
        try:
            return self.try_once()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer (%s); this beat waits for it.", error)
            self.close()
            return False

    def check(self) -> None:
        """Make sure that the lock is still held.

        :raises LockLost: where it may not be.
        """
        try:
            with self._own.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, InterfaceError) as error:
            raise LockLost(str(error)) from error

    def close(self) -> None:
        self._own.close()


class LockedScheduler(Scheduler):
    """Keeps its schedule in memory, and before each beat makes sure that it is still the only one."""

    lock: OneBeat

    def setup_schedule(self) -> None:
        for name, (task, seconds) in RINGS.items():
            self.add(name=name, task=task, schedule=schedule(seconds), options=dict(RING))

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self.lock.check()
        return min(super().tick(*args, **kwargs), STANDBY_SECONDS)


def run(app: Celery) -> None:
    """Beat until the process is to end, whenever this one is the active one."""
    while True:
        lock = OneBeat()
        try:
            # Celery ends it in order, without an error.
            return run_once(app, lock)
        except LockLost as error:
            logger.warning("The lock's connection is gone (%s); this beat stands by again.", error)
        finally:
            lock.close()


def run_once(app: Celery, lock: OneBeat) -> None:
    """Wait for the lock, then beat until the process is to end.

    :raises LockLost: when the lock's connection is gone.
    """
    lock.wait()
    logger.info("This beat is the active one.")
    scheduler = type("Held", (LockedScheduler,), {"lock": lock})
    pulse = heartbeats.Pulse(Process.BEAT, heartbeats.own_name())
    pulse.start()
    try:
        Service(app, scheduler_cls=scheduler, max_interval=STANDBY_SECONDS).start()
    finally:
        pulse.end()
