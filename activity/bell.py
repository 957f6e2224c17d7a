"""The doorbell: tells a worker that the log has news. Losing a ring loses nothing, beat rings again."""

import logging
import time

import redis.exceptions
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

FAN_OUT_TASK = "notifications.tasks.fan_out"
# After a failed ring nobody waits for Redis again for this long.
SILENCE_SECONDS = 10.0

_silent_until = 0.0


def ring_after_commit() -> None:
    """Ring once when the running transaction commits, however many events it recorded."""
    connection = transaction.get_connection()
    if not any(func is ring for _, func, _ in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)


def ring(task: str = FAN_OUT_TASK) -> None:
    """Wake a worker, waiting at most about a second, and not at all while Redis is known to be away."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (OperationalError, redis.exceptions.RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning("The doorbell could not be rung (%s); beat will ring within seconds.", error)
