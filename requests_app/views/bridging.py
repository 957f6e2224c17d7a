"""Pages that read what requests tell of skills, bridges and teams; the rules stand in knowhow/bridges."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from activity import clock
from knowhow.bridges.openness import openness_of, sees_score
from knowhow.bridges.role_profiles import Texts, keep_role, may_keep_roles
from knowhow.bridges.score import Part, Score, bridge_score
from knowhow.bridges.silo import LONELY_AFTER, silo_map, summed
from knowhow.exchanges.models import Exchange
from knowhow.forms import RoleForm, initial_of_role
from knowhow.models import Skill, SkillGroup
from knowhow.skills import reading
from requests_app import discussion
from requests_app.bridging import drawing, evidence, growing, subjects, ties
from requests_app.bridging.lacking import drafted, lacks
from requests_app.bridging.translators import Named, invitation_words, who_could_translate
from requests_app.discussion.mentions import mention
from requests_app.models import COMMENT_TEXT, Request
from requests_app.views.small_forms import Question, ask, submitted, take
from teams import numbered
from teams.forms import DomainForm, long_text
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person
from teams.unsent import typed
from teams.views.acting import made, show_form

MONTHS_ON_MAP = 2
MOST_WORKED_ON = 8
PART_WORDS = {
    Part.SKILLS: gettext_lazy("Skills of both sides"),
    Part.TANDEM: gettext_lazy("Requests delivered in tandem"),
    Part.EXCHANGES: gettext_lazy("Exchanges given or attended"),
    Part.QUESTIONS: gettext_lazy("Questions of the other side answered"),
}


@require_GET
def heat_map(request: AuthedRequest) -> HttpResponse:
    """What teams can, by skill; with the gaps that open requests show."""
    groups = list(SkillGroup.objects.all())
    group = next(
        (one for one in groups if str(one.pk) == request.GET.get("group")), groups[0] if groups else None
    )
    listed = Skill.objects.filter(group=group, state=Skill.State.LISTED) if group else Skill.objects.none()
    skills = sorted(listed, key=reading.by_name)
    held = reading.held_in_teams(request.user, skills)
    found = reading.heat_map(reading.teams_for_map(), skills, held, subjects.needed())
    asked = next((one for one in reading.Rows if one == request.GET.get("teams")), "")
    rows = reading.rows_of(found.rows, asked, {team.pk for team in request.user.own_teams()})
    page = numbered.page_of(rows, numbered.page_number(request))
    context = {
        "map": found,
        "rows": page.rows,
        "next": numbered.page_address(request, page.next),
        "previous": numbered.page_address(request, page.previous),
        "groups": groups,
        "group": group,
        "choices": reading.Rows.choices,
        "asked": asked,
    }
    return render(request, "requests_app/heat_map.html", context)


@require_GET
def team_map(request: AuthedRequest) -> HttpResponse:
    """What joins teams, and which one stands alone."""
    now = clock.now()
    teams = {team.pk: team for team in reading.teams_for_map()}
    young = [team.pk for team in teams.values() if now - team.created_at < LONELY_AFTER]
    found = silo_map(teams, summed(ties.ties_since(now, MONTHS_ON_MAP)), now, young)
    context = {
        "drawing": drawing.drawn(list(teams.values()), found),
        "rows": drawing.rows(teams, found),
        "lonely": [teams[pk] for pk in found.lonely],
        "days": LONELY_AFTER.days,
        "ties": len(found.ties),
    }
    return render(request, "requests_app/team_map.html", context)


@asked_by_the_page
@require_GET
def bridge_of(request: AuthedRequest, pk: int) -> HttpResponse:
    """How somebody stands between the sides, to themselves and, with consent, to leads: a part of their page.

    Whoever may not see it gets the same empty part as where there is nothing to see.
    """
    person = request.user if pk == request.user.pk else get_object_or_404(Person, pk=pk)
    context: dict[str, Any] = {"person": person}
    if sees_score(request.user, person):
        score = bridge_score(evidence.evidence_of(person))
        context |= {"score": score, "pieces": _opened(score, person, request.user)}
    if person == request.user:
        context["openness"] = openness_of(person)
    page = "requests_app/_bridge.html" if request.htmx else "requests_app/bridge.html"
    return render(request, page, context)


def _opened(score: Score, person: Person, reader: Person) -> list[dict[str, Any]]:
    """Each part of a score with what it consists of, as far as ``reader`` sees it."""
    requests = Request.objects.visible_to(reader).filter(pk__in=score.evidence.tandem).order_by("-number")
    answers = evidence.answers_seen(score.evidence.answered, reader)
    exchanges = Exchange.objects.filter(pk__in=[*score.evidence.taught, *score.evidence.attended])
    skills = score.evidence.skills
    made_of: dict[Part, Any] = {
        Part.SKILLS: skills if not skills or reading.shows_skills(person, reader) else None,
        Part.TANDEM: list(requests.only("number", "title")),
        Part.EXCHANGES: list(exchanges.order_by("-ends_at", "-pk")),
        Part.QUESTIONS: answers,
    }
    return [
        {"piece": piece, "label": PART_WORDS[piece.part], "made_of": made_of.get(piece.part, ())}
        for piece in score.pieces
    ]


@asked_by_the_page
@require_GET
def own_growing(request: AuthedRequest) -> HttpResponse:
    """Whether one could become a bridge oneself, and the next step: a part of one's page."""
    context = {"growing": growing.own_potential(request.user)}
    page = "requests_app/_own_growing.html" if request.htmx else "requests_app/own_growing.html"
    return render(request, page, context)


@asked_by_the_page
@require_GET
def endorsements(request: AuthedRequest, pk: int) -> HttpResponse:
    """What somebody works on, and for which skills delivered requests speak: a part of their page."""
    person = get_object_or_404(Person, pk=pk)
    done = subjects.done_with(person.pk)
    shown = [row.skill for row in reading.own_skills(person, request.user) if row.skill_id in done]
    context = {
        "person": person,
        "works_on": list(subjects.worked_on(person, request.user).for_rows()[:MOST_WORKED_ON]),
        "endorsed": [(skill, done[skill.pk]) for skill in shown],
    }
    page = "requests_app/_endorsements.html" if request.htmx else "requests_app/endorsements.html"
    return render(request, page, context)


@asked_by_the_page
@require_GET
def growing_people(request: AuthedRequest) -> HttpResponse:
    """To leads: who is at home on both sides and who could be, of those who agreed; a part of the page."""
    if not may_keep_roles(request.user):
        raise Http404
    bridges, potentials = growing.bridges_and_potentials(request.user)
    context = {"bridges": bridges, "potentials": potentials}
    page = "requests_app/_growing.html" if request.htmx else "requests_app/growing.html"
    return render(request, page, context)


@asked_by_the_page
@require_GET
def translators(request: AuthedRequest, number: int) -> HttpResponse:
    """Who could translate about a request, and why: a part of its page."""
    found = submitted(request, number)
    subject, named = who_could_translate(found, request.user)
    context = {"item": found, "subject": subject, "named": named}
    page = "requests_app/_translators.html" if request.htmx else "requests_app/translators.html"
    return render(request, page, context)


class AskInForm(DomainForm):
    body = forms.CharField(label=gettext_lazy("Message"), max_length=COMMENT_TEXT, widget=long_text(4))


@require_http_methods(["GET", "POST"])
def ask_in(request: AuthedRequest, number: int, person_id: int) -> HttpResponse:
    """Ask somebody who could translate to take part: a comment that names them."""
    found = submitted(request, number)
    named = _named(found, person_id, request.user)
    form = AskInForm(typed(request) or None, initial={"body": _words(named, request.user)})
    title = _("Ask %(name)s in") % {"name": named.person.name}
    question = Question(title, _("Ask"), request.path)
    if request.method != "POST":
        return ask(request, found, form, question)
    return take(
        request,
        found,
        form,
        question,
        lambda: discussion.comment(number, form.cleaned_data["body"], by=request.user),
    )


def _named(found: Request, person_id: int, reader: Person) -> Named:
    """:raises Http404: where the person is not among those who could translate."""
    _subject, named = who_could_translate(found, reader)
    for one in named:
        if one.person.pk == person_id:
            return one
    raise Http404


def _words(named: Named, asker: Person) -> str:
    return f"{mention(named.person)}, {invitation_words(named, asker)}"


@require_http_methods(["GET", "POST"])
def new_role(request: AuthedRequest) -> HttpResponse:
    """A posting, drafted from what open requests need and nobody, or hardly anybody, masters."""
    if not may_keep_roles(request.user):
        messages.error(request, _("Only leads and administrators write role profiles."))
        return redirect("knowhow:roles")
    found = lacks()
    form = RoleForm(typed(request), initial=initial_of_role(drafted(found)))
    if request.method == "POST" and form.is_valid():
        kept = made(form, lambda: keep_role(cast(Texts, form.cleaned_data), by=request.user))
        if kept is not None:
            messages.success(request, _("The role profile is kept."))
            return redirect("knowhow:role", kept.pk)
    return show_form(request, "knowhow/edit_role.html", form, lacks=found)
