"""The request of somebody who is signed in, as views behind the login see it."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from teams.models import Person

View = TypeVar("View", bound=Callable[..., object])


def asked_by_the_page(view: View) -> View:
    """Marks what a page asks for by itself, while somebody types or when it opens.

    After the session has ended it is not answered: nobody is torn away from what they are writing.
    """
    view.by_the_page = True  # type: ignore[attr-defined]
    return view


class AuthedRequest(HttpRequest):
    user: Person
    htmx: HtmxDetails


def came_from(request: HttpRequest) -> str:
    """The page on which somebody pressed a button: its answer has no page of its own to come back to."""
    return within(request, HtmxDetails(request).current_url or request.headers.get("Referer", "")) or "/"


def within(request: HttpRequest, url: str) -> str:
    """``url`` where it is an address of the portal, else nothing; a bare word would be the name of a page."""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure())
    return url if "/" in url and is_ours else ""
