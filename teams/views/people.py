"""People: list, profile, one's own settings and API tokens."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import people, reads, tokens
from teams.absences import current_or_coming, may_announce
from teams.company import portal_zone
from teams.deliverable import address_works
from teams.forms import ProfileForm, TokenForm
from teams.http import AuthedRequest, came_from
from teams.models import ApiToken, Person, Side
from teams.numbered import page_address, page_number
from teams.unsent import typed
from teams.views.acting import attempt, made, show_form


def list_context(request: AuthedRequest) -> dict[str, object]:
    """A page of all people, deactivated ones too, as the filters ask for it, and the addresses beside it."""
    words, side = request.GET.get("q", "").replace("\0", "")[:200], request.GET.get("side", "")
    page = reads.page_of(reads.found(words, side, inactive=True), page_number(request))
    return {
        "page": page,
        "q": words,
        "side": side,
        "sides": Side.choices,
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
    }


@require_GET
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """Somebody's name, sides and teams, and whether they are away."""
    person = get_object_or_404(Person.objects.prefetch_related(reads.own_teams()), pk=pk)
    context = {
        "person": person,
        "absence": current_or_coming(person) if person.is_active else None,
        "may_announce": person.is_active and may_announce(person, by=request.user),
    }
    return render(request, "teams/person.html", context)


@require_http_methods(["GET", "POST"])
def profile(request: AuthedRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    form = ProfileForm(typed(request), initial=_initial(request.user))
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, _("Saved."))
        return redirect("teams:profile")
    return show_form(request, "teams/profile.html", form)


def _initial(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "language": person.language,
        "time_zone": person.time_zone or portal_zone().key,
        "letter_keys": person.letter_keys,
        "version": person.version,
    }


def _saved(request: AuthedRequest, form: ProfileForm) -> Person | None:
    person = request.user
    return made(form, lambda: _save(person, form), now=lambda: _initial(Person.objects.get(pk=person.pk)))


def _save(person: Person, form: ProfileForm) -> Person:
    data = form.cleaned_data
    with transaction.atomic():
        if data["name"] != person.name:
            people.rename(person, data["name"], by=person, version=data["version"])
        people.set_preferences(
            person,
            language=data["language"],
            time_zone=data["time_zone"],
            letter_keys=data["letter_keys"],
            by=person,
        )
    return person


@require_POST
def letter_keys(request: AuthedRequest) -> HttpResponse:
    """Switch single letters as keys on or off, from the page that shows the keys."""
    people.set_preferences(request.user, letter_keys="letter_keys" in request.POST, by=request.user)
    return HttpResponse(status=204) if request.htmx else redirect("teams:profile")


@require_POST
def mail_works(request: AuthedRequest) -> HttpResponse:
    """Get mail again after it had come back: the button of the notice on every page."""
    attempt(request, lambda: address_works(request.user, by=request.user), _("You will get mail again."))
    return redirect(came_from(request))


@require_POST
def person_mail_works(request: AuthedRequest, pk: int) -> HttpResponse:
    """Let somebody get mail again: administrators, and themselves."""
    person = get_object_or_404(Person, pk=pk)
    attempt(request, lambda: address_works(person, by=request.user), _("Saved."))
    return redirect(came_from(request))


@never_cache
@require_http_methods(["GET", "POST"])
def own_tokens(request: AuthedRequest) -> HttpResponse:
    """One's API tokens; a new one is shown once, in the answer that made it."""
    form = TokenForm(typed(request))
    fresh = _made_token(request, form) if request.method == "POST" and form.is_valid() else None
    if fresh:
        form = TokenForm()
    rows = request.user.api_tokens.filter(revoked_at=None).order_by("-created_at", "-pk")
    return show_form(request, "teams/tokens.html", form, tokens=rows, made=fresh, now=timezone.now())


def _made_token(request: AuthedRequest, form: TokenForm) -> tokens.NewToken | None:
    data, me = form.cleaned_data, request.user
    expires_at = _end_of(data["expires_on"])
    return made(
        form,
        lambda: tokens.create_token(me, data["name"], data["scope"], expires_at=expires_at, by=me),
    )


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(days=1))


@require_POST
def revoke_token(request: AuthedRequest, pk: int) -> HttpResponse:
    """Let one's token work no more."""
    token = get_object_or_404(ApiToken, pk=pk, person=request.user)
    attempt(request, lambda: tokens.revoke(token, by=request.user), _("The token works no more."))
    return redirect("teams:tokens")
