"""The goals: tree, page, forms."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activity import clock
from activity.times import day_words
from teams import goals as domain
from teams import reads, rights
from teams.goal_forms import BRIEF, GoalForm, TreeFilter, initial_of_goal
from teams.goals.folding import Branch, folded
from teams.goals.health import expected, percent
from teams.goals.key_results import today
from teams.goals.shown import measured
from teams.goals.tree import Node, all_goals, computed_health, health_of, in_tree, rolled_up
from teams.http import AuthedRequest
from teams.models import CheckIn, Goal, KeyResult, Person, Role, Team
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


def led_by(person: Person) -> QuerySet[Team]:
    """The teams whose goals ``person`` may keep."""
    if person.is_admin:
        return Team.objects.all()
    return Team.objects.filter(memberships__person=person, memberships__role=Role.LEAD)


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """The tree of goals, narrowed by side, team or period; archived and closed ones as a list."""
    archived = request.GET.get("archived") == "1"
    context: dict[str, Any] = {"archived": archived, "may_create": led_by(request.user).exists()}
    if archived:
        rows = reads.goals(archived=True).select_related("closed_by").order_by("-closed_at", "title")
        return render(request, "teams/goals.html", context | {"goals": list(rows)})
    goals = all_goals()
    form = TreeFilter(request.GET, periods=_periods(goals))
    wanted = _asked_for(form) if form.is_valid() else _everything
    context |= {"form": form, "is_narrowed": wanted is not _everything}
    context |= _folded(request, in_tree(goals, today(), wanted), form.cleaned_data.get("team"))
    return render(request, "teams/goals.html", context, status=200 if form.is_valid() else 400)


def _folded(request: AuthedRequest, nodes: Sequence[Node], team: Team | None) -> dict[str, Any]:
    """The lines of the tree, each with the address that folds or unfolds what stands below it.

    Near are the goals of ``team`` where it is asked for, else those of the reader's own teams.
    """
    near = {team.pk} if team else {one.pk for one in request.user.own_teams()}
    opened = {int(one) for one in request.GET.getlist("open") if one.isdecimal() and len(one) < 19}
    lines, top = folded(nodes, lambda goal: any(one.pk in near for one in goal.teams.all()), opened)

    def toggled(branch: Branch) -> str:
        query = QueryDict(request.GET.urlencode(), mutable=True)
        query.setlist("open", [str(one) for one in sorted(opened ^ {branch.at})])
        return f"?{query.urlencode()}#goal-{branch.at}"

    return {
        "lines": [(line.node, line.branch, toggled(line.branch) if line.branch else "") for line in lines],
        "top": top,
        "top_toggled": toggled(top),
    }


def _periods(goals: Sequence[Goal]) -> list[tuple[str, str]]:
    """Each period that goals have, the newest first, as its key and in words."""
    pairs = {
        (one.starts_on, one.ends_on) for one in goals if one.starts_on and one.ends_on and not one.closed_at
    }
    now = clock.now()
    return [
        (f"{first.isoformat()}_{last.isoformat()}", f"{day_words(first, now)} – {day_words(last, now)}")
        for first, last in sorted(pairs, reverse=True)
        if first and last
    ]


def _everything(goal: Goal) -> bool:
    return True


def _asked_for(form: TreeFilter) -> Callable[[Goal], bool]:
    side, team, period = (form.cleaned_data[name] for name in ("side", "team", "period"))
    if not (side or team or period):
        return _everything

    def fits(goal: Goal) -> bool:
        owners = goal.teams.all()
        own_period = f"{goal.starts_on}_{goal.ends_on}"
        return (
            (not side or any(owner.side == side for owner in owners))
            and (not team or team in owners)
            and (not period or own_period == period)
        )

    return fits


@require_GET
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """A goal's brief, what it is measured by, what serves it and the teams that own it."""
    values = Prefetch("check_ins", CheckIn.objects.select_related("by").order_by("on", "id"))
    results = Prefetch(
        "key_results", KeyResult.objects.select_related("moved_to__goal").prefetch_related(values)
    )
    rows = Goal.objects.select_related("parent", "closed_by", "health_said_by").prefetch_related(
        "teams", results
    )
    goal = get_object_or_404(rows, pk=pk)
    return render(request, "teams/goal.html", goal_context(request, goal))


def goal_context(request: AuthedRequest, goal: Goal) -> dict[str, Any]:
    """What the page of ``goal`` shows, which has its teams, key results and their values at hand."""
    owners, day = list(goal.teams.all()), today()
    own = {team.pk: team.role for team in request.user.own_teams()}
    roles = {own[team.pk] for team in owners if team.pk in own}
    wanted = expected(goal.starts_on, goal.ends_on, day)
    # What serves it counts too, so the whole tree is read once.
    goals = all_goals(teams=False)
    done = rolled_up(goals)
    below = [one for one in goals if one.parent_id == goal.pk]
    results = measured(goal, day)
    return {
        "goal": goal,
        "owners": owners,
        "joint": reads.is_joint(owners),
        "may_edit": goal.closed_at is None and (request.user.is_admin or Role.LEAD in roles),
        "may_check_in": goal.closed_at is None and (request.user.is_admin or bool(roles)),
        "results": results,
        # What becomes of key results that run is said by closing the period.
        "may_archive": goal.is_archived or not any(one.row.is_open for one in results),
        "percent": percent(done.get(goal.pk)),
        "wanted_percent": percent(wanted),
        "health": health_of(goal, day),
        "computed": computed_health(goal, day),
        "is_over": goal.is_over(day),
        "below": [(one, percent(done.get(one.pk)), health_of(one, day)) for one in below],
    }


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """Set a goal: leads for their teams, administrators for all."""
    offered = led_by(request.user)
    if not offered.exists():
        raise PermissionDenied
    # A joint goal names teams of both sides, so a lead may name others beside their own.
    form = GoalForm(typed(request), offered=Team.objects.all(), initial=_own(offered))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        more = {name: data[name] for name in DETAILS}
        goal = made(
            form,
            lambda: domain.create_goal(data["title"], data["teams"], by=request.user, **more),
        )
        if goal:
            messages.success(request, _("The goal is set. Requests can serve it from now on."))
            return redirect("teams:goal", goal.pk)
    return show_form(request, "teams/goal_form.html", form)


DETAILS = (*BRIEF, "is_company", "parent", "starts_on", "ends_on")


def _own(offered: QuerySet[Team]) -> dict[str, object]:
    own = list(offered[:2])
    return {"teams": own} if len(own) == 1 else {}


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a goal: leads of the owning teams and administrators."""
    goal = get_object_or_404(Goal, pk=pk)
    if not rights.may_lead(request.user, *goal.teams.all()):
        raise PermissionDenied
    form = GoalForm(typed(request), offered=Team.objects.all(), goal=goal, initial=initial_of_goal(goal))
    if request.method == "POST" and form.is_valid() and _edited(request, goal, form):
        messages.success(request, _("Saved."))
        return redirect("teams:goal", goal.pk)
    return show_form(request, "teams/goal_form.html", form, goal=goal)


def _edited(request: AuthedRequest, goal: Goal, form: GoalForm) -> Goal | None:
    data = form.cleaned_data
    wanted = {name: data[name] for name in ("title", "teams", "in_substance", "what_changed", *DETAILS)}
    return made(
        form,
        lambda: domain.edit_goal(goal, **wanted, seen_version=data["version"], by=request.user),
        now=lambda: initial_of_goal(Goal.objects.get(pk=goal.pk)),
    )


@require_POST
def archive(request: AuthedRequest, pk: int) -> HttpResponse:
    """Put a goal away, or take it out again."""
    goal = get_object_or_404(Goal, pk=pk)
    if goal.is_archived:
        attempt(request, lambda: domain.restore_goal(goal, by=request.user), _("The goal is back."))
    else:
        attempt(request, lambda: domain.archive_goal(goal, by=request.user), _("The goal is archived."))
    return redirect("teams:goal", goal.pk)
