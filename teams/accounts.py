"""How allauth behaves here: nobody signs up, people are invited; no answer tells who has an account."""

from typing import Any

import css_inline
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams import people
from teams.company import is_started
from teams.fields import is_zone
from teams.invitation_mail import BY_A_MACHINE
from teams.models import Person

# What the address of the sign-in holds behind a sign-out.
SIGNED_OUT = "signed_out"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    # In German, allauth's own words are familiar where ours are polite.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes, then try again."),
        "rate_limited": _("Too many attempts. Please wait a few minutes, then try again."),
        "enter_current_password": _("Please type your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Somebody deactivated is answered like a wrong password."""
        person = super().authenticate(request, **credentials)
        return person if isinstance(person, Person) and person.is_active else None

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        note_zone(request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_page(request.user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The sign-in says it by itself, in the language of that page and not of the one before."""
        return f"{reverse('account_login')}?{SIGNED_OUT}=1"

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template != "account/messages/logged_out.txt":
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("teams:profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        # From the setting, because a link in a mail must not depend on the Host header of who asked for it.
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return str(settings.BASE_URL) + path.replace("UID-KEY", key)

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        message: EmailMessage = super().render_mail(
            template_prefix,
            email,
            {**context, "base_url": settings.BASE_URL},
            {**BY_A_MACHINE, **(headers or {})},
        )
        if isinstance(message, EmailMultiAlternatives):
            plain, message.alternatives = message.alternatives, []
            for part in plain:
                message.attach_alternative(css_inline.inline(str(part[0])), part[1])
        return message


def note_zone(request: HttpRequest, person: Person) -> None:
    """Keep the browser's time zone at the first sign-in; later ones change nothing."""
    zone = request.POST.get("zone", "")
    if not person.time_zone and is_zone(zone):
        people.set_preferences(person, time_zone=zone, by=person)


def landing_page(user: Person | AnonymousUser) -> str:
    """Where somebody arrives after signing in: before the first start an admin sets up the company."""
    if isinstance(user, Person) and user.is_admin and not is_started():
        return reverse("teams:first_start")
    return "/"
