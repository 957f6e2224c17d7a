"""The catalogue of solutions: list, page, forms, and the hint how an explainer reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activity import clock
from knowhow.solutions import catalogue, reads
from knowhow.solutions.experts import ENOUGH, bus_factor, candidates, remove_expert, set_expert
from knowhow.solutions.fields import glossary, missing_sections
from knowhow.solutions.forms import (
    LABELS,
    AffectedForm,
    CatalogueFilter,
    EditSolutionForm,
    ExpertForm,
    NewSolutionForm,
    SolutionForm,
    initial_of,
)
from knowhow.solutions.models import REQUIRED_SECTIONS, SECTIONS, Solution
from knowhow.solutions.readability import LONG_SENTENCE, Reading, read
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person, Team
from teams.numbered import page_address, page_number
from teams.rules import InvalidFields
from teams.texts import clean_text
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


def keepable(person: Person) -> QuerySet[Team]:
    """The teams whose solutions ``person`` may describe."""
    return Team.objects.all() if person.is_admin else Team.objects.filter(memberships__person=person)


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """The catalogue; with a note to those whose own solutions too few people master."""
    form = CatalogueFilter(request.GET)
    form.is_valid()
    page = reads.page_of(reads.chosen(form.cleaned_data), page_number(request))
    own = reads.chosen({"few": True}).filter(team__in=request.user.team_ids())
    context = {
        "form": form,
        "page": page,
        "enough": ENOUGH,
        "own_thin": list(own[:5]),
        "may_create": bool(request.user.is_admin or request.user.own_teams()),
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
    }
    return render(request, "knowhow/solutions.html", context)


@require_GET
def detail(request: AuthedRequest, slug: str) -> HttpResponse:
    """A solution: its explainer, who masters it, whose work it shapes."""
    solution = get_object_or_404(reads.whole(slug))
    expert_form = ExpertForm(typed(request, reverse("solutions:expert", args=[slug])))
    affected_form = AffectedForm(typed(request, reverse("solutions:affect", args=[slug])))
    return _show(request, solution, expert_form, affected_form)


def _show(
    request: AuthedRequest,
    solution: Solution,
    expert_form: ExpertForm,
    affected_form: AffectedForm,
    status: int = 200,
) -> HttpResponse:
    experts: Any = solution.shown_experts  # type: ignore[attr-defined]
    number = bus_factor(one.level for one in experts)
    context = {
        "solution": solution,
        "sections": [(LABELS[name], getattr(solution, name)) for name in REQUIRED_SECTIONS],
        "glossary": glossary(solution.terms),
        "missing": missing_sections(solution),
        "experts": experts,
        "bus_factor": number,
        "candidates": candidates(solution) if number < ENOUGH else [],
        "may_keep": _keeps(request.user, solution.team_id),
        "expert_form": expert_form,
        "affected_form": affected_form,
        "review_is_due": bool(solution.review_on and solution.review_on <= timezone.localdate(clock.now())),
    }
    return render(request, "knowhow/solution.html", context, status=status)


def _keeps(person: Person, team: int) -> bool:
    """What the page offers; the change itself asks the database."""
    return person.is_admin or team in [own.pk for own in person.own_teams()]


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """Describe a solution: members for their teams, administrators for all."""
    offered = keepable(request.user)
    if not offered.exists():
        raise PermissionDenied
    form = NewSolutionForm(typed(request), offered=offered, initial=_own(offered))
    if request.method == "POST" and form.is_valid():
        team, given = form.cleaned_data["team"], form.given()
        solution = made(form, lambda: catalogue.create_solution(team, given, by=request.user))
        if solution:
            messages.success(request, _("The solution is in the catalogue. Whose work does it shape?"))
            return redirect("solutions:solution", solution.slug)
    return show_form(request, "knowhow/solution_form.html", form, reading=_reading_of(form))


def _own(offered: QuerySet[Team]) -> dict[str, object]:
    own = list(offered[:2])
    return {"team": own[0]} if len(own) == 1 else {}


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    """Change what the catalogue says: members of the owner team and administrators."""
    solution = get_object_or_404(Solution.objects.select_related("team"), slug=slug)
    if not catalogue.may_keep(solution.team, request.user):
        raise PermissionDenied
    form = EditSolutionForm(typed(request), initial=initial_of(solution))
    if request.method == "POST" and form.is_valid() and _edited(request, solution, form):
        messages.success(request, _("Saved."))
        return redirect("solutions:solution", solution.slug)
    return show_form(
        request, "knowhow/solution_form.html", form, solution=solution, reading=_reading_of(form)
    )


def _edited(request: AuthedRequest, solution: Solution, form: EditSolutionForm) -> Solution | None:
    seen = form.cleaned_data["version"]
    return made(
        form,
        lambda: catalogue.edit_solution(
            solution, form.given(), **form.meaning(), seen_version=seen, by=request.user
        ),
        now=lambda: initial_of(Solution.objects.get(pk=solution.pk)),
    )


@asked_by_the_page
@require_POST
def readable(request: AuthedRequest) -> HttpResponse:
    """How the sections that are typed read: a hint, which stops nobody."""
    texts = {name: _typed_text(request.POST.get(name, "")) for name in SECTIONS}
    return render(request, "knowhow/_reading.html", {"reading": _reading(texts)})


def _typed_text(value: str) -> str:
    """The text of a field; one that could not be kept counts as empty, which saving tells."""
    try:
        return clean_text(value, "", 10_000)
    except InvalidFields:
        return ""


def _reading_of(form: SolutionForm) -> dict[str, Any]:
    return _reading({name: str(form[name].value() or "") for name in SECTIONS})


def _reading(texts: dict[str, str]) -> dict[str, Any]:
    told = (texts["purpose"], texts["limits"], texts["what_to_do"])
    found: Reading = read(told, texts["terms"])
    return {"found": found, "long_sentence": LONG_SENTENCE}


@require_http_methods(["GET", "POST"])
def expert(request: AuthedRequest, slug: str) -> HttpResponse:
    """Say how well somebody masters the solution. The form stands on its page."""
    solution = get_object_or_404(reads.whole(slug))
    if request.method != "POST":
        return redirect("solutions:solution", slug)
    form = ExpertForm(request.POST)
    if form.is_valid():
        person, level = form.cleaned_data["person"], form.cleaned_data["level"]
        if made(form, lambda: set_expert(solution, person, level, by=request.user)):
            messages.success(request, _("Saved."))
            return redirect("solutions:solution", slug)
    return _show(request, solution, form, AffectedForm(), status=422)


@require_POST
def expert_off(request: AuthedRequest, slug: str, person_id: int) -> HttpResponse:
    """Take somebody off the experts."""
    solution = get_object_or_404(Solution, slug=slug)
    person = get_object_or_404(Person, pk=person_id)
    attempt(request, lambda: remove_expert(solution, person, by=request.user), _("Taken off the experts."))
    return redirect("solutions:solution", slug)


@require_http_methods(["GET", "POST"])
def affect(request: AuthedRequest, slug: str) -> HttpResponse:
    """Say that the solution shapes the work of a team. The form stands on its page."""
    solution = get_object_or_404(reads.whole(slug))
    if request.method != "POST":
        return redirect("solutions:solution", slug)
    form = AffectedForm(request.POST)
    if form.is_valid():
        team = form.cleaned_data["team"]
        if made(form, lambda: catalogue.set_affected(solution, team, is_affected=True, by=request.user)):
            messages.success(request, _("Saved."))
            return redirect("solutions:solution", slug)
    return _show(request, solution, ExpertForm(), form, status=422)


@require_POST
def affect_not(request: AuthedRequest, slug: str, team_slug: str) -> HttpResponse:
    """Say that the solution no longer shapes the work of a team."""
    solution = get_object_or_404(Solution, slug=slug)
    team = get_object_or_404(Team, slug=team_slug)
    attempt(
        request,
        lambda: catalogue.set_affected(solution, team, is_affected=False, by=request.user),
        _("Taken off the affected teams."),
    )
    return redirect("solutions:solution", slug)
