"""The request of somebody who is signed in, as views behind the login see it."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
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
