"""Sending digests: at any moment, by any number of processes, one per person and week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from activity import clock, log
from notifications import leases
from notifications.bundles import Bundle
from notifications.delivery import Letter, Tally, send_claimed
from notifications.digest import letter, preference
from notifications.digest.length import fitted
from notifications.digest.plan import (
    PEOPLE_PER_BATCH,
    Candidate,
    Making,
    Standing,
    candidates,
    delivery_key,
    plan_due,
)
from notifications.digest.render import lay_out
from notifications.digest.select import Selection
from notifications.digest.shelf import Shelf, fill_shelf
from notifications.digest.weeks import Week, last_finished_week, weeks_between
from notifications.mail import absolute, addressed, as_read_by, host
from notifications.models import Channel, Delivery, Digest, DigestPreference, State
from notifications.postbox import Postbox
from teams.models import Company, Person
from teams.zones import company as the_company
from teams.zones import zone_of

ROWS_PER_CLAIM = 100


class Desk:
    """A few claimed digests with all that is needed to write them, read at once.

    What a reader may see can change while the earlier ones are being sent; then the log has grown, and for
    those that are still to be written all is read again.
    """

    def __init__(self, rows: Sequence[Delivery], now: datetime) -> None:
        self.now = now
        self.company: Company = the_company()
        self.rounds = dict(
            DigestPreference.objects.filter(person__in=[row.person_id for row in rows]).values_list(
                "person", "round"
            )
        )
        self.digests = _digests(rows)
        # The day before, as no zone lies further behind.
        self.weeks = {
            week
            for one in self.digests.values()
            for week in weeks_between((one.period_start - timedelta(days=1)).date(), Week.parse(one.week))
        }
        self.waiting = {row.pk: row for row in rows if row.pk in self.digests}
        self.read()

    def read(self) -> None:
        # So that asking for the log's length is cheap.
        log.stamp_positions()
        self.length = log.length()
        self.people = Person.objects.in_bulk([row.person_id for row in self.waiting.values()])
        self.shelf: Shelf = fill_shelf(
            {
                pk: (self.people[row.person_id], Selection.from_json(self.digests[pk].selection))
                for pk, row in self.waiting.items()
            },
            self.weeks,
        )

    def letter(self, rows: Bundle) -> Letter | None:
        """As ``write``, of the one delivery that each digest has."""
        mail = self.write(rows[0])
        return Letter(mail, rows) if mail else None

    def write(self, row: Delivery) -> EmailMessage | None:
        """The mail of ``row`` as its reader may see it now; None where it must not be sent any more."""
        if row.pk not in self.waiting:
            return None
        length, is_wanted = _stands(row.person_id)
        if not is_wanted:
            return None
        if length != self.length:
            self.read()
        del self.waiting[row.pk]
        person, digest = self.people[row.person_id], self.digests[row.pk]
        zone, week = zone_of(person, self.company), Week.parse(digest.week)
        if last_finished_week(self.now, zone) > week:
            return None
        with as_read_by(person, zone):
            return self._compose(row, person, digest, week)

    def _compose(self, row: Delivery, person: Person, digest: Digest, week: Week) -> EmailMessage:
        sheet = fitted(lay_out(row.pk, week, digest.period_start, digest.period_end, self.shelf))
        link = preference.token(person.pk, self.rounds.get(person.pk, 0))
        off = absolute(reverse("notifications:unsubscribe", args=[link]))
        bodies = letter.write(sheet, person.name, off)
        headers = {
            "Message-ID": row.message_id,
            "List-Id": f"Tandem <digest.{host()}>",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return addressed(person, sheet.subject, bodies.text, bodies.html, headers)


def _digests(rows: Sequence[Delivery]) -> dict[int, Digest]:
    """The digest that each delivery carries, by the delivery's id."""
    weeks = {_week_of(row).key for row in rows}
    found = Digest.objects.filter(person__in=[row.person_id for row in rows], week__in=weeks)
    by_key = {delivery_key(digest.person_id, Week.parse(digest.week)): digest for digest in found}
    return {row.pk: by_key[row.dedupe_key] for row in rows if row.dedupe_key in by_key}


def _week_of(row: Delivery) -> Week:
    return Week.parse(row.dedupe_key.rpartition(":")[2])


# Both of these are asked for each digest, and putting them together would take longer than the answer.
_SENT = "UPDATE notifications_digest SET sent_at = %s WHERE person_id = %s AND week = %s"
_STANDS = f"SELECT ({log.LENGTH}), {preference.IS_WANTED}"


def _stands(person: int) -> tuple[int, bool]:
    """How long the log is, and whether the person with this id still wants their digest."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, {"person": person})
        length, is_wanted = cursor.fetchone()
        return int(length), bool(is_wanted)


def _note_sent(row: Delivery) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [clock.now(), row.person_id, _week_of(row).key])


def deliver_digests(limit: int = 100_000, *, only: Q | None = None, now: datetime | None = None) -> Tally:
    """Send up to about ``limit`` digests that were made and not sent; ``only`` narrows them down."""
    tally = Tally()
    with Postbox() as postbox:
        while tally.total < limit:
            claim = leases.claim([Channel.DIGEST], ROWS_PER_CLAIM, only=only)
            if not claim.rows:
                break
            desk = Desk(claim.rows, now or clock.now())
            tally += send_claimed(claim, [[row] for row in claim.rows], desk.letter, postbox, sent=_note_sent)
    return tally


@dataclass
class Outcome:
    """What ``send_due_digests`` did, by people; ``remarks`` are for the operator."""

    sent: int = 0
    already_sent: int = 0
    skipped: int = 0
    failed: int = 0
    remarks: tuple[str, ...] = ()


def send_due_digests(
    now: datetime, week: Week | None = None, to: Person | None = None, dry_run: bool = False
) -> Outcome:
    """Make and send the digests that are due at ``now``; only of ``week``, only to ``to``, where given.

    Nobody gets the same week twice. With ``dry_run`` nothing is made, and ``sent`` counts what would be sent.
    """
    outcome, company = Outcome(), the_company()
    active = Person.objects.filter(is_active=True) if to is None else Person.objects.filter(pk=to.pk)
    ids = list(active.order_by("pk").values_list("pk", flat=True))
    making = Making(ids, now, company)
    for start in range(0, len(ids), PEOPLE_PER_BATCH):
        people = list(Person.objects.filter(pk__in=ids[start : start + PEOPLE_PER_BATCH]).order_by("pk"))
        _send_batch(candidates(people, now, company), making, week, outcome, dry_run)
    return outcome


def _send_batch(
    asked: Sequence[Candidate], making: Making, week: Week | None, outcome: Outcome, dry_run: bool
) -> None:
    meant = [row for row in asked if row.person.is_active and week in (None, row.week)]
    due = [row for row in meant if row.standing == Standing.DUE]
    made = [row for row in meant if row.standing == Standing.MADE]
    outcome.skipped += len(asked) - len(due) - len(made)
    if dry_run:
        outcome.sent += len(due)
        outcome.already_sent += len(made)
        return
    making.make(due)
    _deliver_batch([*due, *made], making.now, outcome)


def _deliver_batch(rows: Sequence[Candidate], now: datetime, outcome: Outcome) -> None:
    keys = [delivery_key(row.person.pk, row.week) for row in rows]
    tally = deliver_digests(only=Q(dedupe_key__in=keys), now=now)
    others = Delivery.objects.filter(dedupe_key__in=keys).exclude(pk__in=tally.touched)
    skipped = others.filter(state=State.SKIPPED).count()
    # What another process is sending now will be sent by it; what waits for another attempt has failed.
    failed = others.filter(Q(state=State.DEAD) | Q(state=State.WAITING, leased_until=None)).count()
    outcome.sent += tally.sent
    outcome.skipped += tally.skipped + skipped
    outcome.failed += tally.failed + failed
    outcome.already_sent += len(rows) - tally.total - skipped - failed


__all__ = ["Outcome", "deliver_digests", "plan_due", "send_due_digests"]
