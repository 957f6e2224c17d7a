"""What waits for a person: whose turn it is, and what else only they can answer."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from requests_app.choices import Turn
from requests_app.models import Request, ResultProposal
from requests_app.querysets import RequestQuerySet
from requests_app.reminding import measuring_due, revisit_due
from requests_app.turns import turn_of
from teams.models import Person, Role


def waiting_on(person: Person, day: date) -> RequestQuerySet:
    """The requests that wait for ``person`` on ``day``, among what they may see.

    Their turn; a proposed result that their seat has not assented to; an outcome that they have to record;
    what they had parked until now. With ``proposed``: whether a result waits for their assent.
    """
    proposed = Exists(_proposals(person))
    seats = Q(marketing_owner=person) | Q(it_owner=person)
    waits = _turn(person) | Q(proposed) | (Q(marketing_owner=person) & measuring_due(day))
    waits |= seats & revisit_due(day)
    return Request.objects.visible_to(person).annotate(proposed=proposed).filter(waits)


def waiting_on_side(person: Person) -> RequestQuerySet:
    """The requests of the teams of ``person`` that wait for somebody else on their side."""
    teams = person.team_ids()
    theirs = Q(turn=Turn.IT, serving_team__in=teams) | Q(turn=Turn.MARKETING, requesting_team__in=teams)
    return Request.objects.visible_to(person).open().filter(theirs).exclude(_turn(person))


def _turn(person: Person) -> Q:
    led = [(team.pk, team.side) for team in person.own_teams() if team.role == Role.LEAD]
    return turn_of([person.pk], led)


def _proposals(person: Person) -> "QuerySet[ResultProposal]":
    marketing = Q(request__marketing_owner=person, assented_marketing=None)
    it = Q(request__it_owner=person, assented_it=None)
    rows: QuerySet[ResultProposal] = ResultProposal.objects.filter(marketing | it, request=OuterRef("pk"))
    return rows
