"""Parts of the pages of goals and teams that are made of requests."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from activity import clock
from requests_app.goals_served import served_by, without_goal
from requests_app.intake.edit import edit
from requests_app.models import Request
from requests_app.team_work import work_of
from requests_app.views.board_controls import Queue
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Brief, Goal, Team
from teams.rules import InvalidFields, RuleViolation
from teams.understanding import waiting_for_review
from teams.words import letters

# Nobody reviews ten texts on one morning.
STALE_SHOWN = 3
# More in a select help nobody; the request's own form offers all.
MOST_GOALS = 100


@asked_by_the_page
@require_GET
def goal_requests(request: AuthedRequest, pk: int) -> HttpResponse:
    """What serves a goal, and what it brought: a part of the goal's page, or a page of its own."""
    goal = get_object_or_404(Goal, pk=pk)
    page = "requests_app/_goal_requests.html" if request.htmx else "requests_app/goal_requests.html"
    return render(request, page, {"goal": goal, "served": served_by(goal, request.user)})


@asked_by_the_page
@require_GET
def team_work(request: AuthedRequest, slug: str) -> HttpResponse:
    """What a team works on and is asked: a part of the team's page, or a page of its own."""
    team = get_object_or_404(Team, slug=slug)
    page = "requests_app/_team_work.html" if request.htmx else "requests_app/team_work.html"
    work = work_of(team, request.user)
    queue = Queue(team.name, work.load.waiting, work.load.weeks) if work.load else None
    return render(request, page, {"team": team, "work": work, "queue": queue})


@asked_by_the_page
@require_GET
def pile(request: AuthedRequest) -> HttpResponse:
    """The requests without a goal; ``own``: those of the person's teams, as the first page shows them.

    Before them it asks a lead whether what nobody has looked at for long is still true.
    """
    own = "own" in request.GET
    stale = list(waiting_for_review(request.user, clock.now())[:STALE_SHOWN]) if own else []
    return _pile(request, stale=stale)


def _pile(
    request: AuthedRequest,
    status: int = 200,
    said: str = "",
    refused: str = "",
    stale: Sequence[Brief] = (),
) -> HttpResponse:
    own = "own" in request.GET or "own" in request.POST
    found = without_goal(request.user, own=own)
    if own and request.htmx and not (found.rows or stale or said or refused):
        # Nothing to be told: the place on the first page goes.
        return HttpResponse("")
    goals = Goal.objects.filter(is_archived=False).order_by("-pk")[:MOST_GOALS]
    offered = (
        sorted(goals, key=lambda goal: letters(goal.title)) if any(may for _row, may in found.rows) else []
    )
    context = {"pile": found, "goals": offered, "own": own, "stale": stale, "said": said, "refused": refused}
    page = "requests_app/_without_goal.html" if request.htmx else "requests_app/without_goal.html"
    return render(request, page, context, status=status)


class GoalChoice(forms.Form):
    goal = forms.ModelChoiceField(Goal.objects.filter(is_archived=False))


@require_http_methods(["GET", "POST"])
def name_goal(request: AuthedRequest, number: int) -> HttpResponse:
    """Name the goal that a request serves, in the pile."""
    found = Request.objects.get_visible(request.user, number)
    if request.method != "POST":
        return redirect(reverse("requests:without_goal"))
    form = GoalChoice(request.POST)
    if not form.is_valid():
        return _pile(
            request, status=422, refused=_("Choose the goal that %(key)s serves.") % {"key": found.key}
        )
    try:
        edit(number, {"goal": form.cleaned_data["goal"]}, by=request.user)
    except RuleViolation as violation:
        words = " ".join(str(one.message) for one in violation.missing)
        return _pile(request, status=422 if isinstance(violation, InvalidFields) else 409, refused=words)
    said = _("%(key)s serves “%(goal)s” now.") % {"key": found.key, "goal": form.cleaned_data["goal"].title}
    if request.htmx:
        return _pile(request, said=said)
    messages.success(request, said)
    return redirect(reverse("requests:without_goal"))
