"""Who asks: a personal access token, or the browser's session with its CSRF token."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework import authentication, permissions
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from portal.api.middleware import language_asked
from portal.api.throttles import count_stranger
from teams import tokens
from teams.models import ApiToken, Person

if TYPE_CHECKING:
    # The framework's views import this module.
    from rest_framework.views import APIView

SCHEME = "bearer"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        words = request.headers.get("Authorization", "").split()
        if not words or words[0].lower() != SCHEME:
            return None
        token = tokens.authenticate(words[1]) if len(words) == 2 else None
        if token is None:
            count_stranger(request)
            raise AuthenticationFailed(_("This API token is unknown, has expired or was revoked."))
        speak_as(token.person, request)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def speak_as(person: Person, request: Request) -> None:
    """Answer in the language and zone of ``person`` where the request names none; ends with the request."""
    if language_asked(request._request) is None:
        translation.activate(person.language or settings.LANGUAGE_CODE)
    if person.time_zone:
        timezone.activate(ZoneInfo(person.time_zone))


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; what changes something needs the CSRF token, too."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(_("The CSRF token is missing or wrong. Reload the page.")) from error


class ScopePermission(permissions.BasePermission):
    """Signed in; and a token of scope "read" only reads."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.user, Person):
            count_stranger(request)
            return False
        reads = request.method in permissions.SAFE_METHODS
        if isinstance(request.auth, ApiToken) and request.auth.scope != ApiToken.Scope.WRITE and not reads:
            raise PermissionDenied(_("This API token may only read."))
        return True
