"""The templates of requests, kept by leads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app.choices import RequestType
from requests_app.forms import TemplateForm
from requests_app.intake.templates import keep_template, may_keep_templates, remove_template
from requests_app.models import RequestTemplate
from teams.http import AuthedRequest
from teams.rules import RuleViolation, StaleVersion


@require_GET
def template_list(request: AuthedRequest) -> HttpResponse:
    """Each type of request, and whether it has a template."""
    _require_keeper(request)
    kept = {row.type: row for row in RequestTemplate.objects.select_related("changed_by")}
    types = [(value, label, kept.get(value)) for value, label in RequestType.choices]
    return render(request, "requests_app/templates.html", {"types": types})


@require_http_methods(["GET", "POST"])
def edit_template(request: AuthedRequest, slug: str) -> HttpResponse:
    """Write the template of one type."""
    _require_keeper(request)
    if slug not in RequestType.values:
        raise Http404
    found = RequestTemplate.objects.filter(type=slug).first()
    if request.method != "POST":
        return _show(request, slug, found, TemplateForm(initial=_initial(found)))
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _show(request, slug, found, form, 422)
    fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        keep_template(slug, fields, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
    except StaleVersion as stale:
        form.show_differences(stale, _initial(found))
        return _show(request, slug, found, form, 409)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show(request, slug, found, form, 422)
    messages.success(request, _("Saved."))
    return redirect("requests:templates")


@require_POST
def drop_template(request: AuthedRequest, slug: str) -> HttpResponse:
    """Take the template of one type away."""
    _require_keeper(request)
    if slug not in RequestType.values:
        raise Http404
    remove_template(slug, by=request.user)
    messages.success(request, _("The template is gone."))
    return redirect("requests:templates")


def _require_keeper(request: AuthedRequest) -> None:
    if not may_keep_templates(request.user):
        raise PermissionDenied


def _initial(found: RequestTemplate | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    return {name: getattr(found, name) for name in TemplateForm.base_fields}


def _show(
    request: AuthedRequest, slug: str, found: RequestTemplate | None, form: TemplateForm, status: int = 200
) -> HttpResponse:
    context = {"type": slug, "label": RequestType(slug).label, "template": found, "form": form}
    return render(request, "requests_app/template_form.html", context, status=status)
