"""Saved replies: kept on pages by IT's leads, offered where somebody answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app.models import SavedReply
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.triage.forms import ReplyForm
from requests_app.triage.replies import filled, keep_reply, may_keep_replies, remove_reply
from requests_app.views.small_forms import submitted
from teams.http import AuthedRequest
from teams.unsent import typed
from teams.views.acting import made, show_form

LONGEST_ID = 60


@require_GET
def replies(request: AuthedRequest) -> HttpResponse:
    """All saved replies."""
    _require_keeper(request)
    rows = SavedReply.objects.select_related("changed_by")
    return render(request, "requests_app/replies.html", {"replies": rows})


@require_http_methods(["GET", "POST"])
def new_reply(request: AuthedRequest) -> HttpResponse:
    """Write a new one."""
    _require_keeper(request)
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def reply(request: AuthedRequest, pk: int) -> HttpResponse:
    """Change one."""
    _require_keeper(request)
    found = SavedReply.objects.filter(pk=min(pk, HIGHEST_NUMBER)).first()
    if found is None:
        raise Http404
    return _edit(request, found)


def _edit(request: AuthedRequest, found: SavedReply | None) -> HttpResponse:
    form = ReplyForm(typed(request), initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        kept = made(
            form,
            lambda: keep_reply(
                found.pk if found else None,
                form.fields_given(),
                by=request.user,
                version=form.cleaned_data["version"],
            ),
            now=lambda: _initial(SavedReply.objects.filter(pk=found.pk).first() if found else None),
        )
        if kept:
            messages.success(request, _("Saved."))
            return redirect("requests:replies")
    return show_form(request, "requests_app/reply_form.html", form, reply=found)


@require_POST
def drop_reply(request: AuthedRequest, pk: int) -> HttpResponse:
    """Take one away."""
    _require_keeper(request)
    remove_reply(pk, by=request.user)
    messages.success(request, _("The saved reply is gone."))
    return redirect("requests:replies")


@require_GET
def offered(request: AuthedRequest, number: int) -> HttpResponse:
    """The saved replies, filled in for one request; for htmx a chooser for the field ``into``."""
    found = submitted(request, number)
    context: dict[str, Any] = {
        "item": found,
        "languages": [one for one in filled(found) if one[1]],
        "into": request.GET.get("into", "")[:LONGEST_ID],
        "may_keep": may_keep_replies(request.user),
    }
    page = "requests_app/_replies.html" if request.htmx else "requests_app/replies_of.html"
    return render(request, page, context)


def _require_keeper(request: AuthedRequest) -> None:
    if not may_keep_replies(request.user):
        raise PermissionDenied


def _initial(found: SavedReply | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    return {name: getattr(found, name) for name in ReplyForm.base_fields}
