"""Seeded requests with comments, watchers and a log that tells how each came to be what it is."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from fractional_indexing import generate_n_keys_between

from activity.locks import Lock
from activity.models import Event, Origin
from requests_app.boards import locks, rank
from requests_app.choices import RequestType, Status, WaitingFor
from requests_app.models import Comment, Request, Supporter, Watcher
from requests_app.scoring.rules import Rules, rules_now
from requests_app.seeding.copying import copy, reserve
from requests_app.seeding.lives import SHARES, Moment, life_of
from requests_app.seeding.people import Company
from requests_app.seeding.scoring import Scored, add_scores
from requests_app.seeding.texts import Phrases
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.turn import refresh_turn
from teams.models import Touchpoint

RESTRICTED = 0.02
# Texts of one request have numbers of their own, so that none occurs twice.
TEXTS_EACH = 64
NEED, OUTCOME, REASON, COMMENTS = 0, 1, 2, 8
FIRST_SERIAL = 1_000_000
MANY_COMMENTS = 20
LATER_THAN_SHAPING = (Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE)
TYPES = tuple(RequestType.values)
REQUEST_COLUMNS = tuple(
    f.attname for f in Request._meta.concrete_fields if f.name not in ("words", "submission_id")
)
EVENT_COLUMNS = (
    *("id", "kind", "object_type", "object_id", "actor_id", "data", "shape"),
    *("occurred_at", "recorded_at", "origin", "position"),
)


@dataclass
class Batch:
    """Rows that are written together."""

    requests: list[Request] = field(default_factory=list)
    events: list[tuple[datetime, str, int, int | None, dict[str, Any]]] = field(default_factory=list)
    comments: list[tuple[Any, ...]] = field(default_factory=list)
    watchers: list[tuple[Any, ...]] = field(default_factory=list)
    supporters: list[tuple[Any, ...]] = field(default_factory=list)
    touchpoints: list[tuple[int, int]] = field(default_factory=list)
    labels: list[tuple[int, int]] = field(default_factory=list)
    scored: Scored = field(default_factory=Scored)


@dataclass
class Maker:
    """Makes requests of one company; ``chance`` alone decides, so a seed gives the same again."""

    company: Company
    phrases: Phrases
    chance: random.Random
    now: datetime
    touchpoints: Sequence[int] = ()
    rules: Rules = field(default_factory=rules_now)

    def write(self, count: int) -> None:
        """Write ``count`` requests and all that belongs to them in one transaction."""
        self.touchpoints = list(Touchpoint.objects.order_by("pk").values_list("pk", flat=True))
        with transaction.atomic():
            for status in Status:
                locks.lock_status(status)
            first = reserve(Request, count)
            batch = Batch()
            for number in range(first, first + count):
                self._make(number, batch)
            _place(batch.requests)
            _write(batch, self.now)

    def _make(self, number: int, batch: Batch) -> None:
        status = self.chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        life = life_of(status, self.chance, self.now)
        request = self._request(number, status, life)
        self._seat(request, status)
        self._facts(request, status, life)
        batch.requests.append(request)
        batch.events += self._events(request, life)
        batch.events += add_scores(request, life, self.chance, self.rules, batch.scored)
        if life:
            self._talk(request, batch)
        chosen = self.chance.sample(self.touchpoints, self.chance.randint(0, 3))
        batch.touchpoints += [(number, touchpoint) for touchpoint in chosen]
        batch.labels.append((number, self.chance.choice(self.company.labels)))

    def _request(self, number: int, status: Status, life: Sequence[Moment]) -> Request:
        began = life[0].at if life else self.now - timedelta(days=self.chance.random() * 30)
        changed = life[-1].at if life else began
        serial = (FIRST_SERIAL + number) * TEXTS_EACH
        return Request(
            number=number,
            status=status,
            title=self.phrases.title(FIRST_SERIAL + number),
            customer_need=self.phrases.text(serial + NEED, self.chance, 3),
            outcome=self.phrases.text(serial + OUTCOME, self.chance, 1),
            type=self.chance.choice(TYPES),
            created_at=began,
            updated_at=changed,
            status_since=next((one.at for one in life if one.status == status), began),
            submitted_at=life[0].at if life else None,
            progress_at=changed if life else None,
            version=len(life) + 1,
            origin=Origin.COMMAND,
        )

    def _seat(self, request: Request, status: Status) -> None:
        """Teams and people, as far as a request in that status has them."""
        company, chance = self.company, self.chance
        request.requesting_team_id = chance.choice(company.asking)
        request.requester_id = chance.choice(company.members[request.requesting_team_id])
        if request.requester_id in company.marketers:
            request.marketing_owner_id = request.requester_id
        elif status not in (Status.DRAFT, Status.SUBMITTED):
            request.marketing_owner_id = chance.choice(sorted(company.marketers))
        # Teams are not asked equally often: the first ones twice as often as the last ones.
        weights = range(2 * len(company.serving), len(company.serving), -1)
        request.serving_team_id = chance.choices(company.serving, weights)[0]
        if status not in (Status.DRAFT, Status.SUBMITTED):
            request.it_owner_id = chance.choice(company.members[request.serving_team_id])

    def _facts(self, request: Request, status: Status, life: Sequence[Moment]) -> None:
        chance = self.chance
        request.restricted = chance.random() < RESTRICTED
        if status in LATER_THAN_SHAPING or chance.random() < 0.4:
            request.goal_id = chance.choice(self.company.goals)
            request.metric, request.unit = self.phrases.titles[request.number % len(self.phrases.titles)], "%"
            request.baseline, request.target = chance.randint(1, 40), chance.randint(41, 90)
            request.measured_on = self.now.date() + timedelta(days=chance.randint(20, 200))
        if chance.random() < 0.3:
            request.deadline = self.now.date() + timedelta(days=chance.randint(-60, 120))
            serial = (FIRST_SERIAL + request.number) * TEXTS_EACH
            request.deadline_reason = self.phrases.text(serial + REASON, chance, 0)
        if status in (Status.IN_REVIEW, Status.DONE):
            request.solution_id = chance.choice(self.company.solutions[request.serving_team_id or 0])
        if status == Status.DONE:
            request.done_at = request.status_since
        if status == Status.PARKED:
            request.revisit_on = self.now.date() + timedelta(days=chance.randint(1, 180))
        if life and life[-1].action == "block":
            request.waiting_for = chance.choice(WaitingFor.values)
            request.blocked_reason = self.phrases.text(
                (FIRST_SERIAL + request.number) * TEXTS_EACH + REASON + 1, chance, 0
            )
        if life:
            refresh_turn(request, life[-1].at)

    def _events(
        self, request: Request, life: Sequence[Moment]
    ) -> Iterator[tuple[datetime, str, int, int | None, dict[str, Any]]]:
        before: str = Status.DRAFT
        for version, step in enumerate(life, start=2):
            data = {"action": step.action, "from": before, "to": step.status, "version": version}
            data |= {"before": {"status": before, "rank": None}}
            if step.action == "assign":
                seats = {"serving_team": request.serving_team_id, "it_owner": request.it_owner_id}
                data |= {"after": seats}
            if step.action in ("park", "decline", "withdraw"):
                serial = (FIRST_SERIAL + request.number) * TEXTS_EACH + REASON + 2
                data |= {"reason": self.phrases.text(serial, self.chance, 0)}
            yield step.at, ACTIONS[step.action].event, request.number, self._actor(request, step), data
            before = step.status

    def _actor(self, request: Request, step: Moment) -> int | None:
        if step.action in ("submit", "withdraw"):
            return request.requester_id
        if step.action == "deliver":
            return request.marketing_owner_id
        return request.it_owner_id or self.chance.choice(self.company.members[request.serving_team_id or 0])

    def _talk(self, request: Request, batch: Batch) -> None:
        chance = self.chance
        count = chance.choices(
            (0, chance.randint(1, 3), chance.randint(3, 8), MANY_COMMENTS), (50, 30, 18, 2)
        )[0]
        people = [*self.company.members[request.serving_team_id or 0], request.requester_id or 0]
        times = sorted(chance.random() for _comment in range(count))
        for n, part in enumerate(times):
            at = request.created_at + (self.now - request.created_at) * part
            serial = (FIRST_SERIAL + request.number) * TEXTS_EACH + COMMENTS + n
            body = self.phrases.text(serial, chance, 1)
            batch.comments.append((request.number, chance.choice(people), body, at))
        for rows in (batch.watchers, batch.supporters):
            for person in sorted(set(chance.sample(people, min(len(people), chance.randint(0, 2))))):
                rows.append((request.number, person, request.created_at))


def _place(requests: Sequence[Request]) -> None:
    by_status: dict[str, list[Request]] = {}
    for request in requests:
        if request.status != Status.DRAFT:
            by_status.setdefault(request.status, []).append(request)
    for status, cards in by_status.items():
        cards.sort(key=lambda card: card.status_since, reverse=status == Status.DONE)
        keys = generate_n_keys_between(rank.bottom_of(status), None, len(cards))
        for card, key in zip(cards, keys, strict=True):
            card.rank = key


def _write(batch: Batch, now: datetime) -> None:
    copy(Request, REQUEST_COLUMNS, ([getattr(r, c) for c in REQUEST_COLUMNS] for r in batch.requests))
    _write_comments(batch)
    copy(Watcher, ("request_id", "person_id", "since"), batch.watchers)
    batch.scored.write()
    copy(Supporter, ("request_id", "person_id", "since"), batch.supporters)
    copy(Request.touchpoints.through, ("request_id", "touchpoint_id"), batch.touchpoints)
    copy(Request.labels.through, ("request_id", "label_id"), batch.labels)
    _write_events(batch, now)


def _write_comments(batch: Batch) -> None:
    first = reserve(Comment, len(batch.comments))
    rows = [(first + n, *row) for n, row in enumerate(batch.comments)]
    columns = ("id", "request_id", "author_id", "body", "created_at", "question_to", "version")
    copy(Comment, columns, [(*row, "", 1) for row in rows])
    batch.events += [(at, "request.commented", number, by, {"comment": n}) for n, number, by, _b, at in rows]


def _write_events(batch: Batch, now: datetime) -> None:
    """In the order of their times, with their positions: nobody waits for a sequencer to stamp them."""
    batch.events.sort(key=lambda event: event[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.SEQUENCER])
        cursor.execute("SELECT COALESCE(MAX(position), 0) FROM activity_event")
        position = int(cursor.fetchone()[0])
    first = reserve(Event, len(batch.events))
    rows = (
        (first + n, kind, "request", number, by, data, 1, at, now, Origin.COMMAND.value, position + 1 + n)
        for n, (at, kind, number, by, data) in enumerate(batch.events)
    )
    copy(Event, EVENT_COLUMNS, rows)
