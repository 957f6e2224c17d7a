"""One's own skills, who sees them, and mentors."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from knowhow.bridges import learning, mentoring
from knowhow.bridges.openness import Choice, choose, openness_of
from knowhow.forms import AddSkillsForm, OpennessForm, OwnSkillForm, SkillsForm, WantedSkillsForm
from knowhow.models import Mentoring, PersonSkill
from knowhow.skills import profile, reading
from knowhow.skills.raising import offers
from teams.http import AuthedRequest, came_from
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form

PAGE, PART, ROW = "knowhow/my_skills.html", "knowhow/_my_skills.html", "knowhow/_my_skill.html"


@require_http_methods(["GET", "POST"])
def my_skills(request: AuthedRequest) -> HttpResponse:
    """What one can; typed words are added."""
    form = AddSkillsForm(typed(request))
    if request.method == "POST" and form.is_valid() and _added(request, form):
        if not request.htmx:
            return redirect("knowhow:my_skills")
        form = AddSkillsForm()
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, PART if request.htmx else PAGE, _own(request, form), status=status)


def _added(request: AuthedRequest, form: SkillsForm, *, wanted: bool = False) -> bool:
    words, new = form.cleaned_data["skills"], form.cleaned_data["new"]
    return made(form, lambda: profile.add_skills(words, by=request.user, wanted=wanted, new=new)) is not None


def _own(request: AuthedRequest, form: AddSkillsForm) -> dict[str, Any]:
    rows = reading.own_skills(request.user, request.user)
    return {
        "form": form,
        "rows": [_shown(row) for row in rows],
        "offers": offers(request.user, rows),
        # The field for adding has the usual id of a field called skills.
        "openness_form": OpennessForm(initial=_chosen(request), auto_id="openness-%s"),
    }


def _chosen(request: AuthedRequest) -> dict[str, Any]:
    own = openness_of(request.user)
    return {"skills": own.skills, "matching": own.matching}


def _shown(row: PersonSkill, form: OwnSkillForm | None = None) -> dict[str, Any]:
    """A row with its form, whose fields have ids of their own."""
    initial = {name: getattr(row, name) for name in OwnSkillForm.base_fields}
    form = form or OwnSkillForm(initial=initial, auto_id=f"skill-{row.skill_id}-%s")
    return {"row": row, "form": form}


@require_POST
def change_skill(request: AuthedRequest, skill: int) -> HttpResponse:
    """Keep what the row of a skill says: all of it is sent whenever something in it changes."""
    form = OwnSkillForm(request.POST, auto_id=f"skill-{skill}-%s")
    row = get_object_or_404(
        PersonSkill.objects.select_related("skill__group"), person=request.user, skill=skill
    )
    if form.is_valid():
        changes = cast(profile.Changes, form.cleaned_data)
        changed = made(form, lambda: profile.change_skill(skill, changes, by=request.user))
        if changed is not None and not request.htmx:
            return redirect("knowhow:my_skills")
    if request.htmx:
        return render(request, ROW, {"one": _shown(row, form)}, status=422 if form.errors else 200)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("knowhow:my_skills")


@require_POST
def drop_skill(request: AuthedRequest, skill: int) -> HttpResponse:
    """Take a skill out of one's profile."""
    profile.drop_skill(skill, by=request.user)
    if request.htmx:
        return render(request, PART, _own(request, AddSkillsForm()))
    return redirect("knowhow:my_skills")


@require_POST
def set_openness(request: AuthedRequest) -> HttpResponse:
    """Who sees one's skills, and whether one is proposed to others."""
    form = OpennessForm(request.POST)
    if form.is_valid():
        choice = cast(Choice, form.cleaned_data)
        attempt(request, lambda: choose(choice, by=request.user), _("Saved."))
    return redirect("knowhow:my_skills")


@require_POST
def agree_to_score(request: AuthedRequest) -> HttpResponse:
    """Let leads see how one stands between the sides, or take that back."""
    agrees = request.POST.get("agrees") == "yes"
    done = _("Leads can see it now.") if agrees else _("Only you can see it.")
    attempt(request, lambda: choose({"bridge": agrees}, by=request.user), done)
    return redirect(came_from(request))


@require_http_methods(["GET", "POST"])
def mentors(request: AuthedRequest) -> HttpResponse:
    """Who could teach what one wants to learn, and one's pairs; what one wants is said here, too."""
    form = WantedSkillsForm(typed(request))
    if request.method == "POST" and form.is_valid() and _added(request, form, wanted=True):
        return redirect("knowhow:mentors")
    pairs = mentoring.pairs_of(request.user)
    ways = learning.ways(request.user, pairs)
    return show_form(request, "knowhow/mentors.html", form, ways=ways, pairs=pairs)


@require_POST
def ask_mentor(request: AuthedRequest, skill: int, person: int) -> HttpResponse:
    """Ask somebody to be one's mentor for a skill."""
    me = request.user
    done = _("Your wish is there. The two of you begin when it is accepted.")
    attempt(request, lambda: mentoring.propose_pair(person, me.pk, skill, by=me), done)
    return redirect("knowhow:mentors")


@require_POST
def answer_pair(request: AuthedRequest, pk: int) -> HttpResponse:
    """Say yes or no to a proposal, or end what runs."""
    answer = request.POST.get("answer")
    if answer == "end":
        attempt(request, lambda: mentoring.end_pair(pk, by=request.user), _("This has ended."))
    else:
        attempt(request, lambda: mentoring.answer_pair(pk, answer == "yes", by=request.user), _told)
    return redirect("knowhow:mentors")


def _told(pair: Mentoring) -> str:
    if pair.is_running:
        return _("You have both agreed. Write to each other and find an hour.")
    return _("Your answer is kept.")
