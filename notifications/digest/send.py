"""Sending digests: at any moment, by any number of processes, one per person and week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage
from django.db.models import BigIntegerField, Max, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock
from activity.models import Event
from notifications import leases
from notifications.delivery import Tally, send_claimed
from notifications.digest import preference
from notifications.digest.plan import (
    PEOPLE_PER_BATCH,
    Candidate,
    Standing,
    candidates,
    delivery_key,
    make,
    plan_due,
)
from notifications.digest.render import Shelf, fill_shelf, lay_out
from notifications.digest.select import Selection
from notifications.digest.weeks import Week, last_finished_week
from notifications.mail import absolute, as_read_by, compose, host
from notifications.models import Channel, Delivery, Digest, DigestPreference, State
from notifications.postbox import Postbox
from notifications.zones import company as the_company
from notifications.zones import zone_of
from teams.models import Company, Person

ROWS_PER_CLAIM = 50


class Desk:
    """A few claimed digests with all that is needed to write them, read at once.

    What a reader may see can change while the earlier ones are being sent; then the log has grown, and what
    was read is read again.
    """

    def __init__(self, rows: Sequence[Delivery], now: datetime) -> None:
        self.now = now
        self.company: Company = the_company()
        self.rounds = dict(
            DigestPreference.objects.filter(person__in=[row.person_id for row in rows]).values_list(
                "person", "round"
            )
        )
        weeks = Q(pk__in=[])
        for row in rows:
            weeks |= Q(person=row.person_id, week=_week_of(row).key)
        self.digests = {digest.person_id: digest for digest in Digest.objects.filter(weeks)}
        self.read(rows)

    def read(self, rows: Sequence[Delivery]) -> None:
        self.newest = Event.objects.aggregate(newest=Coalesce(Max("pk"), 0))["newest"]
        people = [row.person for row in rows if row.person_id in self.digests]
        selections = [Selection.from_json(self.digests[person.pk].selection) for person in people]
        self.shelf: Shelf = fill_shelf(people, selections)

    def write(self, row: Delivery) -> EmailMessage | None:
        """The mail of ``row`` as its reader may see it now; None where it must not be sent any more."""
        digest = self.digests.get(row.person_id)
        newest = _newest_event_if_wanted(row.person_id)
        if digest is None or newest is None:
            return None
        if newest != self.newest:
            row.person.refresh_from_db()
            self.read([row])
        zone = zone_of(row.person, self.company)
        week = Week.parse(digest.week)
        if last_finished_week(self.now, zone) > week:
            return None
        with as_read_by(row.person, zone):
            return self._compose(row, digest, week)

    def _compose(self, row: Delivery, digest: Digest, week: Week) -> EmailMessage:
        selection = Selection.from_json(digest.selection)
        sheet = lay_out(row.person, week, digest.period_start, digest.period_end, selection, self.shelf)
        link = preference.token(row.person_id, self.rounds.get(row.person_id, 0))
        off = absolute(reverse("notifications:unsubscribe", args=[link]))
        context = {
            "sheet": sheet,
            "read_url": absolute(sheet.path),
            "preferences_url": absolute(reverse("notifications:digests")),
            "unsubscribe_url": off,
            "why": _("You get this mail once a week."),
        }
        headers = {
            "Message-ID": row.message_id,
            "List-Id": f"Tandem <digest.{host()}>",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return compose(row.person, sheet.subject, "digest", context, headers)


def _week_of(row: Delivery) -> Week:
    return Week.parse(row.dedupe_key.rpartition(":")[2])


def _newest_event_if_wanted(person: int) -> int | None:
    """The newest event's id (0 for none), or None where ``person`` left or gets no digest any more."""
    wanted = Person.objects.filter(pk=person, is_active=True).exclude(digest_preference__weekly=False)
    newest = Subquery(Event.objects.order_by("-pk").values("pk")[:1], output_field=BigIntegerField())
    found = wanted.values_list(Coalesce(newest, 0), flat=True).first()
    return None if found is None else int(found)


def _note_sent(row: Delivery) -> None:
    Digest.objects.filter(person=row.person_id, week=_week_of(row).key).update(sent_at=clock.now())


def deliver_digests(limit: int = 100_000, *, only: Q | None = None, now: datetime | None = None) -> Tally:
    """Send up to about ``limit`` digests that were made and not sent; ``only`` narrows them down."""
    tally = Tally()
    with Postbox() as postbox:
        while tally.total < limit:
            claim = leases.claim([Channel.DIGEST], ROWS_PER_CLAIM, only=only)
            if not claim.rows:
                break
            desk = Desk(claim.rows, now or clock.now())
            tally += send_claimed(claim, desk.write, postbox, _note_sent)
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
    for start in range(0, len(ids), PEOPLE_PER_BATCH):
        people = list(Person.objects.filter(pk__in=ids[start : start + PEOPLE_PER_BATCH]).order_by("pk"))
        _send_batch(candidates(people, now, company), now, week, company, outcome, dry_run)
    return outcome


def _send_batch(
    asked: Sequence[Candidate],
    now: datetime,
    week: Week | None,
    company: Company,
    outcome: Outcome,
    dry_run: bool,
) -> None:
    meant = [row for row in asked if row.person.is_active and week in (None, row.week)]
    due = [row for row in meant if row.standing == Standing.DUE]
    made = [row for row in meant if row.standing == Standing.MADE]
    outcome.skipped += len(asked) - len(due) - len(made)
    if dry_run:
        outcome.sent += len(due)
        outcome.already_sent += len(made)
        return
    make(due, now, company)
    _deliver_batch([*due, *made], now, outcome)


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
