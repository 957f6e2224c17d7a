"""The teams: list, page, brief, members."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import invitations, people, reads, rights
from teams.forms import JoinForm, NewTeamForm, TeamForm
from teams.http import AuthedRequest
from teams.invitation_mail import send
from teams.models import Person, Role, Team
from teams.rules import RuleViolation, StaleVersion
from teams.teams import create_team, edit_team
from teams.views.acting import attempt


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """All teams by side, with their leads."""
    return render(request, "teams/teams.html", {"sides": reads.teams_by_side()})


@require_GET
def detail(request: AuthedRequest, slug: str) -> HttpResponse:
    """A team's brief, people and goals."""
    team = get_object_or_404(Team.objects.prefetch_related(reads.memberships()), slug=slug)
    return _show(request, team, JoinForm())


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
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            team = create_team(data["name"], data["side"], brief=data["brief"], by=request.user)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, _("The team is there. Now add its people."))
            return redirect("teams:team", team.slug)
    return render(request, "teams/team_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: AuthedRequest, slug: str) -> HttpResponse:
    """Change name and brief: leads and administrators."""
    team = get_object_or_404(Team, slug=slug)
    if not rights.may_lead(request.user, team):
        raise PermissionDenied
    initial = {"name": team.name, "brief": team.brief, "version": team.version}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, team, form):
        return redirect("teams:team", team.slug)
    context = {"form": form, "team": team}
    return render(request, "teams/team_form.html", context, status=422 if form.errors else 200)


def _saved(request: AuthedRequest, team: Team, form: TeamForm) -> bool:
    data = form.cleaned_data
    try:
        edit_team(team, name=data["name"], brief=data["brief"], seen_version=data["version"], by=request.user)
    except StaleVersion as stale:
        form.show_theirs(stale, Team.objects.get(pk=team.pk))
        return False
    except RuleViolation as violation:
        form.refuse(violation)
        return False
    messages.success(request, _("Saved."))
    return True


@require_POST
def add_member(request: AuthedRequest, slug: str) -> HttpResponse:
    """Take somebody into the team; who has no account yet is invited."""
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
