"""Reads what digests are selected from: a constant number of queries for a batch of readers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value

from activity.models import Event, Origin
from notifications.audience import DECISIONS, DELIVERED, SEAT_EMPTIED, SUBMITTED, UNDOABLE
from notifications.digest.select import KEPT, Facts, Happening, Reader, Standing
from notifications.sight import sight
from notifications.taken_back import undone_among
from requests_app.choices import Turn, WaitingFor
from requests_app.models import Request
from requests_app.querysets import my_turn
from teams.models import Company, Membership, Person, Role

MOVES = (UNDOABLE | {SUBMITTED}) - DECISIONS - {DELIVERED, SEAT_EMPTIED}
TOLD = MOVES | DECISIONS | {DELIVERED}
# Nothing takes longer from recording to commit: the database ends such transactions long before.
LATEST_COMMIT = timedelta(hours=1)
STALLED_COMPANY_WIDE = 200
STALLED_OF_TEAMS = 2_000

Teams = frozenset[int]


@dataclass(frozen=True)
class Place:
    """The teams of a reader, and those that they lead with their sides."""

    teams: Teams
    led: tuple[tuple[int, str], ...]


def places(people: Iterable[Person]) -> dict[int, Place]:
    """The place of each person, by id."""
    rows = Membership.objects.filter(person__in=people).values_list("person", "team", "role", "team__side")
    teams: dict[int, set[int]] = defaultdict(set)
    led: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for person, team, role, side in rows:
        teams[person].add(team)
        if role == Role.LEAD:
            led[person].append((team, side))
    return {person.pk: Place(frozenset(teams[person.pk]), tuple(led[person.pk])) for person in people}


def read_facts(since: datetime, until: datetime, company: Company, teams: Iterable[int]) -> Facts:
    """All that happened from ``since`` to ``until``, and what stalls at ``until``."""
    happenings = _happenings(since, until)
    return Facts(
        moved=[row for row in happenings if row.kind in MOVES],
        decided=[row for row in happenings if row.kind in DECISIONS],
        delivered=[row for row in happenings if row.kind == DELIVERED],
        stalled=_stalled(until - timedelta(hours=company.stalled_after_hours), set(teams)),
    )


def _happenings(since: datetime, until: datetime) -> list[Happening]:
    told = Event.objects.filter(
        kind__in=TOLD, object_type="request", occurred_at__gte=since - LATEST_COMMIT, occurred_at__lt=until
    )
    events = list(told.exclude(origin=Origin.IMPORT).defer("actor").order_by("occurred_at", "id"))
    undone = undone_among(events)
    teams = _teams_of({event.object_id for event in events})
    return [
        Happening(
            event.pk, event.kind, event.object_id, event.position, event.occurred_at, teams[event.object_id]
        )
        for event in events
        if event.pk not in undone and event.object_id in teams
    ]


def _teams_of(numbers: set[int]) -> dict[int, Teams]:
    rows = Request.objects.submitted().filter(number__in=numbers)
    return {
        number: _set_of(serving, requesting)
        for number, serving, requesting in rows.values_list("number", "serving_team", "requesting_team")
    }


def _set_of(*teams: int | None) -> Teams:
    return frozenset(team for team in teams if team)


def _stalled(before: datetime, teams: set[int]) -> list[Standing]:
    """The requests that have stood still longest, everywhere and in ``teams``; longest first."""
    still = Request.objects.open().filter(progress_at__lt=before).exclude(waiting_for=WaitingFor.OUTSIDE)
    oldest = still.order_by("progress_at", "number")
    own = oldest.filter(Q(serving_team__in=teams) | Q(requesting_team__in=teams))[:STALLED_OF_TEAMS]
    found = {row.number: row for row in [*oldest[:STALLED_COMPANY_WIDE], *own]}
    return [
        Standing(
            row.number,
            row.status,
            row.turn,
            row.progress_at.isoformat() if row.progress_at else "",
            _set_of(row.serving_team_id, row.requesting_team_id),
        )
        for row in sorted(found.values(), key=lambda row: (row.progress_at or before, row.number))
    ]


def read_turns(people: Sequence[Person], place: dict[int, Place]) -> dict[int, list[Standing]]:
    """What waits for each person among what they may see, longest waiting first."""
    found: dict[int, list[Standing]] = defaultdict(list)
    seated = _seated(people)
    asked = [person for person in people if place[person.pk].led or person.pk in seated]
    questions = [_question(person, place[person.pk]) for person in asked]
    if not questions:
        return found
    rows = questions[0].union(*questions[1:], all=True) if len(questions) > 1 else questions[0]
    for reader, number, status, turn, since, serving, requesting in rows:
        teams = _set_of(serving, requesting)
        found[reader].append(Standing(number, status, turn, since.isoformat() if since else "", teams))
    for standings in found.values():
        standings.sort(key=lambda row: (row.since, row.number))
    return found


def _seated(people: Sequence[Person]) -> set[int]:
    """Those who hold any seat, or filed anything, that is open: only they and leads can be on turn."""
    seats = ("marketing_owner", "it_owner", "requester")
    held = Q(marketing_owner__in=people) | Q(it_owner__in=people) | Q(requester__in=people)
    rows = Request.objects.open().exclude(turn=Turn.NOBODY).filter(held).values_list(*seats).distinct()
    return {person for row in rows for person in row if person is not None}


def _question(person: Person, place: Place) -> QuerySet[Any, Any]:
    waiting = Request.objects.visible_to(person).filter(my_turn(person.pk, place.led))
    fields = ("reader", "number", "status", "turn", "turn_since", "serving_team", "requesting_team")
    asked = waiting.annotate(reader=Value(person.pk, output_field=IntegerField()))
    return asked.order_by("turn_since", "number").values_list(*fields)[:KEPT]


def readers(people: Sequence[Person], place: dict[int, Place], facts: Facts) -> dict[int, Reader]:
    """Each person as a reader of ``facts``, by id."""
    turns = read_turns(people, place)
    happened = [*facts.moved, *facts.decided, *facts.delivered]
    numbers = {row.number for row in happened} | {row.number for row in facts.stalled}
    sees = sight(people, numbers)
    return {person.pk: Reader(place[person.pk].teams, turns[person.pk], sees[person.pk]) for person in people}
