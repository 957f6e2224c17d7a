"""What the pages and the API show of exchanges, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from activity import clock
from knowhow.exchanges import rights
from knowhow.exchanges.fitting import FITS_WITHIN, Coming, Learner
from knowhow.exchanges.models import (
    Answer,
    Exchange,
    ExchangeMaterial,
    ExchangeProposal,
    ExchangeQuerySet,
    SignUp,
    Standing,
    Wish,
)
from knowhow.skills.models import PersonSkill, SkillWord
from knowhow.skills.reading import IN_DIRECTORY
from knowhow.skills.words import plain
from teams import numbered
from teams.models import Person
from teams.numbered import Page
from teams.people import sides_of

PAGE = 30
MOST_PAGES = 1_000
WORDS_ASKED = 5
# So many of the next ones are looked at for whom they fit.
MOST_FITTED = 200
# Fewer answers would tell who gave which.
ANSWERS_SHOWN_FROM = 3


def exchanges_of(person: Person) -> ExchangeQuerySet:
    """The exchanges that ``person`` may see, with what a list says: host, seats, their own ``standing``."""
    mine = SignUp.objects.filter(exchange=OuterRef("pk"), person=person)
    rows = Exchange.objects.visible_to(person).counted().select_related("host")
    return rows.annotate(standing=Subquery(mine.values("standing")[:1]))


def coming(person: Person, now: datetime) -> ExchangeQuerySet:
    """What is planned and not over yet, the next first."""
    return exchanges_of(person).planned().filter(ends_at__gt=now).order_by("starts_at", "pk")


def past(person: Person, now: datetime) -> ExchangeQuerySet:
    """What took place, the last first."""
    return exchanges_of(person).planned().filter(ends_at__lte=now).order_by("-ends_at", "-pk")


def of_person(person: Person, now: datetime) -> ExchangeQuerySet:
    """What ``person`` hosts, has a seat in or waits for, the next first; also cancelled ones."""
    rows = exchanges_of(person).filter(ends_at__gt=now)
    own = rows.filter(Q(host=person) | Q(standing__in=[Standing.SEAT, Standing.WAITING]))
    return own.order_by("starts_at", "pk")


def matching(rows: ExchangeQuerySet, words: str) -> ExchangeQuerySet:
    """Those in whose title, topic, promise or host's name all ``words`` stand."""
    for word in words.split()[:WORDS_ASKED]:
        there = Q(title__icontains=word) | Q(topic__icontains=word) | Q(ability__icontains=word)
        rows = rows.filter(there | Q(host__name__icontains=word))
    return rows


def page_of(rows: ExchangeQuerySet, number: int) -> Page[Exchange]:
    """A page of ``rows``."""
    return numbered.page_of(rows, number, PAGE, MOST_PAGES)


def open_proposals(person: Person) -> "QuerySet[ExchangeProposal]":
    """What is wished for and has no host yet, with ``voices`` and whether it is ``wished`` by ``person``."""
    mine = Wish.objects.filter(proposal=OuterRef("pk"), person=person)
    rows = ExchangeProposal.objects.filter(closed_at=None).select_related("proposer")
    counted = rows.annotate(voices=Count("wishes", filter=Q(wishes__person__is_active=True)))
    return counted.annotate(wished=Exists(mine)).order_by("-voices", "-created_at", "pk")


@dataclass(frozen=True)
class Looked:
    """An exchange with all that its page shows to one person."""

    exchange: Exchange
    seated: list[SignUp]
    queue: list[SignUp]
    own: SignUp | None
    materials: list[ExchangeMaterial]
    series: list[Exchange]
    answers: list[tuple[str, int]]
    now: datetime
    may_keep: bool
    # Whether it is a day of job shadowing that would cross no border between sides.
    stays_on_one_side: bool

    @property
    def has_begun(self) -> bool:
        return self.exchange.starts_at <= self.now

    @property
    def is_over(self) -> bool:
        return self.exchange.ends_at <= self.now

    @property
    def free(self) -> int:
        return max(0, self.exchange.seats - len(self.seated))

    @property
    def place_in_queue(self) -> int:
        """From 1; 0 for who does not wait."""
        waiting = [one.pk for one in self.queue]
        return waiting.index(self.own.pk) + 1 if self.own and self.own.pk in waiting else 0

    @property
    def has_seat(self) -> bool:
        return self.own is not None and self.own.standing == Standing.SEAT

    @property
    def asked_for_answer(self) -> bool:
        """Whether the one question is theirs to answer."""
        there = self.own is not None and self.own.attended is not False
        return self.is_over and self.has_seat and there and not self.exchange.is_cancelled

    @property
    def attendance_is_open(self) -> bool:
        return any(one.attended is None for one in self.seated)


def look_at(person: Person, pk: int) -> Looked:
    """The exchange as ``person`` sees it. Four queries, five for one of a series.

    :raises Http404: where there is none for them.
    """
    exchange = rights.get_exchange(person, pk, exchanges_of(person))
    signups = SignUp.objects.filter(exchange=exchange).exclude(standing=Standing.LEFT)
    people = list(signups.select_related("person").order_by("since", "pk"))
    seated = sorted((one for one in people if one.place), key=lambda one: one.place or 0)
    return Looked(
        exchange=exchange,
        seated=seated,
        queue=[one for one in people if one.standing == Standing.WAITING],
        own=next((one for one in people if one.person_id == person.pk), None),
        materials=list(exchange.materials.order_by("added_at", "pk")),
        series=_series(exchange),
        answers=answers_told(seated),
        now=clock.now(),
        may_keep=rights.may_keep(person, exchange),
        stays_on_one_side=exchange.is_shadowing and rights.is_same_side(person, exchange.host),
    )


def _series(exchange: Exchange) -> list[Exchange]:
    if exchange.series_id is None:
        return []
    return list(Exchange.objects.filter(series=exchange.series_id).order_by("starts_at", "pk"))


def answers_told(seated: Sequence[SignUp]) -> list[tuple[str, int]]:
    """How many gave which answer, in words; nothing before enough did."""
    given = Counter(one.answer for one in seated if one.answer)
    if given.total() < ANSWERS_SHOWN_FROM:
        return []
    return [(str(answer.label), given[answer.value]) for answer in Answer]


def coming_with_room(now: datetime) -> list[Coming]:
    """What begins soon and has a free seat, the next first. Two queries."""
    soon = Exchange.objects.planned().filter(starts_at__gt=now, starts_at__lte=now + FITS_WITHIN)
    rows = soon.with_room().filter(host__is_active=True).select_related("host")
    found = list(rows.order_by("starts_at", "pk")[:MOST_FITTED])
    meant = _skills_meant(row.topic for row in found)
    return [
        Coming(
            exchange=row.pk,
            host=row.host_id,
            host_sides=frozenset(sides_of(row.host)),
            skill=meant.get(plain(row.topic)),
            series=row.series_id,
        )
        for row in found
    ]


def _skills_meant(topics: Iterable[str]) -> dict[str, int]:
    """The skill of the directory that each topic is called like, by the topic in plain letters."""
    words = {plain(topic) for topic in topics if topic.strip()}
    found = SkillWord.objects.filter(text__in=words, skill__state__in=IN_DIRECTORY)
    return dict(found.values_list("text", "skill")) if words else {}


def learners(people: Iterable[Person]) -> dict[int, Learner]:
    """Each of ``people`` as somebody whom an exchange may fit, by id. Two queries."""
    people = list(people)
    wants, known = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    rows = PersonSkill.objects.counted().filter(person__in=people, wants=True)
    for person, skill in rows.values_list("person", "skill"):
        wants[person].add(skill)
    signed = SignUp.objects.filter(person__in=people, exchange__starts_at__gt=clock.now())
    for person, exchange in signed.values_list("person", "exchange"):
        known[person].add(exchange)
    return {one.pk: Learner(one.pk, frozenset(sides_of(one)), wants[one.pk], known[one.pk]) for one in people}
