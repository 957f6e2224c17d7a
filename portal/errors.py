"""The pages that say what went wrong and what to do; the texts stand in their templates."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.middleware import HtmxDetails

from teams import whose
from teams.http import came_from

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is not read: it is too much at once (413), or nobody understands it (400)."""
    status = 413 if isinstance(exception, TOO_MUCH) else 400
    # Without the request: it may have failed before anybody knew whose it is.
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another page, or from before somebody signed in."""
    back = {"back": came_from(request)}
    return whose.refusal(request) or render(request, "403_csrf.html", back, status=403)


class NothingToReadMiddleware:
    """Puts a page where Django answers with nothing: at an address that only forms are sent to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_blank = answer.status_code == 405 and not answer.streaming and not answer.content
        if not is_blank or HtmxDetails(request) or not request.accepts("text/html"):
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page
