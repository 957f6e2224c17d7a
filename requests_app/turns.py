"""Whose turn it is: one rule, as a question to the database and as an answer for a row that was read.

They hold the seat whose turn it is, or lead the team where it is empty; without a serving team an "it" turn
is that of all IT leads, and an empty seat of Marketing in a request from side other is also the turn of its
requester. Where the holder is away it is the turn of their deputy as well, and without a deputy, or in what
not everybody may see, of the leads: for Marketing those of the requesting team, where that is not Marketing's
those of the holder's own teams.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL

from requests_app.choices import OPEN, Turn
from teams.models import Absence, Membership, Side, Team
from teams.models.absences import AbsenceQuerySet


def turn_of(people: Collection[int], led: Iterable[tuple[int, str]]) -> Q:
    """The condition that it is the turn of one of ``people``; ``led`` is (id, side) of the teams led."""
    led = list(led)
    teams = [team for team, _side in led]
    other = Team.objects.filter(side=Side.OTHER).values("pk")
    no_marketer = Q(requester__in=people, requesting_team__in=other)
    no_it_owner = Q(serving_team__in=teams)
    if teams:
        no_marketer |= Q(requesting_team__in=teams)
    if any(side == Side.IT for _team, side in led):
        no_it_owner |= Q(serving_team=None)
    theirs = Q(turn=Turn.MARKETING) & (
        Q(marketing_owner__in=people) | (Q(marketing_owner=None) & no_marketer)
    )
    theirs |= Q(turn=Turn.IT) & (Q(it_owner__in=people) | (Q(it_owner=None) & no_it_owner))
    return Q(status__in=OPEN) & (theirs | _for_absent(people, led))


def _for_absent(people: Collection[int], led: Collection[tuple[int, str]]) -> Q:
    """The condition that one of ``people``, who lead ``led``, stands in for the holder whose turn it is."""
    if not people:
        return Q(pk__in=[])
    represented = _people(Absence.objects.now().with_deputy().filter(deputy__in=people))
    theirs = Q(turn=Turn.MARKETING) & _held_by(represented, "marketing_owner")
    theirs |= Q(turn=Turn.IT) & _held_by(represented, "it_owner")
    serving, asking = ([team for team, its in led if its == side] for side in (Side.IT, Side.MARKETING))
    if serving:
        theirs |= Q(_left_alone("it_owner"), serving_team__in=serving, turn=Turn.IT)
    if asking:
        not_theirs = Team.objects.exclude(side=Side.MARKETING).values("pk")
        others = Q(requesting_team=None) | Q(requesting_team__in=not_theirs)
        own = Q(_left_alone("marketing_owner", of=asking)) & others
        theirs |= Q(turn=Turn.MARKETING) & (
            Q(_left_alone("marketing_owner"), requesting_team__in=asking) | own
        )
    return theirs


def _left_alone(seat: str, of: Collection[int] = ()) -> Q:
    """The condition that the holder of ``seat``, of one of the teams ``of``, is away and leads stand in."""
    away = Absence.objects.now()
    if of:
        away = away.filter(person__memberships__team__in=of)
    alone = _held_by(_people(away.without_deputy()), seat)
    return alone | (_held_by(_people(away), seat) & Q(restricted=True))


def _people(absences: AbsenceQuerySet) -> RawSQL:
    """The absent people, as a list that the database reads once; compiled once, as every page asks for it."""
    sql, values = absences.values("person").query.sql_with_params()
    return RawSQL(f"ARRAY({sql})", values)  # noqa: S611 - what the ORM has written


def _held_by(people: RawSQL, seat: str) -> Q:
    """The condition that one of ``people`` holds ``seat``, found by its index.

    With ``IN (SELECT …)`` the database would ask every request, on every page. Of an empty seat it is false
    and not unknown, so that it can be turned round.
    """
    is_one = Func(
        F(seat), people, arg_joiner=" = ANY (", template="(%(expressions)s))", output_field=BooleanField()
    )
    return Q(is_one, **{f"{seat}__isnull": False})


class Waiting(NamedTuple):
    """What of an open request decides whose turn it is; read with ``WAITING``."""

    turn: str
    marketing_owner: int | None
    it_owner: int | None
    requester: int | None
    requesting_team: int | None
    requesting_side: str | None
    serving_team: int | None
    restricted: bool


WAITING: tuple[Any, ...] = (
    *("turn", "marketing_owner", "it_owner", "requester", "requesting_team"),
    F("requesting_team__side"),
    *("serving_team", "restricted"),
)


class Away(NamedTuple):
    """Who stands in for somebody who is away, None where leads do; the teams of Marketing they are in."""

    deputy: int | None
    marketing_teams: tuple[int, ...] = ()


def away_among(people: Collection[int]) -> dict[int, Away]:
    """Who of ``people`` is away. One query."""
    there = Absence.objects.now().with_deputy().filter(pk=OuterRef("pk"))
    teams = Membership.objects.filter(person=OuterRef("person"), team__side=Side.MARKETING).order_by("team")
    rows = Absence.objects.now().filter(person__in=people)
    found = rows.annotate(there=Exists(there), own=ArraySubquery(teams.values("team")))
    return {
        person: Away(deputy if is_there else None, tuple(own))
        for person, deputy, is_there, own in found.values_list("person", "deputy", "there", "own")
    }


def holders(
    row: Waiting,
    leads: Mapping[int, Set[int]],
    it_leads: Set[int],
    away: Mapping[int, Away] | None = None,
) -> Set[int]:
    """The people whose turn it is in ``row``; ``leads`` are those of each team by its id.

    Who stands in for an owner who is ``away`` shares the turn.
    """
    holding = _holding(row, leads, it_leads)
    owner = row.it_owner if row.turn == Turn.IT else row.marketing_owner
    absent = (away or {}).get(owner or 0)
    if absent is None or row.turn == Turn.NOBODY:
        return holding
    if absent.deputy is not None:
        holding = holding | {absent.deputy}
    if absent.deputy is None or row.restricted:
        holding = holding | {lead for team in _teams_for(row, absent) for lead in leads.get(team, ())}
    return holding


def _teams_for(row: Waiting, absent: Away) -> Collection[int]:
    """The teams whose leads stand in for the owner who is ``absent``."""
    if row.turn == Turn.IT:
        return [row.serving_team] if row.serving_team else []
    if row.requesting_team and row.requesting_side == Side.MARKETING:
        return [row.requesting_team]
    return absent.marketing_teams


def _holding(row: Waiting, leads: Mapping[int, Set[int]], it_leads: Set[int]) -> Set[int]:
    if row.turn == Turn.MARKETING:
        if row.marketing_owner is not None:
            return {row.marketing_owner}
        asking = {row.requester} if row.requesting_side == Side.OTHER and row.requester else set()
        return asking | set(leads.get(row.requesting_team or 0, ()))
    if row.turn == Turn.IT:
        if row.it_owner is not None:
            return {row.it_owner}
        return leads.get(row.serving_team, set()) if row.serving_team else it_leads
    return set()
