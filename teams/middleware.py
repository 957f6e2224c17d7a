"""The way to the sign-in and to the first start; language and time zone of who is signed in."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from teams import unsent, whose
from teams.company import is_started, portal_zone
from teams.http import came_from
from teams.models import Person

SAFE = ("GET", "HEAD")


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in whoever is not signed in (any more), and back; what they sent then is kept.

    htmx and scripts, which put the answer into a part of a page, are never given the page of the sign-in.
    What comes from a page of somebody else than who is signed in goes no further than here.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        by_the_page = getattr(view_func, "by_the_page", False)
        return whose.refusal(request, by_the_page=by_the_page) or super().process_view(
            request, view_func, view_args, view_kwargs
        )

    # Not always a redirect, as the framework's own is.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if not request.accepts("text/html"):
            words = _("You have been signed out. Sign in again in another tab, then try again here.")
            return JsonResponse({"message": words, "unsent": True}, status=401)
        htmx = bool(HtmxDetails(request))
        if htmx and getattr(view_func, "by_the_page", False):
            return HttpResponse(status=204)
        if request.method not in SAFE and unsent.keep(request):
            messages.info(request, _("Your session had ended. Sign in again: what you typed is kept."))
            back = request.get_full_path()
        else:
            back = request.get_full_path() if request.method in SAFE and not htmx else came_from(request)
        sign_in = redirect_to_login(back, self.get_login_url(view_func))
        return HttpResponse(status=204, headers={"HX-Redirect": sign_in["Location"]}) if htmx else sign_in


class PersonLocaleMiddleware:
    """Answers in the person's language and zone where these are known, else as the browser asked.

    What only reads may keep the person's teams while it is answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        if request.method in ("GET", "HEAD"):
            person.keep_teams()
        if person.language:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        # The session's store has read the portal's zone along; a session that has only just begun has not.
        name = person.time_zone or getattr(getattr(request, "session", None), "portal_zone", None)
        zone = ZoneInfo(name) if name else portal_zone()
        with timezone.override(zone):
            return self.get_response(request)


class FirstStartMiddleware:
    """Leads an admin from home and settings to the first start, while the company is not set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        target = reverse("teams:first_start")
        at_home = request.path == "/" or request.path.startswith("/settings/")
        concerned = at_home and request.method in ("GET", "HEAD")
        if concerned and request.path != target and _is_admin(request) and not is_started():
            return redirect(target)
        return self.get_response(request)


def _is_admin(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) and request.user.is_admin
