"""Which digests are due, and making them: one row and one delivery per person and week, whatever crashes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from activity import log
from activity.models import Event
from notifications.digest.facts import read_facts, readers
from notifications.digest.period import Period
from notifications.digest.places import places
from notifications.digest.preference import NEVER, Wish, wishes
from notifications.digest.select import Facts, Selection, select
from notifications.digest.told_before import Before, told_before
from notifications.digest.weeks import Rhythm, Week, due_at, hours_into_week, last_finished_week
from notifications.mail import message_id
from notifications.models import Channel, Delivery, Digest
from teams.models import Company, Membership, Person
from teams.zones import company as the_company
from teams.zones import zone_of

PEOPLE_PER_BATCH = 100
FIRST_PERIOD = timedelta(days=7)


class Standing(StrEnum):
    """How a person stands to the digest of the last week that is finished for them."""

    DUE = "due"
    MADE = "made"
    TOO_EARLY = "too early"
    SWITCHED_OFF = "switched off"


@dataclass(frozen=True)
class Candidate:
    """A person, the week whose digest they could get now, and what they got before."""

    person: Person
    zone: ZoneInfo
    week: Week
    standing: Standing
    before: Before
    wish: Wish


def delivery_key(person: int, week: Week) -> str:
    return f"digest:{person}:{week.key}"


def candidates(people: Sequence[Person], now: datetime, company: Company) -> list[Candidate]:
    """How each of ``people`` stands at ``now``."""
    before = told_before(people, now)
    asking = _Asking(now, company, before, set(_made(people, now, company)), wishes(people))
    return [asking.candidate(person) for person in people]


def _made(people: Sequence[Person], now: datetime, company: Company) -> Iterator[int]:
    weeks = {person.pk: last_finished_week(now, zone_of(person, company)) for person in people}
    keys = {week.key for week in weeks.values()}
    rows = Digest.objects.filter(person__in=people, week__gte=min(keys, default=""))
    for person, key, end in rows.values_list("person", "week", "period_end"):
        # Who travels west has a week behind them that was told in the east already; what was made while a
        # clock ran ahead stands for its own week alone.
        if key == weeks[person].key or (key > weeks[person].key and end <= now):
            yield person


@dataclass(frozen=True)
class _Asking:
    """What is known of a batch of people: their last digests and wishes, and who has the week's already."""

    now: datetime
    company: Company
    before: Mapping[int, Before]
    made: Set[int]
    wishes: Mapping[int, Wish]

    def candidate(self, person: Person) -> Candidate:
        zone = zone_of(person, self.company)
        week, wish = last_finished_week(self.now, zone), self.wishes.get(person.pk, Wish())
        before = self.before[person.pk]
        if person.pk in self.made:
            standing = Standing.MADE
        elif wish.every == NEVER:
            standing = Standing.SWITCHED_OFF
        elif self.now < first_moment(before.last, week, zone, wish, self.company):
            standing = Standing.TOO_EARLY
        else:
            standing = Standing.DUE
        return Candidate(person, zone, week, standing, before, wish)


def rhythm_wished(wish: Wish, company: Company) -> Rhythm:
    """The rhythm that somebody wishes; what they leave open is the company's."""
    return Rhythm(
        company.digest_weekday if wish.weekday is None else wish.weekday,
        company.digest_hour if wish.hour is None else wish.hour,
        max(wish.every, 1),
    )


def rhythm_after(previous: Digest | None, wish: Wish, company: Company) -> Rhythm:
    """The rhythm of the next digest: as it was set when the previous one was made; changes count after it."""
    if previous is None:
        return rhythm_wished(wish, company)
    return Rhythm(previous.next_weekday, previous.next_hour, previous.next_every)


def first_moment(
    previous: Digest | None, week: Week, zone: ZoneInfo, wish: Wish, company: Company
) -> datetime:
    """From when the digest of ``week``, or of a later one where ``week`` is left out, may be sent."""
    rhythm = rhythm_after(previous, wish, company)
    if previous is not None:
        week = max(week, Week.parse(previous.week).plus(rhythm.every))
    return due_at(week, zone, rhythm)


def next_at(person: Person, now: datetime, company: Company) -> datetime | None:
    """When the next digest of ``person`` goes out, which may be past where it is due; None for never."""
    (row,) = candidates([person], now, company)
    if row.wish.every == NEVER:
        return None
    week = row.week.plus(1) if row.standing == Standing.MADE else row.week
    return first_moment(row.before.last, week, row.zone, row.wish, company)


def period(before: Before, now: datetime, last: int | None) -> Period:
    """What a digest made at ``now`` tells of: all since the previous one, the first over seven days."""
    ahead = (before.ahead.period_end, before.ahead.last_position) if before.ahead else None
    if before.last is None:
        return Period(now - FIRST_PERIOD, now, None, last, ahead)
    return Period(before.last.period_end, now, before.last.last_position, last, ahead)


def people_to_ask(now: datetime) -> QuerySet[Person]:
    """The active people who may be due at ``now``.

    Zones are left out as long as nobody's hour can have come there; so is who has the week's digest, waits
    for a later day or hour of the week, or reads every second week and had one the week before.
    """
    company = the_company()
    active = Person.objects.filter(is_active=True).exclude(digest_preference__weekly=False)
    by_time: dict[tuple[Week, int], list[str]] = defaultdict(list)
    for name in active.order_by("time_zone").values_list("time_zone", flat=True).distinct():
        zone = zone_of(Person(time_zone=name), company)
        by_time[last_finished_week(now, zone), hours_into_week(now, zone)].append(name)
    waiting = active.annotate(from_hour=_from_hour(company, now))
    return waiting.filter(_may_be_due(by_time, now))


def _from_hour(company: Company, now: datetime) -> Coalesce:
    """The hour of the week from which a person's next digest may be sent, as ``hours_into_week`` counts."""
    sent = Digest.objects.filter(person=OuterRef("pk"), sent_at__isnull=False, period_end__lte=now)
    last = sent.order_by("-period_end")
    weekday = Coalesce(F("digest_preference__weekday"), Value(company.digest_weekday))
    hour = Coalesce(F("digest_preference__hour"), Value(company.digest_hour))
    return Coalesce(
        Subquery(last.values(at=F("next_weekday") * 24 + F("next_hour"))[:1]),
        weekday * 24 + hour,
        output_field=IntegerField(),
    )


def _may_be_due(by_time: Mapping[tuple[Week, int], Sequence[str]], now: datetime) -> Q:
    due = Q(pk__in=[])
    for (week, hours), zones in by_time.items():
        of_person = Digest.objects.filter(person=OuterRef("pk"))
        had_the_last = of_person.filter(week=week.plus(-1).key, next_every=2, sent_at__isnull=False)
        later = Q(week__gt=week.key, period_end__lte=now)
        has_one = Exists(of_person.filter(Q(week=week.key) | later))
        without = Q(time_zone__in=zones) & Q(~has_one) & Q(~Exists(had_the_last))
        # Last, as it is looked up for each person who is left.
        due |= without & Q(from_hour__lte=hours)
    return due


def plan_due(now: datetime) -> int:
    """Make all digests that are due at ``now``; returns how many this call made."""
    ids = list(people_to_ask(now).order_by("pk").values_list("pk", flat=True))
    making, made = Making(ids, now, the_company()), 0
    for start in range(0, len(ids), PEOPLE_PER_BATCH):
        people = Person.objects.filter(pk__in=ids[start : start + PEOPLE_PER_BATCH]).order_by("pk")
        asked = candidates(list(people), now, making.company)
        made += len(making.make([row for row in asked if row.standing == Standing.DUE]))
    return made


class Making:
    """Makes the digests of one moment for ``people`` (ids), batch by batch.

    What happened in the company is read once for all of them, when the first needs it; an earlier beginning
    than that reads it again.
    """

    def __init__(self, people: Sequence[int], now: datetime, company: Company) -> None:
        self.people, self.now, self.company = people, now, company
        self._read: tuple[datetime, int, Facts] | None = None

    def make(self, due: Sequence[Candidate]) -> list[int]:
        """Make the digests of ``due`` and the deliveries that carry them; returns the people who got one now.

        Of two that do this at once, the first one's rows stay; rows are written in the order of people, so
        that the two never wait for each other in a circle.
        """
        if not due:
            return []
        due = sorted(due, key=lambda row: row.person.pk)
        digests = self._select(due)
        with transaction.atomic():
            Digest.objects.bulk_create(digests, ignore_conflicts=True)
            deliveries = [_delivery(row, self.now) for row in due]
            Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        return [row.person.pk for row in due]

    def _facts(self, since: datetime) -> tuple[int, Facts]:
        """The position up to which the log was read, and what happened from ``since`` until then."""
        if self._read is None or since < self._read[0]:
            log.stamp_positions()
            last = Event.objects.aggregate(last=Max("position"))["last"] or 0
            members = Membership.objects.filter(person__in=self.people)
            teams = members.order_by().values_list("team", flat=True).distinct()
            self._read = since, last, read_facts(since, self.now, self.company, teams)
        return self._read[1:]

    def _select(self, due: Sequence[Candidate]) -> list[Digest]:
        people = [row.person for row in due]
        last, facts = self._facts(min(period(row.before, self.now, None).start for row in due))
        by_person = readers(people, places(people), facts)
        periods = [period(row.before, self.now, last) for row in due]
        return [
            self._digest(row, told, select(by_person[row.person.pk], told, facts))
            for row, told in zip(due, periods, strict=True)
        ]

    def _digest(self, row: Candidate, told: Period, chosen: Selection) -> Digest:
        following = rhythm_wished(row.wish, self.company)
        return Digest(
            person=row.person,
            week=row.week.key,
            period_start=told.start,
            period_end=self.now,
            last_position=told.last or 0,
            selection=chosen.as_json(),
            next_weekday=following.weekday,
            next_hour=following.hour,
            next_every=following.every,
            created_at=self.now,
        )


def _delivery(row: Candidate, now: datetime) -> Delivery:
    key = delivery_key(row.person.pk, row.week)
    return Delivery(
        person=row.person,
        channel=Channel.DIGEST,
        dedupe_key=key,
        message_id=message_id(key),
        due_at=Now(),
        created_at=now,
    )
