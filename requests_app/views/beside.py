"""What stands beside a request in triage: what resembles it, which team and type its words speak for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests_app.choices import OPEN
from requests_app.intake.edit import edit, may_edit_in
from requests_app.models import Request
from requests_app.scoring.rules import rules_row
from requests_app.similar.search import similar
from requests_app.triage.suggesting import suggested_team, suggested_type, suggestions
from requests_app.views.small_forms import submitted
from requests_app.views.triage import go_on, posted, refused
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.verdicts import Verdict, verdict
from teams.http import AuthedRequest, asked_by_the_page
from teams.rules import RuleViolation


@asked_by_the_page
@require_GET
def beside(request: AuthedRequest, number: int) -> HttpResponse:
    """A part of the queue's page, or a page of its own."""
    # With the rules in the same query.
    rows = Request.objects.with_people().annotate(rules_row=rules_row()).submitted()
    found = rows.get_visible(request.user, number)
    onward = posted(request.GET)
    situation = look(found, request.user)
    context = {
        "item": found,
        "onward": onward.query,
        # After a suggestion was used, the same request is looked at.
        "stay": onward.at(number).query,
        "near": similar(found.title, to=request.user, statuses=OPEN, besides=number).requests,
        "may_merge": verdict(ACTIONS["merge"], situation).allowed,
        **_suggested(found, situation),
    }
    page = "requests_app/_beside.html" if request.htmx else "requests_app/beside.html"
    return render(request, page, context)


def _suggested(found: Request, situation: Situation) -> dict[str, Any]:
    by_kind = suggestions(found)
    team, kind = suggested_team(by_kind), suggested_type(by_kind)
    return {
        "team": team if team and team.pk != found.serving_team_id else None,
        "team_words": by_kind["team"].words if team else (),
        "may_set_team": _asks_for_team(verdict(ACTIONS["assign"], situation)),
        "type": kind if kind and kind != found.type else None,
        "type_words": by_kind["type"].words if kind else (),
        "may_set_type": may_edit_in(situation),
    }


def _asks_for_team(assign: Verdict) -> bool:
    return assign.allowed and any(asked.name == "serving_team" for asked in assign.inputs)


@require_POST
def use_type(request: AuthedRequest, number: int) -> HttpResponse:
    """Take over the type that is suggested, because somebody has asked for it."""
    found = submitted(request, number)
    try:
        edit(number, {"type": request.POST.get("type", "")}, by=request.user)
    except RuleViolation as violation:
        return refused(request, number, " ".join(str(one.message) for one in violation.missing))
    return go_on(request, number, _("The type of %(key)s is changed.") % {"key": found.key}, undo=False)
