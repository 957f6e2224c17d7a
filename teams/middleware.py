"""Language and time zone of the signed-in person; and the way to the first start."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from teams.company import is_started, portal_zone
from teams.models import Person


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
        zone = ZoneInfo(person.time_zone) if person.time_zone else portal_zone()
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
