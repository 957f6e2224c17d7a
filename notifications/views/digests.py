"""The pages of one's digests, when they come, and switching them off by a link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.digest import page, preference, used
from notifications.digest.archive import archive as archived
from notifications.digest.forms import RhythmForm
from notifications.digest.models import Use
from notifications.mail_links import LinkUsedUp
from teams import people
from teams.http import AuthedRequest
from teams.models import Person, Team
from teams.rules import InvalidFields
from teams.views.acting import attempt, show_form
from teams.zones import company as the_company


@require_GET
def archive(request: AuthedRequest) -> HttpResponse:
    """One's own digests, those that tell of ``q``, and when the next one comes."""
    return _archive(request, RhythmForm(the_company(), initial=_initial(request.user)))


def _archive(request: AuthedRequest, form: RhythmForm) -> HttpResponse:
    try:
        found = archived(request.user, request.GET.get("q", ""))
    except InvalidFields as wrong:
        messages.error(request, str(wrong.missing[0].message))
        found = archived(request.user)
    return show_form(request, "notifications/digests.html", form, archive=found, teams=_teams(request))


def _teams(request: AuthedRequest) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=request.user.team_ids()).order_by("sort_key")


def _initial(person: Person) -> dict[str, object]:
    wish = preference.wish_of(person)
    rhythm = {"every": wish.every, "weekday": wish.weekday, "hour": wish.hour}
    return {**rhythm, "language": person.language}


@require_GET
def week(request: AuthedRequest, week: str) -> HttpResponse:
    """One digest, or the preview of the running week."""
    leaf = page.leaf(request.user, week)
    used.count(Use.OPENED)
    return render(request, "notifications/digest.html", {"leaf": leaf, "sheet": leaf.sheet})


@require_POST
def rhythm(request: AuthedRequest) -> HttpResponse:
    """Choose when one's digest comes, and in which language."""
    form, me = RhythmForm(the_company(), request.POST), request.user
    if not form.is_valid() or not attempt(request, lambda: _choose(form, me), _("This is how it comes now.")):
        return _archive(request, form)
    return redirect("notifications:digests")


def _choose(form: RhythmForm, person: Person) -> None:
    with transaction.atomic():
        preference.choose(form.wish(), by=person)
        people.set_preferences(person, language=form.cleaned_data["language"], by=person)


# A mail program sends it with one click, without session and cookies (RFC 8058); the link is signed.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch the weekly digest off by the link of a mail: GET asks, POST does it."""
    template = "notifications/unsubscribe.html"
    try:
        person = preference.person_of(token)
    except LinkUsedUp:
        return render(request, template, {"state": "used_up"}, status=410)
    with translation.override(person.language or translation.get_language()):
        if request.method == "POST":
            preference.switch_off(person)
        if not preference.gets_weekly(person):
            return render(request, template, {"state": "done"})
        return render(request, template, {"state": "ask", "token": token})
