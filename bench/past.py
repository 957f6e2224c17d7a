"""Gives a seeded company a long past: its log filled up by the database, with what happened years ago.

What is closed is copied again and again, with requests of their own, the same people and its events, each
time further back. The last weeks stay as they are, so a worker has the same to tell in front of any past.
"""

from datetime import timedelta

from django.db import connection, transaction

from activity import clock
from activity.models import Event, Origin
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.seeding.requests import REQUEST_COLUMNS

# Below what is seeded there has to be room, or what is old would have the higher numbers.
ROOM = 2_000_000
# How much further back each copy lies.
STEP = timedelta(days=14)
CLOSED = (Status.DONE, Status.DECLINED, Status.WITHDRAWN)

BEGIN = """
SELECT setval(pg_get_serial_sequence('activity_event', 'id'), %(room)s),
       setval(pg_get_serial_sequence('requests_app_request', 'number'), %(room)s)
"""
COPIED = """
CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
SELECT event.* FROM activity_event AS event JOIN requests_app_request ON number = object_id
WHERE object_type = 'request' AND status = ANY (%(closed)s)
"""
# Row by row of copies k = 1 … n; the further back, the smaller its numbers.
MOVED = {
    "number": "number - k * %(span)s",
    # A place of its own in the order of its status.
    "rank": "rank || 'V' || k",
    "customer_need": "left(customer_need, 80)",
    "created_at": "created_at - k * %(step)s",
    "updated_at": "updated_at - k * %(step)s",
    "status_since": "status_since - k * %(step)s",
    "submitted_at": "submitted_at - k * %(step)s",
    "progress_at": "progress_at - k * %(step)s",
    "turn_since": "turn_since - k * %(step)s",
    "done_at": "done_at - k * %(step)s",
}
REQUESTS = f"""
INSERT INTO requests_app_request ({", ".join(REQUEST_COLUMNS)})
SELECT {", ".join(MOVED.get(column, column) for column in REQUEST_COLUMNS)}
FROM requests_app_request, generate_series(1, %(copies)s) AS k
WHERE status = ANY (%(closed)s)
"""  # noqa: S608 - names of our own
EVENTS = """
INSERT INTO activity_event
  (id, kind, object_type, object_id, actor_id, data, shape, occurred_at, recorded_at, origin, position)
SELECT n, kind, object_type, object_id, actor_id, data, shape, at, at, origin, n
FROM (
  SELECT *, %(missing)s + 1 - row_number() OVER (ORDER BY at DESC) AS n
  FROM (
    SELECT kind, object_type, object_id - k * %(span)s AS object_id, actor_id, data, shape, origin,
           occurred_at - k * %(step)s AS at
    FROM copied, generate_series(1, %(copies)s) AS k
  ) AS moved
) AS past
WHERE n > 0
"""
# Nobody waits to be told of it: each was fanned out and told its requester by mail.
TOLD = """
INSERT INTO activity_fanout (event_id, done_at)
SELECT id, occurred_at FROM activity_event WHERE id <= %(missing)s
"""
DELIVERED = """
INSERT INTO notifications_delivery
  (event_id, person_id, channel, dedupe_key, message_id, state, due_at, attempts, last_error,
   created_at, finished_at)
SELECT id, requester_id, 'mail', 'mail:' || id || ':' || requester_id, 'past', 'done', occurred_at, 1, '',
       occurred_at, occurred_at
FROM activity_event JOIN requests_app_request ON number = object_id WHERE id <= %(missing)s
"""


def begin_above() -> None:
    """What is seeded from now on gets numbers and positions above the past's."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"room": ROOM})
    Event.objects.create(
        kind="company.edited",
        object_type="company",
        object_id=1,
        occurred_at=now,
        recorded_at=now,
        origin=Origin.COMMAND,
        position=ROOM,
    )


def fill(events: int) -> None:
    """Fill the log up to ``events``, once; what is there was seeded after ``begin_above``."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(COPIED, {"closed": list(CLOSED)})
        each, missing = cursor.rowcount, events - Event.objects.count()
        values = {
            "closed": list(CLOSED),
            "missing": missing,
            "copies": -(-missing // each),
            "span": Request.objects.count(),
            "step": STEP,
        }
        for statement in (REQUESTS, EVENTS, TOLD, DELIVERED):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
