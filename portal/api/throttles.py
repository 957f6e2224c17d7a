"""How many requests a minute a person, or an address that nobody is signed in from, may send to the API."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from activity import clock
from teams.models import Person

if TYPE_CHECKING:
    # The framework's views import this module.
    from rest_framework.views import APIView

WINDOW = timedelta(minutes=1)
# In the table of the default cache, which throws away what has expired. One statement, because reading and
# writing through the cache takes six, and lets requests at the same moment count as one.
COUNT = """
    INSERT INTO "cache" AS kept (cache_key, value, expires) VALUES (%(key)s, '1', %(end)s)
    ON CONFLICT (cache_key) DO UPDATE SET
        value = CASE WHEN kept.expires > %(now)s THEN (kept.value::bigint + 1)::text ELSE '1' END,
        expires = CASE WHEN kept.expires > %(now)s THEN kept.expires ELSE excluded.expires END
    RETURNING value::bigint, expires
"""


class ApiThrottle(BaseThrottle):
    """Counts per person, whatever tokens they use, or per address where nobody is signed in.

    A count begins with the first request and ends a minute later.
    """

    def allow_request(self, request: Request, view: "APIView | None" = None) -> bool:
        whose, limit = _whose(request)
        if not limit:
            return True
        now = clock.now()
        sent, end = count(whose, now)
        self.left = (end - now).total_seconds()
        return sent <= limit

    def wait(self) -> float:
        """Seconds until the count begins anew."""
        return self.left


def count(whose: str, now: datetime) -> tuple[int, datetime]:
    """Count a request of ``whose``; returns how many it makes, and when the count begins anew."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": f"api:{whose}", "now": now, "end": now + WINDOW})
        sent, end = cursor.fetchone()
    return sent, end


def _whose(request: Request) -> tuple[str, int]:
    # Not ``request.user``, which would sign in anew where just that has failed.
    person = getattr(request, "_user", None)
    if isinstance(person, Person):
        return f"person:{person.pk}", settings.API_REQUESTS_PER_MINUTE
    return f"address:{address_of(request)}", settings.API_ANONYMOUS_REQUESTS_PER_MINUTE


def address_of(request: Request) -> str:
    """The caller's address, as the sign-in counts it; all callers that tell none share one."""
    try:
        return str(get_adapter().get_client_ip(request._request))
    except PermissionDenied:
        return "unknown"


def count_stranger(request: Request) -> None:
    """Count a request that is refused because nobody is signed in: it never comes to a view's throttles.

    :raises Throttled: where its address has sent too many.
    """
    throttle = ApiThrottle()
    if not throttle.allow_request(request):
        raise Throttled(wait=throttle.wait())
