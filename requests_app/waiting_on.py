"""What waits for a person: whose turn it is, and what else only they can answer."""

from datetime import date
from functools import cache

from django.db.models import Case, Exists, OuterRef, Q, When

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
    marketing, it = Q(marketing_owner=person), Q(it_owner=person)
    # Each part names a seat: PostgreSQL finds these few by an index, and asks the rest of them alone.
    for_marketing, for_it = _proposed("assented_marketing"), _proposed("assented_it")
    waits = _turn(person) | (marketing & Q(for_marketing)) | (it & Q(for_it))
    waits |= (marketing & measuring_due(day)) | ((marketing | it) & revisit_due(day))
    proposed = Case(When((marketing & Q(for_marketing)) | (it & Q(for_it)), then=True), default=False)
    return Request.objects.visible_to(person).filter(waits).annotate(proposed=proposed)


def waiting_on_side(person: Person) -> RequestQuerySet:
    """The requests of the teams of ``person`` that wait for somebody else on their side."""
    teams = person.team_ids()
    theirs = Q(turn=Turn.IT, serving_team__in=teams) | Q(turn=Turn.MARKETING, requesting_team__in=teams)
    return Request.objects.visible_to(person).open().filter(theirs).exclude(_turn(person))


def _turn(person: Person) -> Q:
    led = [(team.pk, team.side) for team in person.own_teams() if team.role == Role.LEAD]
    return turn_of([person.pk], led)


@cache
def _proposed(assented: str) -> Exists:
    """Whether a result is proposed to which the side of ``assented`` has not said yes."""
    return Exists(ResultProposal.objects.filter(request=OuterRef("pk"), **{assented: None}))
