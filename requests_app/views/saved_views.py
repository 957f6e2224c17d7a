"""One's saved views: keeping, renaming, sharing, throwing away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from requests_app.lists.saved import Wanted, change_view, get_view, may_change, remove_view, save_view
from requests_app.lists.view_forms import ViewForm
from requests_app.models import SavedView
from teams.http import AuthedRequest
from teams.rules import RuleViolation
from teams.views.acting import made, show_form

PAGE, VIEW = "requests_app/views.html", "requests_app/view.html"


@require_http_methods(["GET", "POST"])
def views(request: AuthedRequest) -> HttpResponse:
    """All views that the person sees; POST keeps the list or board that they look at as a new one.

    ``board`` in the address says of which board the other parameters are.
    """
    if request.method == "GET":
        asked = request.GET.copy()
        boards = asked.pop("board", [])
        start = {"query": asked.urlencode(), "board": boards[-1] if boards else ""}
        return _show(request, ViewForm(initial=start, person=request.user))
    form = ViewForm(request.POST, person=request.user)
    if not form.is_valid():
        return _show(request, form, 422)
    data = form.cleaned_data
    try:
        view = save_view(data["name"], data["query"], by=request.user, team=data["team"], board=data["board"])
    except RuleViolation as violation:
        form.refuse(violation)
        return _show(request, form, 422)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(view)


def _show(request: AuthedRequest, form: ViewForm, status: int = 200) -> HttpResponse:
    rows = SavedView.objects.visible_to(request.user).select_related("owner", "team", "board")
    rows = rows.order_by("name", "pk")
    mine = [view for view in rows if view.owner_id == request.user.pk]
    others = [view for view in rows if view.owner_id != request.user.pk]
    return render(request, PAGE, {"form": form, "mine": mine, "others": others}, status=status)


@require_http_methods(["GET", "POST"])
def view(request: AuthedRequest, pk: int) -> HttpResponse:
    """The form of one view: its name, and whom it is shared with."""
    found = get_view(request.user, pk)
    sent = request.POST if request.method == "POST" else None
    form = ViewForm(sent, initial=_shown(found), person=request.user, view=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(name=data["name"], team=data["team"], moves=True)
        changed = made(
            form,
            lambda: change_view(found.pk, wanted, by=request.user, version=data["version"]),
            lambda: _shown(get_view(request.user, pk)),
        )
        if changed:
            return redirect("requests:views")
    return show_form(request, VIEW, form, view=found, may_change=may_change(found, request.user))


def _shown(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "team": view.team, "version": view.version}


@require_POST
def throw_away(request: AuthedRequest, pk: int) -> HttpResponse:
    """Remove one view."""
    found = get_view(request.user, pk)
    try:
        remove_view(found.pk, by=request.user)
    except RuleViolation as violation:
        messages.error(request, " ".join(str(missing.message) for missing in violation.missing))
    else:
        messages.success(request, _("The view “%(name)s” is removed.") % {"name": found.name})
    return redirect("requests:views")
