"""Whose turn it is: one rule, as a question to the database and as an answer for a row that was read.

They hold the seat whose turn it is, or lead the team where it is empty; without a serving team an "it" turn
is that of all IT leads, and an empty seat of Marketing in a request from side other is also the turn of its
requester. Where the holder is away it is the turn of their deputy as well, and without a deputy, or in what
not everybody may see, of the leads.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL

from requests_app.choices import OPEN, Turn
from teams.models import Absence, Side, Team
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
    return Q(status__in=OPEN) & (theirs | _for_absent(people, teams))


def _for_absent(people: Collection[int], teams: Collection[int]) -> Q:
    """The condition that one of ``people``, who lead ``teams``, stands in for the holder whose turn it is."""
    if not people:
        return Q(pk__in=[])
    away = Absence.objects.now()
    represented = _people(away.with_deputy().filter(deputy__in=people))
    theirs = Q(turn=Turn.MARKETING) & _held_by(represented, "marketing_owner")
    theirs |= Q(turn=Turn.IT) & _held_by(represented, "it_owner")
    if teams:
        alone, all_away = _people(away.without_deputy()), _people(away)
        for turn, seat, team in (
            (Turn.MARKETING, "marketing_owner", "requesting_team"),
            (Turn.IT, "it_owner", "serving_team"),
        ):
            left = _held_by(alone, seat) | (_held_by(all_away, seat) & Q(restricted=True))
            theirs |= Q(left, **{f"{team}__in": teams}, turn=turn)
    return theirs


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


WAITING: tuple[Any, ...] = (
    *("turn", "marketing_owner", "it_owner", "requester", "requesting_team"),
    F("requesting_team__side"),
    "serving_team",
)


def away_among(people: Collection[int]) -> dict[int, int | None]:
    """Who of ``people`` is away, and who stands in for them; None where their leads do. One query."""
    there = Absence.objects.now().with_deputy().filter(pk=OuterRef("pk"))
    rows = Absence.objects.now().filter(person__in=people).annotate(there=Exists(there))
    found = rows.values_list("person", "deputy", "there")
    return {person: deputy if is_there else None for person, deputy, is_there in found}


def holders(
    row: Waiting,
    leads: Mapping[int, Set[int]],
    it_leads: Set[int],
    away: Mapping[int, int | None] | None = None,
) -> Set[int]:
    """The people whose turn it is in ``row``; ``leads`` are those of each team by its id.

    Who stands in for those who are ``away`` shares the turn.
    """
    holding = _holding(row, leads, it_leads)
    team = row.serving_team if row.turn == Turn.IT else row.requesting_team
    for person in holding & away.keys() if away else ():
        deputy = away[person] if away else None
        holding = holding | ({deputy} if deputy is not None else leads.get(team or 0, set()))
    return holding


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
