"""The matrix: what makes the difference, against what it takes."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from requests_app import matrix as arranging
from requests_app.choices import Status
from requests_app.filters import ALL_OPEN, NONE, STATUS_CHOICES, RequestFilters
from requests_app.matrix import Field, Point, Quarter
from requests_app.models import Request
from requests_app.scoring.rules import rules_now
from requests_app.views.list_controls import Choice
from teams.http import AuthedRequest
from teams.models import Goal, Team

# More can neither be drawn nor read; these are the ones with the highest impact.
SHOWN = 300
COLUMNS = ("number", "title", "difference", "effort", "status", "difference_provisional")
TICKS = (0, 20, 40, 60, 80, 100)


@require_GET
def matrix(request: AuthedRequest) -> HttpResponse:
    """Every request that both sides have scored, that fits the filters, and that the person may see."""
    given = request.GET.copy()
    # Without a word about the status, what still can be worked on.
    given.setdefault("status", ALL_OPEN)
    scored = Request.objects.visible_to(request.user).filter(difference__isnull=False)
    filters = RequestFilters(given, scored, request=request)
    errors = [message for messages in filters.errors.values() for message in messages]
    points = [] if errors else _points(filters)
    gate = rules_now().gate
    context = {
        "errors": errors,
        "is_filtered": any(value for value in request.GET.values()),
        **_drawing(points[:SHOWN], gate),
        "counts": [] if errors else _counts(filters, gate),
        "more": len(points) > SHOWN,
        "shown": SHOWN,
        "choices": _choices(given),
        "updated_since": given.get("updated_since", ""),
    }
    return render(request, "requests_app/matrix.html", context, status=400 if errors else 200)


def _points(filters: RequestFilters) -> list[Point]:
    rows = filters.qs.order_by("-difference", "-number").values_list(*COLUMNS)[: SHOWN + 1]
    return [Point(*row) for row in rows]


def _counts(filters: RequestFilters, gate: int) -> list[tuple[Field, int]]:
    """How many requests lie in each field, drawn or not. One query."""
    above, small = Q(difference__gte=gate), Q(effort__lte=arranging.SMALL)
    which = {
        Field.DO_NOW: above & small,
        Field.PLAN: above & ~small,
        Field.QUICK_WIN: ~above & small,
        Field.NICE_TO_HAVE: ~above & ~small,
    }
    rows = filters.qs.order_by()
    found = rows.aggregate(**{field.value: Count("number", filter=where) for field, where in which.items()})
    return [(field, found[field]) for field in which]


def _drawing(points: list[Point], gate: int) -> dict[str, Any]:
    found: list[Quarter] = arranging.quarters(points, gate)
    return {
        "points": points,
        "quarters": found,
        "dots": arranging.dots(points, gate),
        "gate": gate,
        # No dot stands on either line.
        "gate_y": arranging.up(gate - 0.5),
        "effort_x": arranging.effort_border(),
        "efforts": [(n, float(arranging.across(arranging.LOWEST * n))) for n in range(1, 6)],
        "ticks": [(n, arranging.up(n)) for n in TICKS],
    }


def _choices(given: Any) -> dict[str, list[Choice]]:
    goals = Goal.objects.filter(is_archived=False)
    offered: dict[str, list[tuple[str, Any]]] = {
        "status": [one for one in STATUS_CHOICES if one[0] != Status.DRAFT],
        "team": [(team.slug, team.name) for team in Team.objects.all()],
        "goal": [(NONE, _("Without a goal")), *((str(goal.pk), goal.title) for goal in goals)],
    }
    return {
        name: [Choice(value, label, value in given.getlist(name)) for value, label in options]
        for name, options in offered.items()
    }
