"""What an action changes beside status, place and turn; each effect returns what its event tells besides.

The request is changed without saving: ``perform`` saves it, with everything else, once.
"""

from typing import Any, cast

from knowhow.models import Solution
from knowhow.solutions.catalogue import add_to_catalogue
from knowhow.solutions.fields import SolutionFields
from requests_app.models import Request
from requests_app.workflow.conditions import measuring_date, takes_it_seat
from requests_app.workflow.inputs import Explainer, Unset
from requests_app.workflow.situation import Situation

Data = dict[str, Any]


def nothing(s: Situation) -> Data:
    return {}


def assign(s: Situation) -> Data:
    request, inputs = s.request, s.inputs
    if not isinstance(inputs.serving_team, Unset):
        request.serving_team = inputs.serving_team
    if not isinstance(inputs.it_owner, Unset):
        request.it_owner = inputs.it_owner
    if not isinstance(inputs.marketing_owner, Unset):
        request.marketing_owner = inputs.marketing_owner
    return {}


def shape(s: Situation) -> Data:
    if takes_it_seat(s):
        s.request.it_owner = s.by
    return {}


def park(s: Situation) -> Data:
    s.request.revisit_on = s.inputs.revisit_on
    return {"revisit_on": s.inputs.revisit_on}


def decline(s: Situation) -> Data:
    if s.inputs.solution is None:
        return {}
    s.request.solution = s.inputs.solution
    return {"solution": _told(s.inputs.solution, created=False)}


def hand_over(s: Situation) -> Data:
    explainer, team = s.inputs.explainer, s.request.serving_team
    if explainer is not None and team is not None:
        s.request.solution = add_to_catalogue(team, _described(explainer, s.request), reviewer=s.by)
        return {"solution": _told(s.request.solution, created=True)}
    solution = s.inputs.solution or s.request.solution
    s.request.solution = solution
    return {"solution": _told(solution, created=False)} if solution else {}


def _described(explainer: Explainer, request: Request) -> SolutionFields:
    """What the catalogue says at first; of a restricted request nothing that would give it away."""
    given = cast(SolutionFields, {"title": explainer.title, **explainer.sections()})
    if not request.restricted:
        given["touchpoints"] = request.touchpoints.all()
        asking = request.requesting_team
        given["affected_teams"] = [asking] if asking else []
    return given


def _told(solution: Solution, *, created: bool) -> Data:
    return {"id": solution.pk, "slug": solution.slug, "title": solution.title, "created": created}


def deliver(s: Situation) -> Data:
    s.request.measured_on = measuring_date(s)
    s.request.done_at = s.now
    # Each delivery is reviewed anew, and its measuring date may be put off once.
    s.request.measuring_moved = False
    return {"measured_on": s.request.measured_on}


def reconsider(s: Situation) -> Data:
    request = s.request
    request.times_reconsidered += 1
    # The earlier scores stay as history; both sides look again, blindly.
    request.scoring_round += 1
    request.revisit_on = request.duplicate_of = request.solution = None
    return {}


def reopen(s: Situation) -> Data:
    s.request.done_at = None
    return {}


def block(s: Situation) -> Data:
    s.request.waiting_for, s.request.blocked_reason = s.inputs.waiting_for, s.inputs.reason
    return {"waiting_for": s.inputs.waiting_for}


def unblock(s: Situation) -> Data:
    s.request.waiting_for = s.request.blocked_reason = ""
    return {}
