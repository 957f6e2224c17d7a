"""Help while a request is being written: similar ones, hints, the preview, templates, saving by itself."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activity import clock
from requests_app.choices import RequestType, Status
from requests_app.forecast.keeping import forecasts_for
from requests_app.forms import InsteadForm, IntakeForm, RequestForm, TypedForm
from requests_app.intake.drafts import save_draft
from requests_app.intake.duplicate import duplicate
from requests_app.intake.hints import hints
from requests_app.intake.instead import support_instead
from requests_app.intake.preview import preview
from requests_app.intake.templates import presets
from requests_app.models import Request, RequestTemplate
from requests_app.similar.search import similar
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion

# What makes a draft worth keeping.
TEXTS = ("title", "customer_need", "outcome", "metric", "wished_tool", "deadline_reason")


@asked_by_the_page
@require_POST
def help_while_typing(request: AuthedRequest) -> HttpResponse:
    """Similar requests and solutions for what is typed, and the hints at its fields."""
    form = TypedForm(request.POST, person=request.user)
    return render(request, "requests_app/_help.html", help_context(form, request.user))


def help_context(form: RequestForm, person: Person) -> dict[str, Any]:
    """What the fragments of similar requests and hints show; fields that cannot be read count as empty."""
    form.is_valid()
    fields = form.request_fields()
    found = similar(fields.get("title", ""), fields.get("customer_need", ""), to=person)
    foretold = forecasts_for(hit.request for hit in found.requests)
    by_field = {hint.field: hint for hint in hints(fields)}
    return {
        "similar": found,
        "similar_requests": [(hit, foretold[hit.request.number]) for hit in found.requests],
        "looked": bool(fields.get("title") or fields.get("customer_need")),
        "hinted": [(name, by_field.get(name)) for name in RequestForm.hinted],
        "hints": by_field,
    }


@asked_by_the_page
@require_POST
def show_preview(request: AuthedRequest) -> HttpResponse:
    """ "This is how IT will read it": the fragments of a request's page, of what is typed."""
    form = IntakeForm(request.POST, person=request.user)
    return render(request, "requests_app/_preview.html", preview_context(form, request.user))


def preview_context(form: RequestForm, person: Person) -> dict[str, Any]:
    """What the fragments of the preview show."""
    form.is_valid()
    fields = form.request_fields()
    # Links in the texts are drawn without titles: only what is kept is looked up.
    return {"item": preview(fields, person), "previewed": hints(fields), "is_preview": True, "titles": {}}


@asked_by_the_page
@require_GET
def template_of_type(request: AuthedRequest) -> HttpResponse:
    """Guidance and example for the chosen type, and what the form can start with."""
    chosen = request.GET.get("type", "")
    return render(request, "requests_app/_template.html", template_context(chosen))


def template_context(chosen: str) -> dict[str, Any]:
    """The template of a type; nothing where it has none or is no type."""
    if chosen not in RequestType.values:
        return {}
    template = RequestTemplate.objects.select_related("goal", "serving_team").filter(type=chosen).first()
    return {"template": template, "presets": presets(template)} if template else {}


@login_not_required
@require_POST
def save_while_typing(request: HttpRequest) -> JsonResponse:
    """Keep what is typed as a draft, never over a newer one; says what happened in words for the page."""
    if not isinstance(request.user, Person):
        words = _(
            "You are signed out. What you typed is kept when you press Save or Submit and sign in again."
        )
        return JsonResponse({"said": words}, status=401)
    form = IntakeForm(request.POST, person=request.user)
    form.is_valid()
    if not form.cleaned_data.get("submission_id"):
        return JsonResponse({"said": _("This page is too old. Please reload it.")}, status=422)
    try:
        draft = _save(form, request.user)
    except StaleVersion:
        words = _("Not saved: you changed this draft in another window. Press Save to compare both.")
        return JsonResponse({"said": words}, status=409)
    except InvalidFields as refused:
        return JsonResponse({"said": " ".join(str(one.message) for one in refused.missing)}, status=422)
    return JsonResponse(_saved(draft, form) if draft else {})


def _save(form: IntakeForm, person: Person) -> Request | None:
    """The draft as it is kept; None where nothing is written yet."""
    fields, data = form.request_fields(), form.cleaned_data
    number = data.get("number")
    if not number and not any(fields.get(name) for name in TEXTS):
        return None
    # A page that knows no version may only make a draft: one that is there already is newer than it.
    return save_draft(
        fields,
        by=person,
        number=number,
        submission_id=None if number else data["submission_id"],
        version=data.get("version") or 0,
    )


def _saved(draft: Request, form: IntakeForm) -> dict[str, Any]:
    if draft.status != Status.DRAFT:
        return {"said": _("You have submitted this request meanwhile.")}
    time = formats.date_format(timezone.localtime(clock.now()), "TIME_FORMAT")
    left_out = ", ".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
    words = _("Saved at %(time)s") % {"time": time}
    if left_out:
        words = _("Saved at %(time)s, without: %(fields)s") % {"time": time, "fields": left_out}
    return {
        "said": words,
        "number": draft.pk,
        "version": draft.version,
        "page": reverse("requests:edit", args=[draft.pk]),
        "throw_away": reverse("requests:throw_away", args=[draft.pk]),
    }


@require_POST
def start_from(request: AuthedRequest, number: int) -> HttpResponse:
    """A new draft with the texts of one's own request."""
    get_object_or_404(Request.objects.visible_to(request.user), pk=number, requester=request.user)
    made = duplicate(number, by=request.user)
    return redirect("requests:edit", made.number)


@require_http_methods(["POST"])
def support_this(request: AuthedRequest, number: int) -> HttpResponse:
    """Ask what to take over from the form that was being written; confirmed, support the request instead."""
    found = Request.objects.with_people().submitted().get_visible(request.user, number)
    if request.POST.get("confirmed") != "yes":
        return _show_instead(request, found, InsteadForm(initial=InsteadForm.of(request.POST)))
    form = InsteadForm(request.POST)
    if not form.is_valid():
        return _show_instead(request, found, form, 422)
    try:
        support_instead(found.pk, by=request.user, **form.wanted())
    except StaleVersion:
        form.add_error(None, _("You changed this draft in another window. Look at it before it is closed."))
        return _show_instead(request, found, form, 409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show_instead(request, found, form, 422)
    return redirect(found)


def _show_instead(
    request: AuthedRequest, found: Request, form: InsteadForm, status: int = 200
) -> HttpResponse:
    draft = form["draft"].value()
    context = {"item": found, "form": form, "draft": draft if str(draft or "").isdecimal() else ""}
    return render(request, "requests_app/instead.html", context, status=status)
