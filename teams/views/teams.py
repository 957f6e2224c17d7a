"""The teams: list, page, brief, members."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import invitations, people, reads, rights
from teams.forms import JoinForm, NewTeamForm, TeamForm, initial_of_team
from teams.http import AuthedRequest
from teams.invitation_mail import send
from teams.models import Person, Role, Team
from teams.rules import RuleViolation
from teams.teams import create_team, edit_team
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """All teams by side, with their leads."""
    return render(request, "teams/teams.html", {"sides": reads.teams_by_side()})


@require_GET
def detail(request: AuthedRequest, slug: str) -> HttpResponse:
    """A team's brief, people and goals."""
    team = get_object_or_404(Team.objects.prefetch_related(reads.memberships()), slug=slug)
    return _show(request, team, JoinForm(typed(request, reverse("teams:member_add", args=[slug]))))


def _show(request: AuthedRequest, team: Team, form: JoinForm, status: int = 200) -> HttpResponse:
    may_lead = rights.may_lead(request.user, team)
    context = {
        "team": team,
        "form": form,
        "may_lead": may_lead,
        "roles": Role.choices,
        "goals": reads.goals().filter(teams=team),
        "invitations": _pending(team) if may_lead else [],
    }
    return render(request, "teams/team.html", context, status=status)


def _pending(team: Team) -> list[object]:
    return list(team.invitations.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")[:50])


@require_http_methods(["GET", "POST"])
def new(request: AuthedRequest) -> HttpResponse:
    """Create a team: administrators."""
    if not request.user.is_admin:
        raise PermissionDenied
    form = NewTeamForm(typed(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        team = made(
            form, lambda: create_team(data["name"], data["side"], brief=data["brief"], by=request.user)
        )
        if team:
            messages.success(request, _("The team is there. Now add its people."))
            return redirect("teams:team", team.slug)
    return show_form(request, "teams/team_form.html", form)


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    """Change name and brief: leads and administrators."""
    team = get_object_or_404(Team, slug=slug)
    if not rights.may_lead(request.user, team):
        raise PermissionDenied
    form = TeamForm(typed(request), initial=initial_of_team(team))
    if request.method == "POST" and form.is_valid() and _edited(request, team, form):
        messages.success(request, _("Saved."))
        return redirect("teams:team", team.slug)
    return show_form(request, "teams/team_form.html", form, team=team)


def _edited(request: AuthedRequest, team: Team, form: TeamForm) -> Team | None:
    data = form.cleaned_data
    wanted = {name: value for name, value in data.items() if name != "version"}
    return made(
        form,
        lambda: edit_team(team, **wanted, seen_version=data["version"], by=request.user),
        now=lambda: initial_of_team(Team.objects.get(pk=team.pk)),
    )


@require_http_methods(["GET", "POST"])
def add_member(request: AuthedRequest, slug: str) -> HttpResponse:
    """Take somebody into the team; who has no account yet is invited. The form stands on the team's page."""
    if request.method != "POST":
        return redirect("teams:team", slug)
    team = get_object_or_404(Team.objects.prefetch_related(reads.memberships()), slug=slug)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _show(request, team, form, status=422)
    data = form.cleaned_data
    try:
        person = Person.objects.filter(email__iexact=data["email"]).first()
        if person is None:
            invited = invitations.invite(data["email"], team=team, role=data["role"], by=request.user)
            return show_invited(request, invited)
        people.add_member(team, person, data["role"], by=request.user)
    except RuleViolation as violation:
        form.refuse(violation)
        return _show(request, team, form, status=422)
    messages.success(request, _("%(name)s is in the team now.") % {"name": person.name})
    return redirect("teams:team", team.slug)


def show_invited(request: AuthedRequest, invited: invitations.Invited) -> HttpResponse:
    """Mail the invitation and show its link once, in case that the mail does not arrive."""
    context = {"invited": invited, "mailed": send(invited)}
    return render(request, "teams/invited.html", context)


@require_POST
def set_role(request: AuthedRequest, slug: str, person_id: int) -> HttpResponse:
    """Make a member a lead, or a lead a member."""
    team = get_object_or_404(Team, slug=slug)
    person = get_object_or_404(Person, pk=person_id)
    role = request.POST.get("role", "")
    attempt(request, lambda: people.set_role(team, person, role, by=request.user), _("Saved."))
    return redirect("teams:team", team.slug)
