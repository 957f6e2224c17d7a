"""Taking a step on a request: its small form, refusals that keep what was typed, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests_app.action_forms import ActionForm
from requests_app.choices import OPEN, Status
from requests_app.models import Request
from requests_app.similar.search import Similar, similar
from requests_app.steps import step_of
from requests_app.understanding import coverages
from requests_app.views import triage
from requests_app.views.detail import page_after_change
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.perform import perform
from requests_app.workflow.situation import look
from requests_app.workflow.verdicts import Verdict, verdict
from teams.http import AuthedRequest
from teams.ids import MOST_DIGITS, id_in
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.unsent import typed

FORM = "requests_app/_action.html"
PAGE = "requests_app/action.html"
# Where a form says that it goes back to the queue.
TRIAGE = "triage"


@require_http_methods(["GET", "POST"])
def act(request: AuthedRequest, number: int, action: str) -> HttpResponse:
    """The form of an action, and the action itself."""
    found = Request.objects.with_people().get_visible(request.user, number)
    if action not in ACTIONS or found.status == Status.DRAFT:
        raise Http404
    wanted = verdict(ACTIONS[action], look(found, request.user))
    if request.method != "POST":
        form = ActionForm(typed(request), request=found, verdict=wanted, initial=_start(request, found))
        return _show(request, found, wanted, form)
    form = ActionForm(request.POST, request=found, verdict=wanted)
    if not form.is_valid():
        return _show(request, found, wanted, form, status=422)
    return _take(request, found, wanted, form)


def _start(request: AuthedRequest, found: Request) -> dict[str, Any]:
    """What the form holds at first; which request stays of two may be said by the link to it."""
    into = request.GET.get("into", "")[:MOST_DIGITS]
    return {"measured_on": found.measured_on, "solution": found.solution_id, "into": into}


def _take(request: AuthedRequest, found: Request, wanted: Verdict, form: ActionForm) -> HttpResponse:
    try:
        perform(
            wanted.action, found.number, by=request.user, inputs=form.inputs(), version=_seen_version(request)
        )
    except StaleVersion:
        form.add_error(None, _("The request has changed meanwhile. Look at it again, then confirm."))
        return _show(request, found, wanted, form, status=409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show(
            request, found, wanted, form, status=422 if isinstance(violation, InvalidFields) else 409
        )
    return _done(request, found, wanted)


def _seen_version(request: AuthedRequest) -> int | None:
    """The version that the person had before their eyes; without one, any will do."""
    return id_in(request.POST.get("version", ""))


def _done(request: AuthedRequest, found: Request, taken: Verdict) -> HttpResponse:
    # Who gives a request away may lose sight of it.
    still_seen = Request.objects.visible_to(request.user).filter(pk=found.pk).exists()
    said = _what_now(found, taken)
    if request.POST.get("back") == TRIAGE:
        return triage.go_on(request, found.number, said, undo=taken.action != "undo")
    if request.htmx and still_seen:
        return page_after_change(request, found.number, said)
    messages.success(request, said)
    return redirect(found) if still_seen else _leave(request)


def _what_now(found: Request, taken: Verdict) -> str:
    """Where a step has led; its own name where it leads nowhere else."""
    target = ACTIONS[taken.action].target
    if target is None or taken.action == "merge":
        return _("Done: %(step)s.") % {"step": taken.label}
    return _("%(key)s is now “%(column)s”.") % {"key": found.key, "column": target.label}


def _leave(request: AuthedRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("requests:list")})
    return redirect("requests:list")


def _offer_existing(found: Request, person: Person, form: ActionForm) -> Similar:
    """What was built already and could serve instead; its solutions lead the form's choices."""
    # By its title alone: what shares no more than a word of the need is no reason to decline.
    existing = similar(found.title, to=person, statuses=(Status.DONE,), besides=found.number)
    form.offer_first([one.pk for one in existing.solutions])
    return existing


def _show(
    request: AuthedRequest, found: Request, wanted: Verdict, form: ActionForm, status: int = 200
) -> HttpResponse:
    given = form.data or request.GET
    context = {"item": found, "step": step_of(wanted), "form": form}
    if given.get("back") == TRIAGE:
        context |= {"back": TRIAGE, "queue": triage.posted(given)}
    if wanted.action == "merge":
        context["near"] = similar(found.title, to=request.user, statuses=OPEN, besides=found.number).requests
    if wanted.action == "decline":
        context["existing"] = _offer_existing(found, request.user, form)
    if wanted.action == "deliver" and found.solution is not None:
        brief = found.solution.understanding
        context |= {"solution": found.solution, "coverage": coverages([brief])[brief.pk]}
    if status == 409:
        # The next press shall count for what stands there now.
        found.refresh_from_db(fields=["version"])
    return render(request, FORM if request.htmx else PAGE, context, status=status)
