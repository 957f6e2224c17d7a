"""The append-only event log: every change calls ``record`` inside its own transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction

from activity import bell, clock
from activity.broadcast import Message
from activity.locks import Lock
from activity.models import Event, FanOut, Origin

if TYPE_CHECKING:
    from teams.models import Person

_origin: ContextVar[Origin] = ContextVar("origin", default=Origin.WEB)
_batch: ContextVar[UUID | None] = ContextVar("batch", default=None)

# How many events are committed, as a query of its own or a part of one.
LENGTH = """
    SELECT COALESCE(MAX(position), 0) + (SELECT COUNT(*) FROM activity_event WHERE position IS NULL)
      FROM activity_event
"""


@contextmanager
def origin(value: Origin) -> Iterator[None]:
    """Mark every event recorded inside the block as having come in by ``value``."""
    token = _origin.set(value)
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def together() -> Iterator[None]:
    """Mark the events recorded inside the block as one act in many places, which people are told of at once.

    Within another such block it is a part of that.
    """
    token = _batch.set(_batch.get() or uuid4())
    try:
        yield
    finally:
        _batch.reset(token)


def current_origin() -> Origin:
    """The way in which the running change came."""
    return _origin.get()


def object_type(instance: models.Model) -> str:
    """The word under which the log keeps events of ``instance``: its model's name."""
    return str(instance._meta.model_name)


def record(
    kind: str,
    changed: models.Model,
    *,
    by: "Person | None",
    for_person: "Person | None" = None,
    data: Mapping[str, Any] | None = None,
    shape: int = 1,
    occurred_at: datetime | None = None,
) -> Event:
    """Append the event of a change and its fan-out row to the change's transaction.

    ``by`` is None only for what the portal does by itself. Imported history gets no fan-out row, because
    nobody is told about it.

    :raises RuntimeError: outside a transaction, where event and change could come apart.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} was recorded outside the transaction of its change")
    now = clock.now()
    event = Event(
        kind=kind,
        object_type=object_type(changed),
        object_id=changed.pk,
        actor=by,
        for_person=for_person,
        data=dict(data or {}),
        shape=shape,
        occurred_at=occurred_at or now,
        recorded_at=now,
        origin=_origin.get(),
        batch=_batch.get(),
    )
    if event.origin == Origin.IMPORT:
        event.save(force_insert=True)
    else:
        _append_to_be_told(event)
        bell.ring_after_commit([_message(event)])
    return event


def _append_to_be_told(event: Event) -> None:
    """Insert ``event`` and its fan-out row in one statement: every change in the portal waits for this."""
    fields = [field for field in Event._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields]
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    sql = (
        f"WITH told AS (INSERT INTO {quote(Event._meta.db_table)} ({names}) VALUES ({places}) RETURNING id)"  # noqa: S608
        f" INSERT INTO {quote(FanOut._meta.db_table)} (event_id) SELECT id FROM told RETURNING event_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias


@dataclass(frozen=True)
class Happening:
    """One event among many that are recorded together."""

    kind: str
    changed: models.Model
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    shape: int = 1
    by: "Person | None" = None


def record_many(happenings: Sequence[Happening]) -> list[Event]:
    """Append the events of many changes, in this order, to the changes' transaction; told like ``record``.

    :raises RuntimeError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{len(happenings)} events were recorded outside the transaction of their changes")
    now = clock.now()
    events = Event.objects.bulk_create(
        [
            Event(
                kind=happening.kind,
                object_type=object_type(happening.changed),
                object_id=happening.changed.pk,
                actor=happening.by,
                data=dict(happening.data),
                shape=happening.shape,
                occurred_at=happening.occurred_at,
                recorded_at=now,
                origin=_origin.get(),
                batch=_batch.get(),
            )
            for happening in happenings
        ],
        batch_size=2000,
    )
    if events and _origin.get() != Origin.IMPORT:
        FanOut.objects.bulk_create([FanOut(event=event) for event in events], batch_size=2000)
        bell.ring_after_commit(map(_message, events))
    return events


def _message(event: Event) -> Message:
    return Message(event.kind, event.object_type, event.object_id, event.pk)


def stamp_positions() -> int:
    """Give each committed, unstamped event the next position; returns how many.

    Runs under one lock, so positions become visible in ascending order without gaps that fill later.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.SEQUENCER])
        cursor.execute(
            """
            WITH last AS (SELECT COALESCE(MAX(position), 0) AS position FROM activity_event),
                 fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS n
                             FROM activity_event WHERE position IS NULL)
            UPDATE activity_event SET position = last.position + fresh.n
              FROM last, fresh WHERE activity_event.id = fresh.id
            """
        )
        return int(cursor.rowcount)


def length() -> int:
    """How many events are committed; it grows with each, in whatever order they commit.

    Positions are stamped without gaps after commit, so those that are stamped and those that still wait for
    it are all there are. It costs as much as there are unstamped ones: stamp before asking often.
    """
    with connection.cursor() as cursor:
        cursor.execute(LENGTH)
        return int(cursor.fetchone()[0])
