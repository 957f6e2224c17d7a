"""Tells open pages what changed, through Redis. Losing a message loses nothing: pages ask for the truth.

What is said is only kind and number; whoever listens asks anew who may hear it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

# Above so many changes in one transaction open pages are told to look at everything again.
MOST_AT_ONCE = 200
WAITS_SECONDS = 1.0


@dataclass(frozen=True)
class Message:
    """That ``kind`` happened to the object ``number`` of the type ``about`` ("request", "person", …)."""

    kind: str
    about: str
    number: int
    event: int = 0


RESYNC = Message("resync", "", 0)


def channel() -> str:
    """The name under which this database's portal speaks."""
    return f"tandem:live:{connection.settings_dict['NAME']}"


def publish(messages: Sequence[Message]) -> None:
    """Say ``messages`` to all listening processes.

    :raises redis.exceptions.RedisError: where Redis is away; it is waited for about a second.
    """
    said = messages if len(messages) <= MOST_AT_ONCE else [RESYNC]
    client().publish(channel(), json.dumps([asdict(message) for message in said]))


def understood(data: bytes) -> list[Message]:
    """The messages of one publication.

    :raises ValueError: where it is none of ours.
    """
    rows: Any = json.loads(data)
    try:
        return [Message(**row) for row in rows]
    except TypeError as error:
        raise ValueError(str(error)) from error


@cache
def client() -> "redis.Redis":
    """Redis for what may be lost: each question waits about a second at most."""
    # By itself the library would try again and again for ten seconds.
    once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=WAITS_SECONDS, socket_connect_timeout=WAITS_SECONDS, retry=once
    )
