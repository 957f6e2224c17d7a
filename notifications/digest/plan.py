"""Which digests are due, and making them: one row and one delivery per person and week, whatever crashes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from activity import log
from activity.models import Event
from notifications.digest.facts import read_facts, readers
from notifications.digest.places import places
from notifications.digest.select import Facts, Period, select
from notifications.digest.weeks import Rhythm, Week, due_at, last_finished_week
from notifications.mail import message_id
from notifications.models import Channel, Delivery, Digest
from notifications.zones import company as the_company
from notifications.zones import zone_of
from teams.models import Company, Membership, Person

PEOPLE_PER_BATCH = 100
FIRST_PERIOD = timedelta(days=7)
# Older digests say nothing about the rhythms that are still in use.
RHYTHM_MEMORY = timedelta(days=90)


class Standing(StrEnum):
    """How a person stands to the digest of the last week that is finished for them."""

    DUE = "due"
    MADE = "made"
    TOO_EARLY = "too early"
    SWITCHED_OFF = "switched off"


@dataclass(frozen=True)
class Candidate:
    """A person, the week whose digest they could get now, and the one they got last."""

    person: Person
    zone: ZoneInfo
    week: Week
    standing: Standing
    previous: Digest | None


def delivery_key(person: int, week: Week) -> str:
    return f"digest:{person}:{week.key}"


def previous_digests(people: Iterable[Person]) -> dict[int, Digest]:
    """The last digest that was sent to each person, by their id."""
    sent = Digest.objects.filter(person__in=people, sent_at__isnull=False)
    return {row.person_id: row for row in sent.order_by("person", "-period_end").distinct("person")}


def candidates(people: Sequence[Person], now: datetime, company: Company) -> list[Candidate]:
    """How each of ``people`` stands at ``now``."""
    previous = previous_digests(people)
    made = set(_made(people, now, company))
    off = set(_switched_off(people))
    return [_candidate(person, now, company, previous.get(person.pk), made, off) for person in people]


def _made(people: Sequence[Person], now: datetime, company: Company) -> Iterator[int]:
    weeks = {person.pk: last_finished_week(now, zone_of(person, company)) for person in people}
    keys = {week.key for week in weeks.values()}
    rows = Digest.objects.filter(person__in=people, week__gte=min(keys, default="")).values_list(
        "person", "week"
    )
    for person, key in rows:
        # Who travels west has a week behind them that was told in the east already.
        if key >= weeks[person].key:
            yield person


def _switched_off(people: Sequence[Person]) -> Iterator[int]:
    off = Person.objects.filter(pk__in=[person.pk for person in people], digest_preference__weekly=False)
    yield from off.values_list("pk", flat=True)


def _candidate(
    person: Person, now: datetime, company: Company, previous: Digest | None, made: set[int], off: set[int]
) -> Candidate:
    zone = zone_of(person, company)
    week = last_finished_week(now, zone)
    if person.pk in made:
        standing = Standing.MADE
    elif person.pk in off:
        standing = Standing.SWITCHED_OFF
    elif now < due_at(week, zone, rhythm_after(previous, company)):
        standing = Standing.TOO_EARLY
    else:
        standing = Standing.DUE
    return Candidate(person, zone, week, standing, previous)


def rhythm_after(previous: Digest | None, company: Company) -> Rhythm:
    """The rhythm of the next digest: as it was set when the previous one was made; changes count after it."""
    if previous is None:
        return Rhythm(company.digest_weekday, company.digest_hour)
    return Rhythm(previous.next_weekday, previous.next_hour)


def period(previous: Digest | None, now: datetime, last: int | None) -> Period:
    """What a digest made at ``now`` tells of: all since the previous one, the first over seven days."""
    if previous is None:
        return Period(now - FIRST_PERIOD, now, None, last)
    return Period(min(previous.period_end, now), now, previous.last_position, last)


def people_to_ask(now: datetime) -> QuerySet[Person]:
    """The active people who may be due at ``now``; whole zones in which it is too early are left out."""
    company = the_company()
    rhythms = {Rhythm(company.digest_weekday, company.digest_hour), *_rhythms_in_use(now)}
    active = Person.objects.filter(is_active=True)
    by_week: dict[str, list[str]] = defaultdict(list)
    for name in active.order_by("time_zone").values_list("time_zone", flat=True).distinct():
        zone = zone_of(Person(time_zone=name), company)
        week = last_finished_week(now, zone)
        if any(now >= due_at(week, zone, rhythm) for rhythm in rhythms):
            by_week[week.key].append(name)
    return active.filter(_without_digest(by_week)).exclude(digest_preference__weekly=False)


def _rhythms_in_use(now: datetime) -> Iterator[Rhythm]:
    recent = Digest.objects.filter(sent_at__gte=now - RHYTHM_MEMORY)
    for weekday, hour in recent.order_by().values_list("next_weekday", "next_hour").distinct():
        yield Rhythm(weekday, hour)


def _without_digest(by_week: dict[str, list[str]]) -> Q:
    wanted = Q(pk__in=[])
    for key, zones in by_week.items():
        has_one = Exists(Digest.objects.filter(person=OuterRef("pk"), week__gte=key))
        wanted |= Q(time_zone__in=zones) & Q(~has_one)
    return wanted


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
        last, facts = self._facts(min(period(row.previous, self.now, None).start for row in due))
        by_person = readers(people, places(people), facts)
        periods = [period(row.previous, self.now, last) for row in due]
        return [
            Digest(
                person=row.person,
                week=row.week.key,
                period_start=told.start,
                period_end=self.now,
                last_position=last,
                selection=select(by_person[row.person.pk], told, facts).as_json(),
                next_weekday=self.company.digest_weekday,
                next_hour=self.company.digest_hour,
                created_at=self.now,
            )
            for row, told in zip(due, periods, strict=True)
        ]


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
