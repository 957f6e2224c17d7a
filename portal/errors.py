"""The pages that say what went wrong and what to do; the texts stand in their templates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teams import whose


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another page, or from before somebody signed in."""
    return whose.refusal(request) or render(request, "403_csrf.html", status=403)
