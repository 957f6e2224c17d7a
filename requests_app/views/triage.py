"""The queue of new requests: the list at the left, one request at the right, the decision beneath."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activity import clock
from requests_app.models import Request
from requests_app.scoring.rules import rules_row
from requests_app.steps import step_of
from requests_app.triage.queue import BY_RANK, SHOWN, Line, Look, is_aside, lines, listed, new_ones
from requests_app.triage.snoozing import may_snooze
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.verdicts import Verdict, verdict
from teams.http import AuthedRequest
from teams.models import Person, Role, Side, Team

# The decisions in the order of the buttons, and the key of each.
DECISIONS = {"shape": "s", "assign": "a", "park": "p", "decline": "d", "merge": "m"}
PAGE = "requests_app/triage.html"
# What the page's own script asks for: all of the queue, its list, or the chosen request alone.
PARTS = {
    "all": "requests_app/_triage.html",
    "list": "requests_app/_triage_list.html",
    "one": "requests_app/_triage_one.html",
}
LONGEST_QUERY = 200


@require_GET
def triage(request: AuthedRequest) -> HttpResponse:
    """The queue of the person's teams, or of all, and the chosen request; ``part`` gives a part of it."""
    asked = Look.read(request.GET)
    part = PARTS.get(request.GET.get("part", ""))
    return render(request, part or PAGE, queue_context(request.user, asked))


def queue_context(person: Person, asked: Look) -> dict[str, Any]:
    """Everything that the templates of the queue show."""
    own_teams = list(person.teams.filter(side=Side.IT))
    ours = bool(own_teams) and not asked.scope
    fitting = new_ones(person, own_teams if ours else None)
    teams = own_teams if ours else Team.objects.filter(side=Side.IT)
    rows = lines(listed(fitting, asked, teams), asked, clock.now())
    shown = rows[:SHOWN]
    at = next((at for at, line in enumerate(shown) if line.request.number == asked.number), 0)
    return {
        "queue": shown,
        "more": len(rows) > SHOWN,
        "aside_count": len(rows)
        if asked.aside and len(rows) <= SHOWN
        else fitting.filter(is_aside()).count(),
        "ours": ours,
        "own_teams": own_teams,
        "may_keep_replies": _leads_it(person),
        "look": asked,
        "by_rank": asked.order == BY_RANK,
        # The same list in the other order.
        "other_order": replace(asked.at(None), order="" if asked.order else BY_RANK).address,
        "offer": _offer(person, asked.undo),
        # Whose step is taken back is looked at again.
        "offer_back": asked.at(asked.undo).query,
        **(_one(person, asked, shown, at, own_teams) if shown else {"chosen": None}),
    }


def _leads_it(person: Person) -> bool:
    """As ``may_keep_replies``, from the teams that the page has asked for already."""
    leads = any(team.side == Side.IT and team.role == Role.LEAD for team in person.own_teams())
    return leads or person.is_admin


def _one(person: Person, asked: Look, shown: list[Line], at: int, own_teams: list[Team]) -> dict[str, Any]:
    """The chosen request, its neighbours, and what can be decided about it."""
    number = shown[at].request.number
    chosen = Request.objects.with_people().annotate(rules_row=rules_row()).get_visible(person, number)
    before = shown[at - 1].request.number if at else None
    after = shown[at + 1].request.number if at + 1 < len(shown) else None
    onward = asked.at(after or before)
    return {
        "chosen": chosen,
        "clock": shown[at].clock,
        "here": asked.at(number).address,
        "previous": asked.at(before).address if before else "",
        "next": asked.at(after).address if after else "",
        # Where the queue goes on after a step.
        "onward": onward.query,
        **_decision(look(chosen, person), own_teams),
    }


def _decision(situation: Situation, own_teams: list[Team]) -> dict[str, Any]:
    verdicts = {name: verdict(ACTIONS[name], situation) for name in DECISIONS}
    steps = {name: step_of(found) for name, found in verdicts.items()}
    return {
        "may_snooze": may_snooze(situation.request, situation.roles),
        "decisions": [(steps[name], key) for name, key in DECISIONS.items()],
        "take": _take(situation, verdicts["assign"], own_teams),
    }


def _take(situation: Situation, assign: Verdict, own_teams: list[Team]) -> dict[str, int] | None:
    """What one press of *take* sends: the team where none is chosen yet and there is only one to choose."""
    chosen, person = situation.request, situation.by
    if not assign.allowed or chosen.it_owner_id or not own_teams or chosen.marketing_owner_id == person.pk:
        return None
    if chosen.serving_team_id is None:
        return {"team": own_teams[0].pk} if len(own_teams) == 1 else None
    return {} if chosen.serving_team in own_teams else None


def _offer(person: Person, number: int | None) -> Request | None:
    """The request whose last step the person may take back now."""
    if number is None:
        return None
    found = Request.objects.visible_to(person).submitted().with_people().filter(pk=number).first()
    if found is None:
        return None
    if found.snoozed_until is not None:
        return found
    return found if verdict(ACTIONS["undo"], look(found, person)).allowed else None


def go_on(request: AuthedRequest, number: int, said: str, *, undo: bool = True) -> HttpResponse:
    """After a step on the request ``number``: the queue at the next one, with the offer to take it back."""
    onward = posted(request.POST)
    if undo:
        onward = onward.at(onward.number, number)
    if not request.htmx:
        messages.success(request, said)
        return redirect(onward.address)
    context = queue_context(request.user, onward)
    chosen = context["chosen"]
    then = _("Next: %(title)s") % {"title": chosen.title} if chosen else _("Nothing else is waiting.")
    return _anew(request, context, f"{said} {then}")


def refused(request: AuthedRequest, number: int, why: str) -> HttpResponse:
    """A step on the request ``number`` that was not taken: the queue still at it, as it is now."""
    there = posted(request.POST).at(number)
    if not request.htmx:
        messages.error(request, why)
        return redirect(there.address)
    return _anew(request, queue_context(request.user, there) | {"refused": why}, "")


def _anew(request: AuthedRequest, context: dict[str, Any], said: str) -> HttpResponse:
    """All of the queue in the place of what stands there."""
    answer = render(request, PARTS["all"], context | {"is_anew": True})
    answer["HX-Retarget"] = "#triage"
    answer["HX-Reswap"] = "outerHTML"
    if said:
        answer["HX-Trigger"] = json.dumps({"tandem:toast": {"text": said}})
    return answer


def posted(data: Mapping[str, str]) -> Look:
    """The look at the queue that a form or a link to one carries."""
    return Look.read(QueryDict(data.get("queue", "")[:LONGEST_QUERY]))
