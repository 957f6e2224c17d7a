"""The doorbell: tells workers and open pages that the log has news. Losing a ring loses nothing.

Beat rings the workers again, and pages ask for the truth themselves.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import redis.exceptions
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from activity import broadcast
from activity.broadcast import Message

logger = logging.getLogger(__name__)

FAN_OUT_TASK = "notifications.tasks.fan_out"
# After a failure nobody waits for Redis again for this long.
SILENCE_SECONDS = 10.0

_silent_until = 0.0

Answer = TypeVar("Answer")


class Ring:
    """What is said when a transaction commits: once to the workers, and every change to the open pages."""

    def __init__(self) -> None:
        self.news: list[Message] = []

    def __call__(self) -> None:
        ring()
        announce(self.news)


def ring_after_commit(news: Iterable[Message]) -> None:
    """Ring once when the running transaction commits, however many events it recorded."""
    waiting = (func for _, func, _ in transaction.get_connection().run_on_commit if isinstance(func, Ring))
    bell = next(waiting, None)
    if bell is None:
        bell = Ring()
        transaction.on_commit(bell, robust=True)
    bell.news.extend(news)


def ring(task: str = FAN_OUT_TASK) -> None:
    """Wake a worker, waiting at most about a second, and not at all while Redis is known to be away."""
    words = "The doorbell could not be rung (%s); beat will ring within seconds."
    asked(lambda: current_app.send_task(task, retry=False, ignore_result=True), None, words)


def announce(news: list[Message]) -> None:
    """Tell open pages, waiting at most about a second, and not at all while Redis is known to be away."""
    asked(
        lambda: broadcast.publish(news), None, "Open pages could not be told (%s); they ask within a minute."
    )


def asked(question: Callable[[], Answer], instead: Answer, words: str) -> Answer:
    """What ``question`` gets from Redis; ``instead``, told in ``words``, where and while Redis is away."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return instead
    try:
        return question()
    except (OperationalError, redis.exceptions.RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning(words, error)
        return instead
