"""Filing, finishing and editing a request."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.choices import Status
from requests_app.forms import EditForm, IntakeForm, RequestForm, initial_of
from requests_app.intake.drafts import throw_away
from requests_app.intake.edit import differs, edit, may_edit
from requests_app.intake.fields import related
from requests_app.intake.submit import create
from requests_app.models import Request
from teams.http import AuthedRequest
from teams.rules import RuleViolation, StaleVersion
from teams.unsent import typed


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """The intake form."""
    if request.method == "POST":
        return _file(request, None)
    return _show_intake(request, IntakeForm(typed(request), person=request.user), None)


def _file(request: AuthedRequest, draft: Request | None) -> HttpResponse:
    form = IntakeForm(request.POST, person=request.user)
    if not form.is_valid():
        return _show_intake(request, form, draft, status=422)
    submit = request.POST.get("action") != "draft"
    data = form.cleaned_data
    try:
        filed = create(
            form.request_fields(),
            by=request.user,
            submit=submit,
            submission_id=None if draft else data["submission_id"],
            number=draft.pk if draft else None,
            version=data["version"] if draft else None,
        )
    except StaleVersion:
        form.add_error(None, _("You changed this draft in another window. Compare both before you go on."))
        return _show_intake(request, form, draft, status=409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show_intake(request, form, draft, status=422)
    return _filed(request, filed, form)


def _filed(request: HttpRequest, filed: Request, form: IntakeForm) -> HttpResponse:
    if filed.status == Status.DRAFT:
        messages.success(request, _("Draft saved. Only you can see it."))
        return redirect("requests:edit", filed.number)
    if differs(filed, form.request_fields()):
        messages.info(request, _("This request had been submitted already. Save your changes here."))
        return _show_edit(request, filed, EditForm(_as_edit(request.POST, filed), person=form.person))
    messages.success(request, _("%(key)s is submitted. IT sees it now.") % {"key": filed.key})
    return redirect(filed)


def _as_edit(typed: QueryDict, filed: Request) -> QueryDict:
    data = typed.copy()
    data["version"] = str(filed.version)
    # Filing does not ask for them, so the form must not take them away.
    data["labels"] = ", ".join(related(filed, "labels"))
    return data


def _show_intake(
    request: HttpRequest, form: RequestForm, draft: Request | None, status: int = 200
) -> HttpResponse:
    return render(request, "requests_app/intake.html", {"form": form, "draft": draft}, status=status)


@require_http_methods(["GET", "POST"])
def edit_request(request: AuthedRequest, number: int) -> HttpResponse:
    """Go on with one's own draft, or change a submitted request."""
    found = Request.objects.get_visible(request.user, number)
    if found.status == Status.DRAFT:
        return _edit_draft(request, found)
    if request.method == "POST":
        return _save_edit(request, found)
    if not may_edit(found, request.user):
        messages.error(
            request, _("Only the requester, the tandem and the leads of both teams may change this.")
        )
        return redirect(found)
    form = EditForm(typed(request), initial=initial_of(found), person=request.user)
    return _show_edit(request, found, form)


def _edit_draft(request: AuthedRequest, draft: Request) -> HttpResponse:
    if request.method == "POST":
        return _file(request, draft)
    form = IntakeForm(typed(request), initial=initial_of(draft), person=request.user)
    return _show_intake(request, form, draft)


def _save_edit(request: AuthedRequest, found: Request) -> HttpResponse:
    form = EditForm(request.POST, person=request.user)
    if not form.is_valid():
        return _show_edit(request, found, form, status=422)
    data = form.cleaned_data
    try:
        edit(
            found.pk,
            form.request_fields(),
            by=request.user,
            reason=data["reason"],
            seen_version=data["version"],
        )
    except StaleVersion as stale:
        form.show_theirs(stale, initial_of(Request.objects.get_visible(request.user, found.pk)))
        return _show_edit(request, found, form, status=409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show_edit(request, found, form, status=422)
    messages.success(request, _("Saved."))
    return redirect(found)


def _show_edit(request: HttpRequest, found: Request, form: EditForm, status: int = 200) -> HttpResponse:
    return render(request, "requests_app/edit.html", {"form": form, "request_": found}, status=status)


@require_POST
def throw_draft_away(request: AuthedRequest, number: int) -> HttpResponse:
    """Delete one's own draft."""
    if Request.objects.get_visible(request.user, number).status != Status.DRAFT:
        raise Http404
    throw_away(number, by=request.user)
    messages.success(request, _("The draft is gone."))
    return redirect("portal:home")
