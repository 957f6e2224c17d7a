"""What the first page points to, loaded after it; how well the goals of lanes are understood."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from activity import clock
from requests_app.understanding import coverages
from requests_app.worth_a_minute import worth_a_minute
from teams import pointing
from teams.http import AuthedRequest, asked_by_the_page
from teams.ids import id_in
from teams.models import Goal

MOST_LANES = 60


@asked_by_the_page
@require_GET
def minute(request: AuthedRequest) -> HttpResponse:
    """One thing to understand, one answer to look at, one exchange that fits: each at most once a week."""
    if not request.htmx:
        return redirect("portal:home")
    return _show(request)


@require_POST
def wave_away(request: AuthedRequest, pk: int) -> HttpResponse:
    """Not now: it does not come back."""
    pointing.wave_away(request.user, pk)
    return _show(request) if request.htmx else redirect("portal:home")


def _show(request: AuthedRequest) -> HttpResponse:
    pointed = worth_a_minute(request.user, clock.now())
    return render(request, "requests_app/_minute.html", {"pointed": pointed})


@asked_by_the_page
@require_GET
def lanes_understood(request: AuthedRequest) -> HttpResponse:
    """The coverage of the goals whose lanes a board shows: each goes to its place beside the lane's name."""
    asked = [pk for pk in map(id_in, request.GET.getlist("goal")) if pk is not None]
    goals = Goal.objects.filter(pk__in=asked[:MOST_LANES]).select_related("understanding")
    found = coverages(goal.understanding for goal in goals)
    rows = [(goal, found[goal.understanding_id]) for goal in goals]
    return render(request, "requests_app/_lanes_understood.html", {"rows": rows})
