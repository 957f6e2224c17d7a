"""The goals: list, page, forms."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import goals as domain
from teams import reads, rights
from teams.forms import GoalForm, initial_of_goal
from teams.http import AuthedRequest
from teams.models import Goal, Person, Role, Team
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


def led_by(person: Person) -> QuerySet[Team]:
    """The teams whose goals ``person`` may keep."""
    if person.is_admin:
        return Team.objects.all()
    return Team.objects.filter(memberships__person=person, memberships__role=Role.LEAD)


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """All goals; archived ones on request."""
    archived = request.GET.get("archived") == "1"
    rows = [(goal, reads.is_joint(goal.teams.all())) for goal in reads.goals(archived=archived)]
    context = {"goals": rows, "archived": archived, "may_create": led_by(request.user).exists()}
    return render(request, "teams/goals.html", context)


@require_GET
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """A goal's brief and the teams that own it."""
    goal = get_object_or_404(Goal.objects.prefetch_related("teams"), pk=pk)
    owners = list(goal.teams.all())
    context = {
        "goal": goal,
        "owners": owners,
        "joint": reads.is_joint(owners),
        "may_edit": rights.may_lead(request.user, *owners),
    }
    return render(request, "teams/goal.html", context)


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
        goal = made(
            form,
            lambda: domain.create_goal(data["title"], data["teams"], brief=data["brief"], by=request.user),
        )
        if goal:
            messages.success(request, _("The goal is set. Requests can serve it from now on."))
            return redirect("teams:goal", goal.pk)
    return show_form(request, "teams/goal_form.html", form)


def _own(offered: QuerySet[Team]) -> dict[str, object]:
    own = list(offered[:2])
    return {"teams": own} if len(own) == 1 else {}


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change a goal: leads of the owning teams and administrators."""
    goal = get_object_or_404(Goal, pk=pk)
    if not rights.may_lead(request.user, *goal.teams.all()):
        raise PermissionDenied
    form = GoalForm(typed(request), offered=Team.objects.all(), initial=initial_of_goal(goal))
    if request.method == "POST" and form.is_valid() and _edited(request, goal, form):
        messages.success(request, _("Saved."))
        return redirect("teams:goal", goal.pk)
    return show_form(request, "teams/goal_form.html", form, goal=goal)


def _edited(request: AuthedRequest, goal: Goal, form: GoalForm) -> Goal | None:
    data = form.cleaned_data
    wanted = {name: data[name] for name in ("title", "brief", "teams")}
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
