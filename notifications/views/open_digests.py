"""Digests that every member reads alike, of a team and of the company; a lead's sentence; what helped."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from activity import clock
from notifications.digest import used
from notifications.digest.forms import WordForm
from notifications.digest.lead_words import coming_week, say, word_of
from notifications.digest.open_pages import OpenLeaf, company_leaf, team_leaf
from notifications.digest.weeks import Week, running_week
from teams import rights
from teams.http import AuthedRequest
from teams.models import Person, Team
from teams.rules import RuleViolation
from teams.unsent import typed
from teams.views.acting import show_form
from teams.views.settings import for_admins
from teams.zones import zone_of


@require_GET
def company(request: AuthedRequest, week: str) -> HttpResponse:
    """The whole company's week."""
    return _show(request, company_leaf(week, request.user), name="notifications:company_digest")


@require_GET
def team(request: AuthedRequest, week: str, slug: str) -> HttpResponse:
    """A team's week; before its digests go out a lead can say a sentence to the readers."""
    shown = get_object_or_404(Team, slug=slug)
    leaf = team_leaf(shown, week, request.user)
    return _show(request, leaf, team=shown, form=_word_form(request, shown, leaf.sheet.week))


@require_GET
def team_now(request: AuthedRequest, slug: str) -> HttpResponse:
    """The way from a team's page to its digest of the week that runs."""
    shown = get_object_or_404(Team, slug=slug)
    week = running_week(clock.now(), zone_of(Person()))
    return redirect("notifications:team_digest", week.key, shown.slug)


def _show(
    request: AuthedRequest, leaf: OpenLeaf, form: WordForm | None = None, **context: object
) -> HttpResponse:
    teams = Team.objects.order_by("sort_key")
    context |= {"leaf": leaf, "sheet": leaf.sheet, "teams": teams}
    if form is not None:
        return show_form(request, "notifications/open_digest.html", form, **context)
    return render(request, "notifications/open_digest.html", context)


def _word_form(request: AuthedRequest, shown: Team, week: Week) -> WordForm | None:
    """The form for whom may say something now."""
    sent = typed(request, at=reverse("notifications:team_word", args=[week.key, shown.slug]))
    if week != coming_week(clock.now()) or not rights.may_lead(request.user, shown):
        return None
    word = word_of(shown, week)
    return WordForm(sent, initial={"text": word.text if word else ""})


@require_http_methods(["GET", "POST"])
def word(request: AuthedRequest, week: str, slug: str) -> HttpResponse:
    """Say a sentence to the readers of the team, or take it back. The form stands on the week's page."""
    shown = get_object_or_404(Team, slug=slug)
    try:
        meant = Week.parse(week)
    except ValueError:
        raise Http404 from None
    if request.method == "POST":
        form = WordForm(request.POST)
        if not (form.is_valid() and _said(form, shown, meant, request.user)):
            return _show(request, team_leaf(shown, week, request.user), team=shown, form=form)
        messages.success(request, _("Saved."))
    return redirect("notifications:team_digest", week, slug)


def _said(form: WordForm, team: Team, week: Week, by: Person) -> bool:
    """Whether it was said; where not, the form says why and keeps it."""
    try:
        say(team, week, form.cleaned_data["text"], by=by)
    except RuleViolation as refused:
        form.refuse(refused)
        return False
    return True


@require_GET
@for_admins
def use(request: AuthedRequest) -> HttpResponse:
    """How many digests went out, and what they led to, as sums."""
    return render(request, "notifications/digest_use.html", {"weeks": used.by_week()})
