"""What a goal is measured by, how it stands, and closing its period: small forms, each on its own page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from teams import goals as domain
from teams import rights
from teams.forms import DomainForm
from teams.goal_forms import (
    CheckInForm,
    ClosingForm,
    EndForm,
    HealthForm,
    KeyResultForm,
    initial_of_key_result,
)
from teams.goals.closing import unfinished
from teams.goals.key_results import today
from teams.http import AuthedRequest
from teams.models import CheckIn, Goal, KeyResult, Membership, Person
from teams.unsent import typed
from teams.views.acting import made, show_form
from teams.views.goals import led_by

PAGE = "teams/goal_step.html"


def _of_leads(request: AuthedRequest, pk: int) -> Goal:
    goal = get_object_or_404(Goal, pk=pk)
    if not rights.may_lead(request.user, *goal.teams.all()):
        raise PermissionDenied
    return goal


def _key_result(request: AuthedRequest, pk: int) -> KeyResult:
    found = get_object_or_404(KeyResult.objects.select_related("goal"), pk=pk)
    if not rights.may_lead(request.user, *found.goal.teams.all()):
        raise PermissionDenied
    return found


def _step(
    request: AuthedRequest,
    goal: Goal,
    form: DomainForm,
    heading: str,
    change: Callable[[], Goal | KeyResult | CheckIn],
) -> HttpResponse:
    """A small form about ``goal`` on a page of its own."""
    if request.method == "POST" and form.is_valid() and made(form, change) is not None:
        messages.success(request, _("Saved."))
        return redirect("teams:goal", goal.pk)
    # Of the two questions about what is unfinished one has to be answered, so neither is called optional.
    hide = isinstance(form, ClosingForm)
    return show_form(request, PAGE, form, goal=goal, heading=heading, hide_optional=hide)


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest, pk: int) -> HttpResponse:
    """Measure the goal by one thing more."""
    goal, form = _of_leads(request, pk), KeyResultForm(typed(request))

    def change() -> KeyResult:
        data = {name: form.cleaned_data[name] for name in ("title", "unit", "baseline", "target")}
        return domain.add_key_result(goal, by=request.user, **data)

    return _step(request, goal, form, _("New key result"), change)


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change what is measured, or from where to where."""
    found = _key_result(request, pk)
    form = KeyResultForm(typed(request), initial=initial_of_key_result(found))

    def change() -> KeyResult:
        data = dict(form.cleaned_data)
        return domain.edit_key_result(found, by=request.user, version=data.pop("version"), **data)

    def now() -> dict[str, object]:
        return initial_of_key_result(KeyResult.objects.get(pk=found.pk))

    if request.method == "POST" and form.is_valid() and made(form, change, now=now) is not None:
        messages.success(request, _("Saved."))
        return redirect("teams:goal", found.goal_id)
    return show_form(request, PAGE, form, goal=found.goal, heading=found.title)


@require_http_methods(["GET", "POST"])
def check_in(request: AuthedRequest, pk: int) -> HttpResponse:
    """Keep how it stands: members of the owning teams."""
    found = get_object_or_404(KeyResult.objects.select_related("goal"), pk=pk)
    if not _may_check_in(request.user, found.goal):
        raise PermissionDenied
    form = CheckInForm(typed(request), initial={"on": today()})

    def change() -> CheckIn:
        return domain.check_in(found, by=request.user, **form.cleaned_data)

    return _step(request, found.goal, form, found.title, change)


def _may_check_in(person: Person, goal: Goal) -> bool:
    owners = Membership.objects.filter(person=person, team__goals=goal)
    return rights.is_admin(person) or owners.exists()


@require_http_methods(["GET", "POST"])
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    """Measure it no more."""
    found, form = _key_result(request, pk), EndForm(typed(request))

    def change() -> KeyResult:
        return domain.end_key_result(found, form.cleaned_data["reason"], by=request.user)

    return _step(request, found.goal, form, _("End “%(title)s”") % {"title": found.title}, change)


@require_http_methods(["GET", "POST"])
def health(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say how the goal stands, against its figures."""
    goal = _of_leads(request, pk)
    form = HealthForm(typed(request), initial={"health": goal.health_said, "reason": goal.health_reason})

    def change() -> Goal:
        return domain.say_health(goal, **form.cleaned_data, by=request.user)

    return _step(request, goal, form, _("How does this goal stand?"), change)


@require_http_methods(["GET", "POST"])
def close(request: AuthedRequest, pk: int) -> HttpResponse:
    """Close the goal's period."""
    goal = _of_leads(request, pk)
    left, heirs = unfinished(goal), _heirs(request.user, goal)
    form = ClosingForm(typed(request), unfinished=left, heirs=heirs)

    def change() -> Goal:
        data = form.cleaned_data
        return domain.close_goal(goal, data["result"], data["learning"], form.fates(), by=request.user)

    return _step(request, goal, form, _("Close the period"), change)


def _heirs(person: Person, goal: Goal) -> QuerySet[Goal]:
    """The goals in which ``person`` may let something go on."""
    rows = Goal.objects.filter(is_archived=False, teams__in=led_by(person)).exclude(pk=goal.pk)
    return rows.distinct()
