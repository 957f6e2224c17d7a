"""Who needs it, too, and who is told."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from requests_app import discussion
from requests_app.models import Request
from requests_app.talk_forms import WatcherForm
from requests_app.views.detail import page_after_change
from requests_app.views.talking import submitted
from teams.http import AuthedRequest
from teams.ids import id_in
from teams.models import Person
from teams.rules import RuleViolation
from teams.unsent import typed


@require_POST
def support(request: AuthedRequest, number: int) -> HttpResponse:
    """ "Me too", or no longer."""
    return _switch(request, number, discussion.support, discussion.withdraw_support)


@require_POST
def watch(request: AuthedRequest, number: int) -> HttpResponse:
    """Follow what happens, or no longer."""
    return _switch(request, number, discussion.watch, discussion.unwatch)


@require_POST
def mute(request: AuthedRequest, number: int) -> HttpResponse:
    """Hear nothing more of it, or only where one is mentioned, or hear again."""
    if request.POST.get("wanted") == "mentions":
        return _switch(request, number, partial(discussion.mute, keep_mentions=True), discussion.unmute)
    return _switch(request, number, discussion.mute, discussion.unmute)


def _switch(
    request: AuthedRequest, number: int, on: Callable[..., Any], off: Callable[..., Any]
) -> HttpResponse:
    found = submitted(request, number)
    change = off if request.POST.get("wanted") == "no" else on
    change(number, by=request.user)
    if Request.objects.visible_to(request.user).filter(pk=number).exists():
        return page_after_change(request, number) if request.htmx else redirect(found)
    # A restricted request that one saw only because one followed it.
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("requests:list")})
    return redirect("requests:list")


@require_http_methods(["GET", "POST"])
def watchers(request: AuthedRequest, number: int) -> HttpResponse:
    """Who follows a request; those who may name others add and remove them here."""
    found = submitted(request, number)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, found)
    form = WatcherForm(typed(request), request=found)
    if request.method == "POST" and form.is_valid():
        return _name(request, found, form)
    return _show_watchers(request, found, form, status=422 if request.method == "POST" else 200)


def _name(request: AuthedRequest, found: Request, form: WatcherForm) -> HttpResponse:
    try:
        discussion.watch(found.number, form.cleaned_data["person"], by=request.user)
    except RuleViolation as violation:
        for missing in violation.missing:
            form.add_error(None, str(missing.message))
        return _show_watchers(request, found, form, status=409)
    return redirect("requests:watchers", found.number)


def _remove(request: AuthedRequest, found: Request) -> HttpResponse:
    wanted = id_in(request.POST["remove"]) or 0
    watcher = Person.objects.filter(pk=wanted, watched__request=found).first()
    if watcher is None:
        raise Http404
    form = WatcherForm(request=found)
    try:
        discussion.unwatch(found.number, watcher, by=request.user)
    except RuleViolation as violation:
        refused = [missing.message for missing in violation.missing]
        return _show_watchers(request, found, form, status=409, refused=refused)
    return redirect("requests:watchers", found.number)


def _show_watchers(
    request: AuthedRequest, found: Request, form: WatcherForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "item": found,
        "form": form,
        "watchers": found.watchers.select_related("person").order_by("person__sort_key"),
        "may_name": discussion.may_name_watchers(found, request.user),
        **more,
    }
    return render(request, "requests_app/watchers.html", context, status=status)
