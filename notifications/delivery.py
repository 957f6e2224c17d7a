"""The way out for mail: claim a few, look again who may see, send, mark them done; one mail after another."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from notifications import bundles, exchange_mail, leases, test_mail
from notifications.bundles import ALONE, Bundle
from notifications.holding import Hold, hold
from notifications.incoming import answering
from notifications.leases import Claim
from notifications.mail import as_read_by, letter
from notifications.minutes_mail import about_round
from notifications.models import Channel, Delivery, State
from notifications.news import Said, comments_told, tell
from notifications.postbox import Postbox, Refused
from notifications.rechecks import still_told
from notifications.things import Place, things
from requests_app.rounds.running import CLOSED
from teams.deliverable import address_failed
from teams.models import Person
from teams.zones import zone_of

logger = logging.getLogger(__name__)

ROWS_PER_CLAIM = 20
# Why a delivery ends that was not sent: for operators, as all errors are.
NOTHING_LEFT = "nothing of it is left that its reader may or wants to be told"


@dataclass(frozen=True)
class Letter:
    """A mail and the deliveries that it tells; what else was to be in it must not be told any more."""

    mail: EmailMessage
    rows: Bundle


# Composes one mail of deliveries as its reader may see them now; None: there is nothing (more) to send.
Composer = Callable[[Bundle], Letter | None]
Sent = Callable[[Delivery], object]
Holds = Callable[[Person], Hold | None]


def _nothing_more(_row: Delivery) -> None:
    """What else has to be noted with a mail about an event that went out."""


def _never(_person: Person) -> None:
    """When mail waits that has its own hour."""


@dataclass
class Tally:
    """What became of the mails that this worker had; ``touched`` are the deliveries in them."""

    sent: int = 0
    skipped: int = 0
    failed: int = 0
    waiting: int = 0
    touched: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return self.sent + self.skipped + self.failed + self.waiting

    def note(self, rows: Sequence[Delivery], state: State | None) -> None:
        """Count what became of ``rows``, which went as one; None: they wait."""
        self.touched |= {row.pk for row in rows}
        if state is None:
            self.waiting += 1
        elif state == State.DONE:
            self.sent += 1
        elif state == State.SKIPPED:
            self.skipped += 1
        else:
            self.failed += 1

    def __iadd__(self, other: "Tally") -> "Tally":
        self.sent += other.sent
        self.skipped += other.skipped
        self.failed += other.failed
        self.waiting += other.waiting
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
            whole, gathered = bundles.gather(claim)
            tally += send_claimed(whole, gathered, compose_news, postbox, holds=hold)
    return tally


def send_claimed(
    claim: Claim,
    gathered: Sequence[Bundle],
    compose: Composer,
    postbox: Postbox,
    *,
    sent: Sent = _nothing_more,
    holds: Holds = _never,
) -> Tally:
    """Send each bundle of ``claim`` as far as it is still ours; what was not come to is given back.

    ``sent`` is called for each delivery in the transaction that marks it as done.
    """
    tally = Tally()
    way = _Way(claim, compose, postbox, sent, holds)
    try:
        for bundle in gathered:
            rows = leases.renew(claim, bundle)
            if rows:
                tally.note(rows, way.attempt(rows))
    finally:
        leases.insist(lambda: leases.release(claim))
    return tally


@dataclass(frozen=True)
class _Way:
    """How the mails of one claim are written and sent."""

    claim: Claim
    compose: Composer
    postbox: Postbox
    sent: Sent
    holds: Holds

    def attempt(self, rows: Bundle) -> State | None:
        """Try to send ``rows`` as one mail; returns the state they are in then, None where they wait."""
        if leases.exhausted(rows):
            error = rows[0].last_error or "every attempt ended a worker"
            leases.finish(self.claim, rows, State.DEAD, error)
            return State.DEAD
        # What somebody has just asked for themselves waits for no quiet hours.
        if rows[0].event is not None and (held := self.holds(rows[0].person)) is not None:
            leases.put_off(self.claim, rows, held.until, held.together)
            return None
        try:
            rows, letter = self._compose(rows)
            if letter is None:
                leases.finish(self.claim, rows, State.SKIPPED, NOTHING_LEFT)
                return State.SKIPPED
            self.postbox.send(letter.mail)
        except Refused as error:
            logger.warning("%s was refused for good: %s", rows[0], error)
            leases.finish(self.claim, rows, State.DEAD, str(error))
            if error.is_of_address:
                address_failed(rows[0].person, str(error), by=None)
            return State.DEAD
        except Exception as error:
            logger.warning("%s could not be sent: %r", rows[0], error)
            return leases.try_later(self.claim, rows, repr(error))
        leases.insist(lambda: self._note(rows, letter))
        return State.DONE

    def _compose(self, rows: Bundle) -> tuple[Bundle, Letter | None]:
        """The mail of those ``rows`` that can be written; the others are tried alone, later."""
        try:
            return rows, self.compose(rows)
        except Exception:
            if len(rows) == 1:
                raise
            logger.exception("%s and %d more could not be written as one mail", rows[0], len(rows) - 1)
        well = [row for row in rows if self._can_be_written(row)]
        if not well:
            raise ValueError(f"none of {len(rows)} deliveries can be written")
        bundles.rename(well)
        return well, self.compose(well)

    def _can_be_written(self, row: Delivery) -> bool:
        bundles.rename([row])
        try:
            self.compose([row])
        except Exception as error:
            leases.try_later(self.claim, [row], repr(error))
            return False
        return True

    def _note(self, rows: Bundle, letter: Letter) -> None:
        told = {row.pk for row in letter.rows}
        with transaction.atomic():
            untold = [row for row in rows if row.pk not in told]
            leases.finish(self.claim, untold, State.SKIPPED, NOTHING_LEFT)
            if leases.finish(self.claim, letter.rows, State.DONE):
                for row in letter.rows:
                    self.sent(row)


def compose_news(rows: Bundle) -> Letter | None:
    """The mail of ``rows``, all of one person, about what may still be told of them; None for nothing."""
    person = rows[0].person
    person.refresh_from_db()
    for row in rows:
        row.person = person
    if not person.is_active or person.mail_fails_since:
        return None
    with as_read_by(person, zone_of(person)):
        first = rows[0].event
        if first is None or first.kind in ALONE:
            mail = _alone(rows[0])
            return Letter(mail, rows) if mail else None
        about = still_told(rows, Channel.MAIL)
        told = said_to(person, about)
        if not told:
            return None
        return Letter(letter(person, rows[0].message_id, list(told.values())), list(told))


def _alone(row: Delivery) -> EmailMessage | None:
    """A mail that has a text of its own, as it stands now."""
    if row.event is None:
        return _about_no_event(row)
    return (about_round if row.event.kind == CLOSED else exchange_mail.about_exchange)(row, row.event)


def _about_no_event(row: Delivery) -> EmailMessage | None:
    """A mail that tells of no event: what its key says that it is about."""
    if row.dedupe_key.startswith(answering.KEY):
        return answering.about_mail(row)
    return test_mail.about_test(row) if row.dedupe_key.startswith(test_mail.KEY) else None


def said_to(person: Person, about: dict[Delivery, Place]) -> dict[Delivery, Said]:
    """What ``person`` is told, in words; what is gone is left out."""
    found = things(about.values(), person)
    comments = comments_told([row.event for row in about if row.event], person)
    return {
        row: Said(row.event, thing, tell(row.event, thing, comments.get(row.event.pk), person.pk), row)
        for row, place in about.items()
        if row.event is not None and (thing := found.get(place)) is not None
    }
