"""The links of a request to others."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from requests_app.belongings import belongings
from requests_app.link_forms import LinkForm
from requests_app.links import link, unlink
from requests_app.models import Request
from requests_app.views.detail import PAGE, on_page, page_context
from requests_app.workflow.situation import roles_of
from teams.http import AuthedRequest
from teams.rules import InvalidFields, RuleViolation

SECTION = "requests_app/_links.html"


@require_POST
def add_link(request: AuthedRequest, number: int) -> HttpResponse:
    """Say what this request is to another one."""
    found = Request.objects.get_visible(request.user, number)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _show(request, number, form, 422)
    try:
        link(number, form.cleaned_data["relation"], form.cleaned_data["other"], by=request.user)
    except RuleViolation as refused:
        form.refuse(refused)
        return _show(request, number, form, 422 if isinstance(refused, InvalidFields) else 409)
    return _show(request, number, LinkForm()) if request.htmx else _back(found)


@require_POST
def remove_link(request: AuthedRequest, number: int, link_id: int) -> HttpResponse:
    """Take a link away."""
    found = Request.objects.get_visible(request.user, number)
    form = LinkForm()
    try:
        unlink(number, link_id, by=request.user)
    except RuleViolation as refused:
        form = LinkForm({})
        form.refuse(refused)
        return _show(request, number, form, 409)
    return _show(request, number, form) if request.htmx else _back(found)


def _back(found: Request) -> HttpResponse:
    return redirect(f"{found.get_absolute_url()}#links")


def _show(request: AuthedRequest, number: int, form: LinkForm, status: int = 200) -> HttpResponse:
    found = on_page(request.user, number)
    if not request.htmx:
        context = page_context(request, found) | {"link_form": form}
        return render(request, PAGE, context, status=status)
    takes_care = roles_of(found, request.user).takes_care
    context = {"item": found, "link_form": form, **belongings(found, request.user, takes_care)}
    return render(request, SECTION, context, status=status)
