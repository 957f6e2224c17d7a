"""Signing in, accepting an invitation, choosing a language."""

from typing import Any

from allauth.account.views import LoginView, password_change
from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language, get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teams import invitations, people
from teams.account_forms import AcceptForm
from teams.accounts import landing_page, note_zone
from teams.http import AuthedRequest, within
from teams.models import Invitation, Membership, Person, Role
from teams.rules import RuleViolation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_accounts": demo_accounts()}


login = SignIn.as_view()


def demo_accounts() -> list[Person]:
    """The accounts that the demo opens by one click; empty elsewhere."""
    if not settings.DEMO:
        return []
    leads = Exists(Membership.objects.filter(person=OuterRef("pk"), role=Role.LEAD))
    people = Person.objects.filter(is_demo=True, is_active=True).annotate(leads=leads)
    return list(people.prefetch_related("teams").order_by("pk")[:12])


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's accounts, in the demo only."""
    demo = Person.objects.filter(is_demo=True, is_active=True)
    person = demo.filter(email=request.POST.get("email", "")).first() if settings.DEMO else None
    if person is None:
        raise Http404
    start_session(request, person, backend=BACKEND)
    note_zone(request, person)
    return redirect(within(request, request.POST.get("next", "")) or landing_page(person))


@require_GET
def still_mine(request: AuthedRequest) -> HttpResponse:
    """Whether a page is still that of who is signed in: where it is not, teams/whose.py answers instead."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def change_password(request: AuthedRequest) -> HttpResponseBase:
    """Who has no password yet chooses one by the link that a reset sends."""
    if not request.user.has_usable_password():
        return redirect("account_reset_password")
    response: HttpResponseBase = password_change(request)
    return response


@login_not_required
@sensitive_post_parameters("password", "repeated")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation with a name and a password; then one is signed in."""
    try:
        found = invitations.find_open(secret)
        return _accept(request, found, secret)
    except Http404:
        return render(request, "teams/invitation_gone.html", status=404)


def _accept(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    form = AcceptForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person = invitations.accept(
                secret, data["name"], data["password"], language=get_language() or "", time_zone=data["zone"]
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            start_session(request, person, backend=BACKEND)
            return redirect(landing_page(person))
    status = 422 if form.errors else 200
    return render(request, "teams/invitation.html", {"form": form, "invitation": found}, status=status)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: for the person where somebody is signed in, and for this browser."""
    code = request.POST.get("language", "")
    response = redirect(within(request, request.POST.get("next", "")) or "/")
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        return response
    if isinstance(request.user, Person):
        people.set_preferences(request.user, language=code, by=request.user)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
