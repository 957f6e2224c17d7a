"""What goes out as one mail: of one person what is about one thing, or what belongs together by itself.

A bundle keeps the Message-ID of its first delivery from the first attempt on, and takes nothing in after it,
so that whoever gets it twice recognises it and misses nothing. Whose deliveries are being bundled is held for
the moment that takes, so two workers never share what one mail should tell.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from activity.models import FanOut
from notifications.leases import Claim
from notifications.mail import message_id
from notifications.models import Channel, Delivery, State
from notifications.words import ABOUT_EXCHANGES
from requests_app.rounds.running import CLOSED

# No second mail about the same thing to the same person before that.
APART = timedelta(minutes=5)
# A mail about an act of which a part is still to be fanned out is looked at again then.
SOON = timedelta(seconds=10)
# What deliveries about one act in many places begin with in ``together``.
BATCH = "batch:"
# These come as mails of their own: they bring a file for the calendar, or are a text of their own.
ALONE = ABOUT_EXCHANGES | {CLOSED}
# One advisory lock per person above this number, which is arbitrary but the same in all versions.
PERSON_LOCKS = 7_126_006 << 32
# One mail holds no more than this; the rest follows in the next.
MOST = 1_000

Key = tuple[int, str, object]
Bundle = Sequence[Delivery]


def gather(claim: Claim) -> tuple[Claim, list[Bundle]]:
    """The bundles of what ``claim`` holds, with what else belongs into them, which is claimed as well.

    What another worker is just telling the same person about the same thing, or somebody has told them within
    APART, is put off. Six queries at most, and one for each bundle of several.
    """
    with transaction.atomic():
        _hold_people({row.person_id for row in claim.rows})
        waiting = _waiting({row.person_id for row in claim.rows})
        ours = {row.pk for row in claim.rows}
        now = _database_time()
        in_flight = {
            key_of(row)
            for row in waiting
            if row.pk not in ours and row.leased_until is not None and row.leased_until > now
        }
        last = _last_told({row.person_id for row in claim.rows}, now)
        unfinished = _still_fanned_out({row.together for row in claim.rows if row.together})
        bundles: list[Bundle] = []
        for key, begun in _by_key(claim.rows).items():
            rows = _whole(key, begun, waiting, now)
            until = now + APART if key in in_flight else _free_again(rows, last)
            if key[2] in unfinished:
                until = now + SOON
            if until is None:
                bundles.append(rows)
            else:
                _put_off(begun, claim, until)
        _claim_also([row for bundle in bundles for row in bundle if row.pk not in ours], claim)
        for bundle in bundles:
            _name(bundle)
    held = [row for bundle in bundles for row in bundle]
    return Claim(claim.token, held, claim.lease), bundles


def key_of(row: Delivery) -> Key:
    """What belongs into the same mail has the same key."""
    event = row.event
    if row.attempts:
        return row.person_id, "again", row.message_id
    if event is None or event.kind in ALONE:
        return row.person_id, "alone", row.pk
    if row.together:
        return row.person_id, "together", row.together
    return row.person_id, event.object_type, event.object_id


def rename(rows: Bundle) -> None:
    """Let ``rows`` be one mail of their own, no longer the one that they were a part of."""
    for row in rows:
        row.message_id = message_id(row.dedupe_key)
    Delivery.objects.bulk_update(rows, ["message_id"])
    _name(rows)


def _hold_people(people: Iterable[int]) -> None:
    """In ascending order, so that nobody waits in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key",
            [[PERSON_LOCKS + person for person in sorted(people)]],
        )


def _waiting(people: Iterable[int]) -> list[Delivery]:
    rows = Delivery.objects.filter(state=State.WAITING, channel=Channel.MAIL, person__in=list(people))
    return list(rows.select_related("event__actor", "person", "stands_for").order_by("id"))


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _last_told(people: Iterable[int], now: datetime) -> dict[Key, datetime]:
    """When each thing was last told to each person by mail, as far as it is less than APART ago."""
    rows = Delivery.objects.filter(
        state=State.DONE, channel=Channel.MAIL, person__in=list(people), finished_at__gt=now - APART
    ).exclude(event__kind__in=ALONE)
    told = rows.order_by("finished_at").values_list(
        "person", "event__object_type", "event__object_id", "finished_at"
    )
    return {(person, kind, pk): at for person, kind, pk, at in told if at is not None}


def _still_fanned_out(together: Iterable[str]) -> set[str]:
    """Those of ``together`` that an act in many places has, of which not all is fanned out yet."""
    acts = {text.removeprefix(BATCH): text for text in together if text.startswith(BATCH)}
    waiting = FanOut.objects.filter(done_at=None, event__batch__in=acts) if acts else FanOut.objects.none()
    return {acts[str(batch)] for batch in waiting.values_list("event__batch", flat=True).distinct()}


def _by_key(rows: Iterable[Delivery]) -> dict[Key, list[Delivery]]:
    found: dict[Key, list[Delivery]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return found


def _whole(key: Key, begun: Sequence[Delivery], waiting: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Those of a bundle that are held, and those that are free and may be told by now, oldest first."""
    held = {row.pk for row in begun}
    also = [row for row in waiting if row.pk not in held and key_of(row) == key and _may_join(row, now)]
    return sorted([*begun, *also], key=lambda row: row.pk)[: max(MOST, len(begun))]


def _may_join(row: Delivery, now: datetime) -> bool:
    is_free = row.leased_until is None or row.leased_until <= now
    return is_free and (row.ready_at or row.due_at) <= now


def _free_again(rows: Bundle, last: dict[Key, datetime]) -> datetime | None:
    """When the last of the bundle's things may be told again; None where they all may now."""
    told = [
        last[row.person_id, row.event.object_type, row.event.object_id]
        for row in rows
        if row.event is not None
        and row.event.kind not in ALONE
        and (row.person_id, row.event.object_type, row.event.object_id) in last
    ]
    return max(told) + APART if told else None


def _put_off(rows: Sequence[Delivery], claim: Claim, until: datetime) -> None:
    held = Q(pk__in=[row.pk for row in rows], lease_token=claim.token)
    Delivery.objects.filter(held, state=State.WAITING).update(due_at=until, leased_until=None)


def _claim_also(rows: Sequence[Delivery], claim: Claim) -> None:
    if rows:
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_token=claim.token, leased_until=Now() + claim.lease
        )


def _name(rows: Bundle) -> None:
    """All of a bundle has the Message-ID of its first."""
    first = rows[0].message_id
    others = [row.pk for row in rows if row.message_id != first]
    if others:
        Delivery.objects.filter(pk__in=others).update(message_id=first)
    for row in rows:
        row.message_id = first


__all__ = ["ALONE", "APART", "Bundle", "gather", "key_of", "rename"]
