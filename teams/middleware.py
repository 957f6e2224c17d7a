"""Language and time zone of the signed-in person."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from teams.models import Person


class PersonLocaleMiddleware:
    """Answers in the person's language and zone where these are known, else as the browser asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        if person.language:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        zone = ZoneInfo(person.time_zone) if person.time_zone else timezone.get_default_timezone()
        with timezone.override(zone):
            return self.get_response(request)
