"""What holds for every answer under /api/: origin, language, caching, and errors told in one shape."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from activity import log
from activity.models import Origin
from portal.api.errors import PROBLEM_TYPE, plain_problem

# The page that shows the documents below it is a page as others are.
PREFIX = "/api/"


class ApiMiddleware:
    """Wraps the API; stands behind the middleware that knows the person of the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX) or request.path_info == reverse("api:docs"):
            return self.get_response(request)
        language = language_asked(request) or translation.get_language()
        # A token's person is known only later, in the view; the overrides take back what is activated there.
        zone = timezone.get_current_timezone()
        with log.origin(Origin.API), translation.override(language), timezone.override(zone):
            return finished(self.get_response(request))


def language_asked(request: HttpRequest) -> str | None:
    """The first language of the Accept-Language header that the portal speaks."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return translation.get_supported_language_variant(tag)
        except LookupError:
            continue
    return None


def finished(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the headers that every answer of the API has; an error page becomes a problem."""
    if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM_TYPE:
        response = HttpResponse(
            plain_problem(response.status_code), status=response.status_code, content_type=PROBLEM_TYPE
        )
    response.headers["Content-Language"] = translation.get_language() or ""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    return response
