"""What is offered while somebody types the name of a person or a team."""

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from teams import choosing
from teams.http import AuthedRequest
from teams.models import Side

MOST_NEAR = 5


@require_GET
def people(request: AuthedRequest) -> JsonResponse:
    """People whom ``q`` fits, of the asked sides and team, those of the teams ``near`` first."""
    near = [slug.replace("\0", "") for slug in request.GET.getlist("near")[:MOST_NEAR]]
    offered = choosing.people_offered(_line(request, "q"), _sides(request), _line(request, "team"), near)
    return JsonResponse({"choices": offered})


@require_GET
def teams(request: AuthedRequest) -> JsonResponse:
    """Teams whose names ``q`` fits, of the asked sides."""
    return JsonResponse({"choices": choosing.teams_offered(_line(request, "q"), _sides(request))})


def _line(request: AuthedRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")[: choosing.LONGEST]


def _sides(request: AuthedRequest) -> list[str]:
    return [side for side in request.GET.getlist("side") if side in Side.values]
