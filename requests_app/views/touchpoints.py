"""The map of touchpoints, and the requests that built a solution."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from knowhow.models import Solution
from requests_app.models import Request
from requests_app.touchpoint_map import BUILT, gaps, touchpoint_map
from teams.http import AuthedRequest

MOST_BUILT = 20


@require_GET
def show_map(request: AuthedRequest) -> HttpResponse:
    """The customer's journey as a map and as a table."""
    phases = touchpoint_map(request.user)
    is_empty = all(place.is_quiet for phase in phases for place in phase.places)
    context = {"phases": phases, "gaps": gaps(phases), "is_empty": is_empty}
    return render(request, "requests_app/touchpoints.html", context)


@require_GET
def of_solution(request: AuthedRequest, slug: str) -> HttpResponse:
    """The requests that built a solution, among what the person may see: a fragment, or a page."""
    solution = get_object_or_404(Solution, slug=slug)
    rows = Request.objects.visible_to(request.user).filter(solution=solution, status__in=BUILT)
    built = list(rows.for_rows().order_by("-updated_at", "-number")[: MOST_BUILT + 1])
    template = "_built.html" if request.htmx else "built.html"
    context = {"solution": solution, "built": built[:MOST_BUILT], "is_more": len(built) > MOST_BUILT}
    return render(request, f"requests_app/{template}", context)
