"""The way out for mail: claim a few, look again who may see, send, mark that row done; one after another."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from activity.models import Event
from notifications import exchange_mail, leases, taken_back
from notifications.leases import Claim
from notifications.mail import as_read_by, letter
from notifications.minutes_mail import about_round
from notifications.models import Channel, Delivery, State
from notifications.news import Said, comments_told, tell
from notifications.postbox import Postbox, Refused
from notifications.things import REQUEST, Place, places, things
from notifications.words import ABOUT_EXCHANGES
from notifications.zones import zone_of
from requests_app.models import Mute
from requests_app.rounds.running import CLOSED
from teams.models import Person

logger = logging.getLogger(__name__)

ROWS_PER_CLAIM = 20

# Composes the mail of a row as its reader may see it at this moment; None: there is nothing (more) to send.
Composer = Callable[[Delivery], EmailMessage | None]
Sent = Callable[[Delivery], object]


def _nothing_more(_row: Delivery) -> None:
    """What else has to be noted with a mail about an event that went out."""


@dataclass
class Tally:
    """What became of the deliveries that this worker had."""

    sent: int = 0
    skipped: int = 0
    failed: int = 0
    touched: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return self.sent + self.skipped + self.failed

    def __iadd__(self, other: "Tally") -> "Tally":
        self.sent += other.sent
        self.skipped += other.skipped
        self.failed += other.failed
        self.touched |= other.touched
        return self


def deliver_mail(limit: int = 1_000, *, lease: timedelta = leases.LEASE, size: int = ROWS_PER_CLAIM) -> Tally:
    """Send up to about ``limit`` due mails about events."""
    tally = Tally()
    with Postbox() as postbox:
        while tally.total < limit:
            claim = leases.claim([Channel.MAIL], size, lease=lease)
            if not claim.rows:
                break
            tally += send_claimed(claim, compose_news, postbox)
    return tally


def send_claimed(claim: Claim, compose: Composer, postbox: Postbox, sent: Sent = _nothing_more) -> Tally:
    """Send every row of ``claim`` that is still ours; what was not come to is given back.

    ``sent`` is called in the transaction that marks a row as done.
    """
    tally = Tally()
    try:
        for row in claim.rows:
            if leases.renew(claim, row):
                _count(tally, row, _attempt(claim, row, compose, postbox, sent))
    finally:
        leases.release(claim)
    return tally


def _count(tally: Tally, row: Delivery, state: State) -> None:
    tally.touched.add(row.pk)
    if state == State.DONE:
        tally.sent += 1
    elif state == State.SKIPPED:
        tally.skipped += 1
    else:
        tally.failed += 1


def _attempt(claim: Claim, row: Delivery, compose: Composer, postbox: Postbox, sent: Sent) -> State:
    """Try to send one row; returns the state it is in afterwards."""
    if leases.exhausted(row):
        leases.finish(claim, row, State.DEAD, row.last_error or "every attempt ended a worker")
        return State.DEAD
    try:
        mail = compose(row)
        if mail is None:
            leases.finish(claim, row, State.SKIPPED)
            return State.SKIPPED
        postbox.send(mail)
    except Refused as error:
        logger.warning("%s was refused for good: %s", row, error)
        leases.finish(claim, row, State.DEAD, str(error))
        return State.DEAD
    except Exception as error:
        logger.warning("%s could not be sent: %r", row, error)
        return leases.try_later(claim, row, repr(error))
    with transaction.atomic():
        if leases.finish(claim, row, State.DONE):
            sent(row)
    return State.DONE


def compose_news(row: Delivery) -> EmailMessage | None:
    """The mail of ``row`` about its event; None where that is undone, or the request hidden or muted."""
    row.person.refresh_from_db()
    event = row.event
    if event is None or not row.person.is_active or taken_back.undone_among([event]):
        return None
    if event.kind == CLOSED:
        with as_read_by(row.person, zone_of(row.person)):
            return about_round(row, event)
    if event.kind in ABOUT_EXCHANGES:
        with as_read_by(row.person, zone_of(row.person)):
            return exchange_mail.about_exchange(row, event)
    said = said_to(row.person, [event])
    if not said:
        return None
    with as_read_by(row.person, zone_of(row.person)):
        return letter(row.person, row.message_id, said)


def said_to(person: Person, events: Sequence[Event]) -> list[Said]:
    """What ``person`` may be told of now, in words: what is hidden from them, gone or muted is left out."""
    where = places(events)
    muted = Mute.objects.filter(
        person=person, request__in=[place.pk for place in where.values() if place.kind == REQUEST]
    )
    quiet = {Place(REQUEST, number) for number in muted.values_list("request", flat=True)}
    found = things(set(where.values()) - quiet, person)
    comments = comments_told(events, person)
    return [
        Said(event, thing, tell(event, thing, comments.get(event.pk), person.pk))
        for event in events
        if (thing := found.get(where[event.pk]) if event.pk in where else None)
    ]
