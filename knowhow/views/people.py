"""The list of people, searchable by what they can; and what somebody can, as a part of their page."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from knowhow.bridges.mentoring import may_ask
from knowhow.skills import reading
from knowhow.skills.models import SKILL_NAME
from teams import reads
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person, Side
from teams.numbered import page_address, page_number


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """Everybody who is active, by name; with ``skill`` those who can or want it, as far as one may know."""
    words, side = request.GET.get("q", "").replace("\0", "")[:200], request.GET.get("side", "")
    asked = request.GET.get("skill", "").replace("\0", "")[:SKILL_NAME]
    skill = reading.skill_meant(asked)
    rows = reads.found(words, side)
    if asked:
        rows = rows.filter(reading.having(request.user, skill)) if skill else rows.none()
    page = reads.page_of(rows.prefetch_related(reading.skills_shown(request.user)), page_number(request))
    context = {
        "page": page,
        "q": words,
        "side": side,
        "skill": skill,
        "asked": str(skill) if skill else asked,
        "sides": Side.choices,
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
    }
    return render(request, "knowhow/people.html", context)


@asked_by_the_page
@require_GET
def skills_of(request: AuthedRequest, pk: int) -> HttpResponse:
    """What somebody can, teaches and wants: a part of their page, or a page of its own."""
    person = get_object_or_404(Person, pk=pk)
    rows = reading.own_skills(person, request.user)
    context = {"person": person, "rows": rows, "may_ask": may_ask(rows, request.user)}
    page = "knowhow/_skills.html" if request.htmx else "knowhow/skills_of.html"
    return render(request, page, context)


@require_GET
def skill_choices(request: AuthedRequest) -> JsonResponse:
    """The skills that ``q`` begins or stands in."""
    return JsonResponse({"choices": reading.skills_offered(request.GET.get("q", ""))})
