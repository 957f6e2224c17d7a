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
from teams.company import portal_zone
from teams.forms import ProfileForm, TokenForm
from teams.http import AuthedRequest
from teams.models import ApiToken, Person, Side
from teams.rules import RuleViolation, StaleVersion
from teams.views.acting import attempt


def page_number(request: AuthedRequest) -> int:
    """The page that is asked for; the first where it is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def list_context(request: AuthedRequest, *, inactive: bool = False) -> dict[str, object]:
    """A page of people as the filters ask for it, and the addresses of its neighbours."""
    words, side = request.GET.get("q", "").replace("\0", "")[:200], request.GET.get("side", "")
    page = reads.people(words, side, page_number(request), inactive=inactive)
    return {
        "page": page,
        "q": words,
        "side": side,
        "sides": Side.choices,
        "next": _address(request, page.next),
        "previous": _address(request, page.previous),
    }


def _address(request: AuthedRequest, number: int | None) -> str:
    if number is None:
        return ""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@require_GET
def index(request: AuthedRequest) -> HttpResponse:
    """Everybody who is active, by name."""
    return render(request, "teams/people.html", list_context(request))


@require_GET
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """Somebody's name, sides and teams."""
    person = get_object_or_404(Person.objects.prefetch_related("memberships__team"), pk=pk)
    return render(request, "teams/person.html", {"person": person})


@require_http_methods(["GET", "POST"])
def profile(request: AuthedRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    person = request.user
    initial = {
        "name": person.name,
        "language": person.language,
        "time_zone": person.time_zone or portal_zone().key,
        "version": person.version,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("teams:profile")
    return render(request, "teams/profile.html", {"form": form}, status=422 if form.errors else 200)


def _saved(request: AuthedRequest, form: ProfileForm) -> bool:
    person, data = request.user, form.cleaned_data
    try:
        with transaction.atomic():
            if data["name"] != person.name:
                people.rename(person, data["name"], by=person, version=data["version"])
            people.set_preferences(person, language=data["language"], time_zone=data["time_zone"], by=person)
    except StaleVersion as stale:
        form.show_theirs(stale, Person.objects.get(pk=person.pk))
        return False
    except RuleViolation as violation:
        form.refuse(violation)
        return False
    messages.success(request, _("Saved."))
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def own_tokens(request: AuthedRequest) -> HttpResponse:
    """One's API tokens; a new one is shown once, in the answer that made it."""
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = tokens.create_token(
                request.user,
                data["name"],
                data["scope"],
                expires_at=_end_of(data["expires_on"]),
                by=request.user,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            form = TokenForm()
    rows = request.user.api_tokens.filter(revoked_at=None).order_by("-created_at", "-pk")
    context = {"form": form, "tokens": rows, "made": made, "now": timezone.now()}
    return render(request, "teams/tokens.html", context, status=422 if form.errors else 200)


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
