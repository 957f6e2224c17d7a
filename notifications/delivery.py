"""The way out for mail: claim a few, look again who may see, send, mark that row done; one after another."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from notifications import exchange_mail, leases, taken_back, test_mail
from notifications.incoming import answering
from notifications.leases import Claim
from notifications.mail import about_request, as_read_by
from notifications.minutes_mail import about_round
from notifications.models import Channel, Delivery, State
from notifications.news import comments_told
from notifications.postbox import Postbox, Refused
from notifications.zones import zone_of
from requests_app.models import Request
from requests_app.rounds.running import CLOSED
from teams.deliverable import address_failed

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
                count(tally, row, _attempt(claim, row, compose, postbox, sent))
    finally:
        leases.release(claim)
    return tally


def count(tally: Tally, row: Delivery, state: State) -> None:
    """Note what became of ``row``."""
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
        if error.is_of_address:
            address_failed(row.person, str(error), by=None)
        return State.DEAD
    except Exception as error:
        logger.warning("%s could not be sent: %r", row, error)
        return leases.try_later(claim, row, repr(error))
    with transaction.atomic():
        if leases.finish(claim, row, State.DONE):
            sent(row)
    return State.DONE


def _compose_alone(row: Delivery) -> EmailMessage | None:
    """A mail that tells of no event: what its key says that it is about."""
    if row.dedupe_key.startswith(answering.KEY):
        return answering.about_mail(row)
    return test_mail.about_test(row) if row.dedupe_key.startswith(test_mail.KEY) else None


def compose_news(row: Delivery) -> EmailMessage | None:
    """The mail of ``row`` about its event; None where that is undone, or the request hidden or muted."""
    row.person.refresh_from_db()
    event = row.event
    if not row.person.is_active or row.person.mail_fails_since:
        return None
    if event is None:
        with as_read_by(row.person, zone_of(row.person)):
            return _compose_alone(row)
    if taken_back.undone_among([event]):
        return None
    if event.kind == CLOSED:
        with as_read_by(row.person, zone_of(row.person)):
            return about_round(row, event)
    if exchange_mail.is_about_exchange(event):
        with as_read_by(row.person, zone_of(row.person)):
            return exchange_mail.about_exchange(row, event)
    wanted = Request.objects.visible_to(row.person).exclude(mutes__person=row.person)
    request = wanted.filter(number=event.object_id).first()
    if request is None:
        return None
    with as_read_by(row.person, zone_of(row.person)):
        return about_request(row, request, comments_told([event], row.person).get(event.pk))
