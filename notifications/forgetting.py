"""What has come to its end is not kept for ever: who was told of what by which way, once nobody asks."""

from datetime import datetime, timedelta

from django.db import connection

from notifications.models import State

# Longer than the inbox keeps what was told.
KEPT = timedelta(days=100)
ROWS_AT_ONCE = 5_000
# The rest follows the next day.
MOST_IN_ALL = 500_000

# By batches, each in a transaction of its own, so that nothing else waits for long.
_FORGET = """
    DELETE FROM notifications_delivery WHERE id IN (
        SELECT id FROM notifications_delivery
         WHERE state = ANY(%s) AND finished_at < statement_timestamp() - %s * interval '1 second'
         LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def forget_old_deliveries(_now: datetime) -> int:
    """Remove deliveries that ended well long ago, or did not have to be sent; returns how many.

    What was given up stays, for operators to try again.
    """
    gone = 0
    while gone < MOST_IN_ALL:
        with connection.cursor() as cursor:
            ended = [State.DONE.value, State.SKIPPED.value]
            cursor.execute(_FORGET, [ended, KEPT.total_seconds(), ROWS_AT_ONCE])
            gone += cursor.rowcount
            if cursor.rowcount < ROWS_AT_ONCE:
                break
    return gone
