"""Scoring a request: each side's form, joint values for divergences, and the rounds before."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from requests_app.choices import Dimension, Status
from requests_app.models import Request
from requests_app.score_forms import JointForm, ScoreForm
from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import enter_scores
from requests_app.scoring.panel import Panel, SideView, earlier_of, panel_of
from requests_app.scoring.reading import BOTH, round_of, with_scores
from requests_app.views.detail import page_after_change
from requests_app.workflow.situation import roles_of
from teams.http import AuthedRequest
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.unsent import typed

SECTION = "#scores"
SCORE_FORM, SCORE_PAGE = "requests_app/_score_form.html", "requests_app/score.html"
JOINT_FORM, JOINT_PAGE = "requests_app/_joint_form.html", "requests_app/joint.html"
ASSENT, REOPEN = "assent", "reopen"


def _found(person: Person, number: int) -> tuple[Request, Panel]:
    """:raises Http404: where the person may not see it, and for a draft, which nobody scores."""
    found = with_scores(Request.objects.with_people(), person).get_visible(person, number)
    if found.status == Status.DRAFT:
        raise Http404
    return found, panel_of(found, person, roles_of(found, person))


@require_http_methods(["GET", "POST"])
def score(request: AuthedRequest, number: int, side: str) -> HttpResponse:
    """The form of one side, and entering it; what was typed survives a conflict and a session's end."""
    found, panel = _found(request.user, number)
    if side not in BOTH:
        raise Http404
    view = next(one for one in panel.sides if one.shown.side == side)
    if request.method == "POST":
        return _enter(request, found, panel, view)
    if view.form is None:
        messages.error(request, _closed(panel, view))
        return redirect(_section(found))
    form = _form(request.user, panel, view, typed(request))
    return render(request, SCORE_PAGE, {"item": found, "form": form, "side": view})


def _closed(panel: Panel, view: SideView) -> str:
    if not panel.shown.is_open:
        return _("Scores are given while the request is submitted or being shaped.")
    return _("You cannot score for %(side)s here.") % {"side": view.label}


def _form(person: Person, panel: Panel, view: SideView, typed: Any) -> ScoreForm:
    shown = view.shown
    return ScoreForm.of(shown.side, shown.entered, person, revealed=panel.shown.is_revealed, typed=typed)


def _enter(request: AuthedRequest, found: Request, panel: Panel, view: SideView) -> HttpResponse:
    person = request.user
    form = _form(person, panel, view, request.POST)
    if not form.is_valid():
        return _show_form(request, found, view, form, 422)
    data = form.cleaned_data
    try:
        enter_scores(
            found.number,
            view.shown.side,
            form.given(),
            by=person,
            reason=data["reason"],
            seen_version=data["seen_version"],
        )
    except StaleVersion as stale:
        _found_now, panel_now = _found(person, found.number)
        mine = next(one for one in panel_now.sides if one.shown.side == view.shown.side)
        form.show_colleagues(mine.shown.entered, stale.current_version)
        return _show_form(request, found, view, form, 409)
    except RuleViolation as violation:
        form.refuse(violation)
        form.asks_reason = form.asks_reason or "reason" in form.errors
        return _show_form(request, found, view, form, 422 if isinstance(violation, InvalidFields) else 409)
    return _done(request, found, _said_after(found))


def _said_after(found: Request) -> str:
    now = round_of(Request.objects.get(pk=found.pk))
    if now.is_revealed:
        return _("Saved. Both sides have scored, and everybody sees it now.")
    return _("Saved. It stays hidden until the other side has scored too.")


def _show_form(
    request: AuthedRequest, found: Request, view: SideView, form: ScoreForm, status: int
) -> HttpResponse:
    template = SCORE_FORM if request.htmx else SCORE_PAGE
    return render(request, template, {"item": found, "form": form, "side": view}, status=status)


@require_http_methods(["GET", "POST"])
def joint(request: AuthedRequest, number: int, dimension: str) -> HttpResponse:
    """The form of one divergence: propose a joint value, assent to the other side's, or open it again."""
    found, panel = _found(request.user, number)
    if dimension not in Dimension.values:
        raise Http404
    if request.method == "POST":
        return _close(request, request.user, found, dimension)
    line = next((one for one in panel.lines if one.point.dimension == dimension), None)
    if line is None or not line.may_propose:
        messages.error(request, _("There is nothing for you to agree on here at the moment."))
        return redirect(_section(found))
    form = JointForm(typed(request), dimension=dimension, person=request.user)
    return _show_joint(request, found, form, 200)


def _close(request: AuthedRequest, person: Person, found: Request, dimension: str) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == REOPEN:
        return _at_once(request, found, lambda: reopen(found.number, dimension, by=person))
    form = JointForm(request.POST, dimension=dimension, person=person)
    if not form.is_valid():
        return _show_joint(request, found, form, 422)
    value, note = form.cleaned_data["value"], form.cleaned_data["note"]
    if step == ASSENT:
        return _at_once(request, found, lambda: propose(found.number, dimension, value, by=person))
    try:
        propose(found.number, dimension, value, note, by=person)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show_joint(request, found, form, 422 if isinstance(violation, InvalidFields) else 409)
    return _done(request, found, _("Saved."))


def _at_once(request: AuthedRequest, found: Request, change: Any) -> HttpResponse:
    """A change without a form: what stands in its way is said on the page as it is now."""
    try:
        change()
    except InvalidFields:
        return _not_done(request, found, _("The proposal has changed meanwhile. Look at it again."))
    except RuleViolation as violation:
        return _not_done(request, found, " ".join(str(one.message) for one in violation.missing))
    return _done(request, found, _("Saved."))


def _show_joint(request: AuthedRequest, found: Request, form: JointForm, status: int) -> HttpResponse:
    template = JOINT_FORM if request.htmx else JOINT_PAGE
    context = {"item": found, "form": form, "label": Dimension(form.dimension).label}
    return render(request, template, context, status=status)


def _section(found: Request) -> str:
    return f"{found.get_absolute_url()}{SECTION}"


def _done(request: AuthedRequest, found: Request, said: str) -> HttpResponse:
    if request.htmx:
        return page_after_change(request, found.number, said)
    messages.success(request, said)
    return redirect(_section(found))


def _not_done(request: AuthedRequest, found: Request, said: str) -> HttpResponse:
    if request.htmx:
        return page_after_change(request, found.number, said)
    messages.error(request, said)
    return redirect(_section(found))


@require_GET
def earlier(request: AuthedRequest, number: int) -> HttpResponse:
    """The rounds before the present one; what was never revealed stays hidden."""
    found, _panel = _found(request.user, number)
    context = {"item": found, "rounds": earlier_of(found, request.user)}
    template = "requests_app/_earlier_rounds.html" if request.htmx else "requests_app/earlier_rounds.html"
    return render(request, template, context)
