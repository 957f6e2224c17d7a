"""The queue of new requests: the list at the left, one request at the right, the decision beneath."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from requests_app.choices import Status
from requests_app.models import Request
from requests_app.workflow.perform import evaluate
from requests_app.workflow.verdicts import Verdict
from teams.http import AuthedRequest
from teams.models import Person, Side, Team

# So many are shown at once; who has more decides on the first ones first.
SHOWN = 50
# What a line of the queue shows.
QUEUED = ("title", "status_since", "difference", "requesting_team__name")
DECISIONS = ("assign", "shape", "park", "decline", "merge")


@require_GET
def triage(request: AuthedRequest) -> HttpResponse:
    """The queue of the person's teams, or of all, and the chosen request."""
    own_teams = list(request.user.teams.filter(side=Side.IT))
    scope = "all" if request.GET.get("scope") == "all" or not own_teams else "ours"
    waiting = queue(request.user, own_teams if scope == "ours" else None)
    shown = list(waiting[: SHOWN + 1])
    at = _chosen(request, shown)
    chosen = Request.objects.with_people().get_visible(request.user, shown[at].pk) if shown else None
    context = {
        "queue": shown[:SHOWN],
        "more": len(shown) > SHOWN,
        "scope": scope,
        "own_teams": own_teams,
        "chosen": chosen,
    }
    return render(
        request, "requests_app/triage.html", context | _decision(request.user, chosen, own_teams, shown, at)
    )


def queue(person: Person, teams: list[Team] | None) -> QuerySet[Request]:
    """New requests that ``person`` may see, in the one order; of ``teams`` those that they could serve."""
    rows = Request.objects.visible_to(person).filter(status=Status.SUBMITTED)
    rows = rows.select_related("requesting_team").only(*QUEUED)
    if teams is not None:
        rows = rows.filter(Q(serving_team__in=teams) | Q(serving_team=None))
    return rows.order_by("rank")


def _chosen(request: AuthedRequest, shown: list[Request]) -> int:
    """The place of the request that is asked for; the first where it is not among them."""
    wanted = request.GET.get("request", "")
    return next((at for at, one in enumerate(shown) if str(one.number) == wanted), 0)


def _decision(
    person: Person, chosen: Request | None, own_teams: list[Team], shown: list[Request], at: int
) -> dict[str, Any]:
    if chosen is None:
        return {}
    verdicts = {verdict.action: verdict for verdict in evaluate(chosen, person)}
    return {
        "decisions": [verdicts[name] for name in DECISIONS],
        "take": _take(chosen, verdicts["assign"], own_teams, person),
        "previous": _address(shown[at - 1]) if at else "",
        "next": _address(shown[at + 1]) if at + 1 < len(shown) else "",
    }


def _take(chosen: Request, assign: Verdict, own_teams: list[Team], person: Person) -> dict[str, int] | None:
    """What one press of *take* assigns: the person, and their team where none is chosen yet."""
    if not assign.allowed or chosen.it_owner_id or not own_teams or chosen.marketing_owner_id == person.pk:
        return None
    if chosen.serving_team_id is None:
        return {"it_owner": person.pk, "serving_team": own_teams[0].pk} if len(own_teams) == 1 else None
    return {"it_owner": person.pk} if chosen.serving_team in own_teams else None


def _address(request: Request) -> str:
    return f"{reverse('requests:triage')}?request={request.number}"
