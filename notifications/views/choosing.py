"""What one is told and when; and, for administrators, what holds for those who have not chosen."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activity import clock
from notifications.choosing.chats import told_in_chats
from notifications.choosing.forms import MatrixForm, QuietForm, TeamForm
from notifications.choosing.kinds import Standing
from notifications.choosing.load import mail_load
from notifications.choosing.resolve import company_defaults, holds_for
from notifications.choosing.setting import (
    choose,
    choose_default,
    heed_team,
    set_company_defaults,
    set_quiet_times,
)
from notifications.choosing.stopping import Less
from notifications.models import QuietTimes, TeamAttention
from requests_app.models import Mute
from requests_app.querysets import visible
from teams.absences import current_or_coming
from teams.forms import DomainForm
from teams.http import AuthedRequest
from teams.models import Person, Team
from teams.unsent import typed
from teams.views.acting import made
from teams.views.settings import for_admins
from teams.zones import company, zone_of

MUTES_SHOWN = 50


@require_http_methods(["GET", "POST"])
def show(request: AuthedRequest) -> HttpResponse:
    """The matrix, quiet times, teams, and what is muted, each with a form of its own."""
    form = _matrix(request.user, typed(request))
    if request.method == "POST":
        if "default" in request.POST:
            choose_default(request.user)
            messages.success(request, _("The company’s defaults hold for you again."))
            return redirect("notifications:choosing")
        if form.is_valid() and _made(form, lambda: choose(request.user, form.chosen)):
            messages.success(request, _("Saved."))
            return redirect("notifications:choosing")
    return _page(request, matrix=form)


def _made(form: DomainForm, change: Callable[[], None]) -> bool:
    """Whether it was kept, by a function that gives nothing back."""

    def keep() -> bool:
        change()
        return True

    return made(form, keep) is not None


@require_POST
def quiet(request: AuthedRequest) -> HttpResponse:
    """When no mail comes."""
    form = QuietForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        keep = lambda: set_quiet_times(request.user, data["starts"], data["ends"], data["days_off"])  # noqa: E731
        if _made(form, keep):
            messages.success(request, _("Saved."))
            return redirect("notifications:choosing")
    return _page(request, quiet=form)


@require_POST
def team(request: AuthedRequest) -> HttpResponse:
    """How much of a team's requests one hears; without a level what one is to each."""
    if "forget" in request.POST:
        heed_team(request.user, get_object_or_404(Team, slug=request.POST["forget"].replace("\0", "")), "")
        return redirect("notifications:choosing")
    form = TeamForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        if _made(form, lambda: heed_team(request.user, data["team"], data["level"])):
            messages.success(request, _("Saved."))
            return redirect("notifications:choosing")
    return _page(request, team=form)


def _page(
    request: AuthedRequest,
    matrix: MatrixForm | None = None,
    quiet: QuietForm | None = None,
    team: TeamForm | None = None,
) -> HttpResponse:
    person = request.user
    matrix = matrix or _matrix(person)
    sent = next((form for form in (matrix, quiet, team) if form is not None and form.is_bound), None)
    context = {
        "form": sent or matrix,
        "matrix": matrix,
        "quiet": quiet or QuietForm(initial=_quiet(person)),
        "team_form": team or TeamForm(),
        "teams": TeamAttention.objects.filter(person=person)
        .select_related("team")
        .order_by("team__sort_key"),
        "mutes": _muted(person),
        "absence": current_or_coming(person),
        "zone": timezone.get_current_timezone(),
    }
    return render(
        request, "notifications/choosing.html", context, status=422 if sent and sent.errors else 200
    )


def _matrix(person: Person, sent: QueryDict | None = None) -> MatrixForm:
    choices, is_own = holds_for(person)
    return MatrixForm(sent, choices=choices, is_own=is_own, chats=told_in_chats(person))


def _quiet(person: Person) -> dict[str, object]:
    row = QuietTimes.objects.filter(person=person).first()
    return {"starts": row.starts, "ends": row.ends, "days_off": row.days_off} if row else {}


def _muted(person: Person) -> "list[Mute]":
    rows = Mute.objects.filter(visible(person, "request__"), person=person).select_related("request")
    return list(rows.order_by("-since")[:MUTES_SHOWN])


@require_http_methods(["GET", "POST"])
def stop_here(request: AuthedRequest, entry: int) -> HttpResponse:
    """Less of what an entry of the inbox told, with one click."""
    less = Less(request.user, entry)
    if request.method == "POST":
        messages.success(request, less.choose(request.POST.get("less", "")))
        return redirect("notifications:inbox")
    context = {"less": less, "why": less.entry.get_why_display(), "offers": less.offers.items()}
    return render(request, "notifications/stop.html", context)


@require_http_methods(["GET", "POST"])
@for_admins
def defaults(request: AuthedRequest, standing: str = Standing.MEMBER) -> HttpResponse:
    """What those are told who have not chosen, and how many mails people get."""
    if standing not in Standing.values:
        raise Http404
    form = MatrixForm(typed(request), choices=company_defaults()[standing])
    keep = lambda: set_company_defaults(standing, form.chosen, by=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and made(form, keep) is not None:
        messages.success(request, _("Saved."))
        return redirect("notifications:defaults_of", standing)
    now = clock.now()
    context = {
        "form": form,
        "matrix": form,
        "standing": standing,
        "standings": Standing.choices,
        "load": mail_load(now, zone_of(request.user, company())),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "notifications/defaults.html", context, status=status)
