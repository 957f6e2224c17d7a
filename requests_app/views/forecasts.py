"""A request's forecast, and how good forecasts have been."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from activity import clock
from requests_app.choices import Status
from requests_app.forecast import calibration as measured
from requests_app.forecast import words
from requests_app.forecast.keeping import forecast_for
from requests_app.forecast.outlooks import Forecast
from requests_app.models import Request
from teams.company import portal_zone
from teams.http import AuthedRequest, asked_by_the_page


@asked_by_the_page
@require_GET
def forecast(request: AuthedRequest, number: int) -> HttpResponse:
    """The card that the request's page loads after itself; without JavaScript a page of its own."""
    found = Request.objects.get_visible(request.user, number)
    if found.status == Status.DRAFT:
        raise Http404
    context = {"item": found, **shown(forecast_for(found))}
    page = "requests_app/_forecast.html" if request.htmx else "requests_app/forecast.html"
    return render(request, page, context)


def shown(found: Forecast) -> dict[str, Any]:
    """What the card's template shows of a forecast."""
    today = clock.now().astimezone(portal_zone()).date()
    return {
        "forecast": found,
        "today": today,
        "bar": words.bar(found, today),
        "says": words.says(found),
        "hope": words.hope(found, today),
        "rests_on": words.rests_on(found),
    }


@require_GET
def calibration(request: AuthedRequest) -> HttpResponse:
    """How good the forecasts of the last half year were, of each team and of all."""
    return render(request, "requests_app/forecasts.html", {"measured": measured.latest()})
