"""What administrators keep: company, people, teams, touchpoints, invitations; and the first start."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import company, invitations, people, reads
from teams import touchpoints as domain
from teams.forms import CompanyForm, FirstStartForm, InvitationForm, TouchpointForm, initial_of_company
from teams.http import AuthedRequest
from teams.models import Company, Invitation, Person, Team, Touchpoint
from teams.rules import RuleViolation
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form
from teams.views.people import list_context
from teams.views.teams import show_invited

View = Callable[..., HttpResponse]


def for_admins(view: View) -> View:
    """Only administrators see the page."""

    @wraps(view)
    def guarded(request: AuthedRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@for_admins
def index(request: AuthedRequest) -> HttpResponse:
    """Where to find which setting."""
    context = {
        "company": company.company(),
        "people": Person.objects.filter(is_active=True).count(),
        "teams": Team.objects.count(),
        "touchpoints": Touchpoint.objects.filter(is_archived=False).count(),
        "invitations": len(invitations.pending(request.user)),
    }
    return render(request, "teams/settings.html", context)


@require_http_methods(["GET", "POST"])
@for_admins
def first_start(request: AuthedRequest) -> HttpResponse:
    """Company, zone and the first two teams; once."""
    if company.is_started():
        return redirect("teams:settings")
    form = FirstStartForm(typed(request), initial={"time_zone": company.portal_zone().key})
    if request.method == "POST" and form.is_valid():
        answers = company.FirstStart(**form.cleaned_data)
        if made(form, lambda: company.start(answers, by=request.user)):
            messages.success(request, _("Tandem is ready. Invite the first people into your teams."))
            return redirect("teams:settings_invitations")
    return show_form(request, "teams/first_start.html", form)


@require_http_methods(["GET", "POST"])
@for_admins
def edit_company(request: AuthedRequest) -> HttpResponse:
    """Name, zone, stalled after, digest."""
    found = company.company()
    if found is None:
        return redirect("teams:first_start")
    form = CompanyForm(typed(request), initial=initial_of_company(found))
    if request.method == "POST" and form.is_valid() and _edited(request, form):
        messages.success(request, _("Saved."))
        return redirect("teams:settings_company")
    return show_form(request, "teams/settings_company.html", form)


def _edited(request: AuthedRequest, form: CompanyForm) -> Company | None:
    data = form.cleaned_data
    changes = cast(company.CompanyFields, {name: data[name] for name in data if name != "version"})
    return made(
        form,
        lambda: company.edit_company(changes, seen_version=data["version"], by=request.user),
        now=lambda: initial_of_company(Company.objects.get()),
    )


@require_GET
@for_admins
def all_people(request: AuthedRequest) -> HttpResponse:
    """Everybody, deactivated people too."""
    return render(request, "teams/settings_people.html", list_context(request))


@require_POST
@for_admins
def change_person(request: AuthedRequest, pk: int, action: str) -> HttpResponse:
    """Reactivate somebody, make them an administrator, or end that; deactivating lives where the seats do."""
    person = get_object_or_404(Person, pk=pk)
    changes = {
        "reactivate": (people.reactivate, _("%(name)s can sign in again.")),
        "make-admin": (people.make_admin, _("%(name)s is an administrator now.")),
        "end-admin": (people.end_admin, _("%(name)s is no administrator any more.")),
    }
    if action not in changes:
        raise Http404
    change, words = changes[action]
    attempt(request, lambda: change(person, by=request.user), words % {"name": person.name})
    return redirect("teams:settings_people")


@require_GET
@for_admins
def all_teams(request: AuthedRequest) -> HttpResponse:
    """Every team with its leads."""
    return render(request, "teams/settings_teams.html", {"sides": reads.teams_by_side()})


@require_http_methods(["GET", "POST"])
@for_admins
def touchpoints(request: AuthedRequest) -> HttpResponse:
    """The touchpoints, and a form for one more."""
    form = TouchpointForm(typed(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if made(form, lambda: domain.create_touchpoint(**data, by=request.user)):
            messages.success(request, _("The touchpoint is there."))
            return redirect("teams:settings_touchpoints")
    return show_form(request, "teams/settings_touchpoints.html", form, touchpoints=Touchpoint.objects.all())


@require_http_methods(["GET", "POST"])
@for_admins
def touchpoint(request: AuthedRequest, pk: int) -> HttpResponse:
    """Rename a touchpoint."""
    found = get_object_or_404(Touchpoint, pk=pk)
    initial = {"name_de": found.name_de, "name_en": found.name_en, "phase": found.phase}
    form = TouchpointForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = cast(domain.TouchpointFields, form.cleaned_data)
        if made(form, lambda: domain.edit_touchpoint(found, changes, by=request.user)):
            messages.success(request, _("Saved."))
            return redirect("teams:settings_touchpoints")
    return show_form(request, "teams/settings_touchpoint.html", form, touchpoint=found)


@require_POST
@for_admins
def archive_touchpoint(request: AuthedRequest, pk: int) -> HttpResponse:
    """Offer a touchpoint no more, or again."""
    found = get_object_or_404(Touchpoint, pk=pk)
    changes = domain.TouchpointFields(is_archived=not found.is_archived)
    attempt(request, lambda: domain.edit_touchpoint(found, changes, by=request.user), _("Saved."))
    return redirect("teams:settings_touchpoints")


@require_http_methods(["GET", "POST"])
@for_admins
def all_invitations(request: AuthedRequest) -> HttpResponse:
    """The open invitations, and a form for one more."""
    form = InvitationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        invited = made(form, lambda: invitations.invite(**form.cleaned_data, by=request.user))
        if invited:
            return show_invited(request, invited)
    pending = invitations.pending(request.user)
    return show_form(request, "teams/settings_invitations.html", form, invitations=pending)


@require_POST
def resend_invitation(request: AuthedRequest, pk: int) -> HttpResponse:
    """Send a fresh link: who may invite there."""
    found = get_object_or_404(Invitation, pk=pk)
    try:
        return show_invited(request, invitations.resend(found, by=request.user))
    except RuleViolation as violation:
        for missing in violation.missing:
            messages.error(request, str(missing.message))
    return _back(request, found)


@require_POST
def withdraw_invitation(request: AuthedRequest, pk: int) -> HttpResponse:
    """Let an invitation's link work no more: who may invite there."""
    found = get_object_or_404(Invitation, pk=pk)
    done = _("The invitation is withdrawn.")
    attempt(request, lambda: invitations.withdraw(found, by=request.user), done)
    return _back(request, found)


def _back(request: AuthedRequest, found: Invitation) -> HttpResponse:
    if request.user.is_admin or found.team is None:
        return redirect("teams:settings_invitations" if request.user.is_admin else "teams:teams")
    return redirect("teams:team", found.team.slug)
