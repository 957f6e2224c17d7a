"""The files of a request: sending them, fetching them, taking them away."""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.attachments import sending
from requests_app.attachments.keeping import attach, detach
from requests_app.belongings import belongings
from requests_app.models import Request
from requests_app.views.detail import PAGE, on_page, page_context
from requests_app.workflow.situation import roles_of
from teams.http import AuthedRequest
from teams.rules import InvalidFields, Missing, RuleViolation

SECTION = "requests_app/_attachments.html"


@require_http_methods(["GET", "POST"])
def attachments(request: AuthedRequest, number: int) -> HttpResponse:
    """The files; POST puts further ones to the request, all that are sent or none."""
    found = Request.objects.get_visible(request.user, number)
    if request.method != "POST":
        return _section(request, number) if request.htmx else _back(found)
    try:
        attach(number, request.FILES.getlist("file"), by=request.user)
    except RuleViolation as refused:
        return _refused(request, number, refused)
    return _section(request, number) if request.htmx else _back(found)


@require_POST
def remove_attachment(request: AuthedRequest, number: int, attachment: int) -> HttpResponse:
    """Take a file away."""
    found = Request.objects.get_visible(request.user, number)
    try:
        detach(number, attachment, by=request.user)
    except RuleViolation as refused:
        return _refused(request, number, refused)
    return _section(request, number) if request.htmx else _back(found)


@require_safe
def download(request: AuthedRequest, number: int, attachment: int) -> HttpResponseBase:
    return sending.download(sending.find_attachment(number, attachment, request.user))


@require_safe
def preview(request: AuthedRequest, number: int, attachment: int) -> HttpResponseBase:
    return sending.preview(sending.find_attachment(number, attachment, request.user))


def _back(found: Request) -> HttpResponse:
    return redirect(f"{found.get_absolute_url()}#attachments")


def _refused(request: AuthedRequest, number: int, refused: RuleViolation) -> HttpResponse:
    status = 422 if isinstance(refused, InvalidFields) else 409
    if request.htmx:
        return _section(request, number, refused.missing, status)
    found = on_page(request.user, number)
    context = page_context(request, found) | {"file_errors": refused.missing}
    return render(request, PAGE, context, status=status)


def _section(
    request: AuthedRequest, number: int, errors: Sequence[Missing] = (), status: int = 200
) -> HttpResponse:
    found = on_page(request.user, number)
    takes_care = roles_of(found, request.user).takes_care
    context = {"item": found, "file_errors": errors, **belongings(found, request.user, takes_care)}
    return render(request, SECTION, context, status=status)
