"""Reads the people around many requests in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from notifications.audience import Circle
from notifications.choosing.attention import watching_teams
from requests_app.models import Request, Supporter, Watcher
from teams.models import Membership, Role, Side

Groups = dict[int, set[int]]


def circles(numbers: Iterable[int]) -> dict[int, Circle]:
    """The circle of each request, by its number; drafts have none."""
    requests = list(Request.objects.submitted().filter(number__in=set(numbers)))
    found = [request.number for request in requests]
    watchers = _grouped(Watcher.objects.filter(request__in=found).values_list("request", "person"))
    supporters = _grouped(Supporter.objects.filter(request__in=found).values_list("request", "person"))
    watching = watching_teams({team for request in requests for team in _teams(request)})
    leads, it_leads = _leads({team for request in requests for team in _teams(request)})
    return {
        request.number: Circle(
            requester=request.requester_id,
            owners={owner for owner in (request.marketing_owner_id, request.it_owner_id) if owner},
            seats={Side.MARKETING: request.marketing_owner_id, Side.IT: request.it_owner_id},
            watchers=watchers[request.number],
            team_watchers=set().union(*(watching[team] for team in _teams(request))),
            supporters=supporters[request.number],
            has_serving_team=request.serving_team_id is not None,
            leads={
                Side.MARKETING: leads[request.requesting_team_id or 0],
                Side.IT: leads[request.serving_team_id or 0],
            },
            it_leads=it_leads,
            empty_seats=_empty_seats(request),
        )
        for request in requests
    }


def _empty_seats(request: Request) -> set[str]:
    seats = {Side.MARKETING: request.marketing_owner_id, Side.IT: request.it_owner_id}
    return {side.value for side, holder in seats.items() if holder is None}


def _teams(request: Request) -> list[int]:
    return [team for team in (request.requesting_team_id, request.serving_team_id) if team]


def _grouped(rows: Iterable[tuple[int, int]]) -> Groups:
    groups: Groups = defaultdict(set)
    for key, person in rows:
        groups[key].add(person)
    return groups


def _leads(teams: set[int]) -> tuple[Groups, set[int]]:
    """The leads of each of ``teams``, and all leads of teams of side IT."""
    wanted = Membership.objects.filter(Q(team__in=teams) | Q(team__side=Side.IT), role=Role.LEAD)
    rows = list(wanted.values_list("team", "person", "team__side"))
    leads = _grouped((team, person) for team, person, _side in rows)
    return leads, {person for _team, person, side in rows if side == Side.IT}
