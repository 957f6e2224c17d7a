"""Filing, finishing and editing a request."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.choices import Status
from requests_app.forms import EditForm, IntakeForm, initial_of
from requests_app.intake.drafts import throw_away
from requests_app.intake.edit import differs, edit, may_edit
from requests_app.intake.fields import related
from requests_app.intake.prefill import prefilled
from requests_app.intake.submit import create
from requests_app.intake.templates import may_keep_templates
from requests_app.models import Request
from requests_app.views.helping import help_context, preview_context, template_context
from teams.http import AuthedRequest
from teams.rules import RuleViolation, StaleVersion
from teams.unsent import typed

# What the form can be asked for without being kept, by its buttons.
HELP = ("similar", "preview")


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """The intake form."""
    if request.method == "POST":
        return _file(request, None)
    unsent = typed(request)
    given = prefilled(request.GET)
    form = IntakeForm(unsent, initial={**given.fields}, person=request.user)
    if given.ignored and not unsent:
        words = _("The link could not fill in everything. Please fill in yourself: %(names)s")
        names = ", ".join(str(form.fields[name].label) for name in given.ignored)
        messages.warning(request, words % {"names": names})
    return _show_intake(request, form, None)


def _file(request: AuthedRequest, draft: Request | None) -> HttpResponse:
    form = IntakeForm(request.POST, person=request.user, has=draft)
    action = request.POST.get("action")
    if action in HELP:
        return _show_intake(request, form, draft, help_asked=action)
    if not form.is_valid():
        return _show_intake(request, form, draft, status=422)
    submit = action != "draft"
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
    except StaleVersion as stale:
        form.add_error(None, _("You changed this draft in another window. Compare both before you go on."))
        form.show_differences(stale, initial_of(draft) if draft else {})
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
        return _show_edit(
            request, filed, EditForm(_as_edit(request.POST, filed), person=form.person, has=filed)
        )
    messages.success(request, _("%(key)s is submitted. IT sees it now.") % {"key": filed.key})
    return redirect(filed)


def _as_edit(typed: QueryDict, filed: Request) -> QueryDict:
    data = typed.copy()
    data["version"] = str(filed.version)
    # Filing does not ask for them, so the form must not take them away.
    data["labels"] = ", ".join(related(filed, "labels"))
    return data


def _show_intake(
    request: HttpRequest,
    form: IntakeForm,
    draft: Request | None,
    status: int = 200,
    help_asked: str = "",
) -> HttpResponse:
    """The form; with ``help_asked`` beside it what a browser with JavaScript loads by itself."""
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "keeps_templates": may_keep_templates(form.person),
    }
    context |= template_context(str(form["type"].value() or ""))
    if help_asked == "similar":
        context |= help_context(form, form.person)
    if help_asked == "preview":
        context |= preview_context(form, form.person)
    return render(request, "requests_app/intake.html", context, status=status)


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
    form = EditForm(typed(request), initial=initial_of(found), person=request.user, has=found)
    return _show_edit(request, found, form)


def _edit_draft(request: AuthedRequest, draft: Request) -> HttpResponse:
    if request.method == "POST":
        return _file(request, draft)
    initial = {**initial_of(draft), "number": draft.pk}
    form = IntakeForm(typed(request), initial=initial, person=request.user, has=draft)
    return _show_intake(request, form, draft)


def _save_edit(request: AuthedRequest, found: Request) -> HttpResponse:
    form = EditForm(request.POST, person=request.user, has=found)
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
