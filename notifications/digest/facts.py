"""Reads what digests are selected from: a constant number of queries for a batch of readers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from activity.models import Event, Origin
from knowhow.bridges.mentoring import waiting_pairs
from knowhow.exchanges.reads import coming_with_room, learners
from notifications.audience import DECISIONS, DELIVERED, SEAT_EMPTIED, SUBMITTED, UNDOABLE
from notifications.digest.goal_facts import goal_owners, goals_moved, not_looked_at
from notifications.digest.places import Place, Teams
from notifications.digest.questions import questions_for
from notifications.digest.select import KEPT, Facts, Happening, Held, Reader, Standing
from notifications.sight import seen_by_everybody, sight_beyond
from notifications.taken_back import undone_among
from requests_app.choices import WaitingFor
from requests_app.models import Presence, Request, RoundItem, Watcher
from requests_app.rounds.running import CLOSED
from requests_app.turns import WAITING, Waiting, away_among, holders, turn_of
from teams.models import Company, Person, Side

MOVES = (UNDOABLE | {SUBMITTED}) - DECISIONS - {DELIVERED, SEAT_EMPTIED}
ACHIEVED = "request.outcome_recorded"
TOLD = MOVES | DECISIONS | {DELIVERED, ACHIEVED}
# Nothing takes longer from recording to commit: the database ends such transactions long before.
LATEST_COMMIT = timedelta(hours=1)
STALLED_COMPANY_WIDE = 200
NOBODY: Teams = frozenset()
# More than a reader's list keeps, because some of them may be hidden from the reader.
STALLED_OF_EACH_TEAM = 2 * KEPT


def read_facts(since: datetime, until: datetime, company: Company, teams: Iterable[int]) -> Facts:
    """All that happened from ``since`` to ``until``, and what stalls at ``until``."""
    owners = goal_owners()
    happenings, held = _happenings(since, until, owners), _held(since, until)
    stalled = _stalled(until - timedelta(hours=company.stalled_after_hours), set(teams), owners)
    return Facts(
        moved=[row for row in happenings if row.kind in MOVES],
        decided=[row for row in happenings if row.kind in DECISIONS],
        delivered=[row for row in happenings if row.kind == DELIVERED],
        achieved=[row for row in happenings if row.kind == ACHIEVED],
        stalled=stalled,
        held=held,
        goals=goals_moved(since - LATEST_COMMIT, until),
        unseen=not_looked_at(until),
        coming=coming_with_room(until),
        for_everyone=seen_by_everybody(
            {row.number for row in happenings}
            | {row.number for row in stalled}
            | {number for row in held for number in row.numbers}
        ),
    )


def _happenings(since: datetime, until: datetime, owners: Mapping[int, Teams]) -> list[Happening]:
    told = Event.objects.filter(
        kind__in=TOLD, object_type="request", occurred_at__gte=since - LATEST_COMMIT, occurred_at__lt=until
    )
    told = told.exclude(origin=Origin.IMPORT).order_by("occurred_at", "id")
    events = list(told.only("kind", "object_id", "position", "occurred_at"))
    undone = undone_among(events)
    concerned = _teams_of({event.object_id for event in events}, owners)
    return [
        Happening(
            event.pk,
            event.kind,
            event.object_id,
            event.position,
            event.occurred_at,
            *concerned[event.object_id],
        )
        for event in events
        if event.pk not in undone and event.object_id in concerned
    ]


def _held(since: datetime, until: datetime) -> list[Held]:
    """The rounds that were closed; one that is thrown away with its requests has no agenda. Three queries."""
    closed = Event.objects.filter(
        kind=CLOSED, object_type="round", occurred_at__gte=since - LATEST_COMMIT, occurred_at__lt=until
    )
    events = list(closed.only("object_id", "position", "occurred_at"))
    rounds = [event.object_id for event in events]
    agenda: dict[int, list[tuple[int, Teams]]] = defaultdict(list)
    items = RoundItem.objects.filter(round__in=rounds).order_by("position")
    for pk, number, serving, requesting in items.values_list(
        "round", "request", "request__serving_team", "request__requesting_team"
    ):
        agenda[pk].append((number, _set_of(serving, requesting)))
    present: dict[int, set[int]] = defaultdict(set)
    for pk, person in Presence.objects.filter(round__in=rounds).values_list("round", "person"):
        present[pk].add(person)
    return [
        Held(
            round=event.object_id,
            position=event.position,
            at=event.occurred_at,
            numbers=[number for number, _teams in agenda[event.object_id]],
            teams=frozenset[int]().union(*(teams for _number, teams in agenda[event.object_id])),
            present=present[event.object_id],
        )
        for event in events
    ]


def _teams_of(numbers: set[int], owners: Mapping[int, Teams]) -> dict[int, tuple[Teams, Teams]]:
    """The teams of each request, and those that own its goal."""
    rows = Request.objects.submitted().filter(number__in=numbers)
    return {
        number: (_set_of(serving, requesting), owners.get(goal, NOBODY))
        for number, serving, requesting, goal in rows.values_list(
            "number", "serving_team", "requesting_team", "goal"
        )
    }


def _set_of(*teams: int | None) -> Teams:
    return frozenset(team for team in teams if team)


def _stalled(before: datetime, teams: set[int], owners: Mapping[int, Teams]) -> list[Standing]:
    """The requests that have stood still longest, everywhere and in each of ``teams``; longest first."""
    still = Request.objects.open().filter(progress_at__lt=before).exclude(waiting_for=WaitingFor.OUTSIDE)
    fields = ("progress_at", "number", "status", "turn", "serving_team", "requesting_team", "goal")
    oldest = list(still.order_by("progress_at", "number").values_list(*fields)[:STALLED_COMPANY_WIDE])
    for seat in ("serving_team", "requesting_team"):
        in_order = Window(RowNumber(), partition_by=F(seat), order_by=("progress_at", "number"))
        of_each = still.filter(**{f"{seat}__in": teams}).annotate(place=in_order)
        oldest += of_each.filter(place__lte=STALLED_OF_EACH_TEAM).values_list(*fields)
    return [
        Standing(
            number,
            status,
            turn,
            at.isoformat(),
            _set_of(serving, requesting),
            owners.get(goal, NOBODY),
        )
        for at, number, status, turn, serving, requesting, goal in sorted(set(oldest))
        if at is not None
    ]


@dataclass(frozen=True)
class _Turn:
    """A request that is somebody's turn."""

    standing: Standing
    restricted: bool
    holders: Set[int]


def _turns(people: Sequence[Person], place: Mapping[int, Place]) -> list[_Turn]:
    """What waits for any of ``people``, longest waiting first; whether they may see it is not asked here."""
    led = {team for person in people for team in place[person.pk].led}
    leads, it_leads = _leads(place)
    found = Request.objects.filter(turn_of([person.pk for person in people], led))
    ordered = found.order_by(F("turn_since").asc(nulls_first=True), "number")
    rows = [
        (number, status, since, Waiting(*fields))
        for number, status, since, *fields in ordered.values_list("number", "status", "turn_since", *WAITING)
    ]
    held = {
        owner for *_known, row in rows for owner in (row.marketing_owner, row.it_owner) if owner is not None
    }
    away = away_among(held) if held else {}
    return [
        _Turn(
            Standing(
                number,
                status,
                row.turn,
                since.isoformat() if since else "",
                _set_of(row.serving_team, row.requesting_team),
            ),
            row.restricted,
            holders(row, leads, it_leads, away),
        )
        for number, status, since, row in rows
    ]


def _leads(place: Mapping[int, Place]) -> tuple[dict[int, set[int]], set[int]]:
    """The leads of each team, and those of any team of side IT, among those of whom ``place`` tells."""
    leads: dict[int, set[int]] = defaultdict(set)
    it_leads: set[int] = set()
    for person, row in place.items():
        for team, side in row.led:
            leads[team].add(person)
            if side == Side.IT:
                it_leads.add(person)
    return leads, it_leads


def _own(people: Sequence[Person], facts: Facts) -> dict[int, set[int]]:
    """The requests of ``facts`` that each of ``people`` filed, owns or watches.

    One query; and one for all who will ever ask, as tens of thousands of requests may move in a week.
    """
    if not facts.seats:
        facts.seats.update(_seats(facts.numbers))
    found = {person.pk: set(facts.seats.get(person.pk, ())) for person in people}
    watched = Watcher.objects.filter(person__in=people, request__in=facts.numbers)
    for number, person in watched.values_list("request", "person"):
        found[person].add(number)
    return found


def _seats(numbers: Set[int]) -> dict[int, set[int]]:
    """Those of ``numbers`` that each person filed or owns. One query."""
    found = defaultdict[int, set[int]](set)
    seats = ("requester", "marketing_owner", "it_owner")
    for number, *held in Request.objects.filter(number__in=numbers).values_list("number", *seats):
        for person in held:
            found[person].add(number)
    return found


def readers(people: Sequence[Person], place: Mapping[int, Place], facts: Facts) -> dict[int, Reader]:
    """Each person as a reader of ``facts``, by id."""
    turns, asked = _turns(people, place), questions_for(people, place)
    about = {(row.standing.number, row.restricted) for row in turns} | asked.about
    open_to_all = {number for number, restricted in about if not restricted} | facts.for_everyone
    restricted = {number for number, restricted in about if restricted} | facts.restricted
    sees = sight_beyond(open_to_all, people, restricted)
    waiting: dict[int, list[Standing]] = defaultdict(list)
    for row in turns:
        for person in row.holders & sees.keys():
            if sees[person](row.standing.number):
                waiting[person].append(row.standing)
    learning, pairs, own = learners(people), waiting_pairs(people), _own(people, facts)
    return {
        person.pk: Reader(
            teams=place[person.pk].teams,
            turns=waiting[person.pk],
            sees=sees[person.pk],
            pk=person.pk,
            learner=learning[person.pk],
            pairs=pairs.get(person.pk, ()),
            questions=asked.of(person.pk, sees[person.pk]),
            own=own[person.pk],
        )
        for person in people
    }
