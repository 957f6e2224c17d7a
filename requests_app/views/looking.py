"""A quick look at a request, beside the board and without leaving it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from requests_app.models import Request
from teams.http import AuthedRequest


@require_GET
def look_at(request: AuthedRequest, number: int) -> HttpResponse:
    """What the request is about and how it stands, as a fragment."""
    rows = Request.objects.with_people().with_labels().submitted()
    found = rows.get_visible(request.user, number)
    return render(request, "requests_app/_look_at.html", {"item": found})
