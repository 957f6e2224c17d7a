"""Counts that somebody came from a digest, whichever page they came to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from notifications.digest.used import count_followed


class FromDigestMiddleware:
    """Counts the addresses that actions of digests lead to, where the page exists for who opens it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 200:
            count_followed(request)
        return response
