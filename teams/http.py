"""The request of somebody who is signed in, as views behind the login see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from teams.models import Person


class AuthedRequest(HttpRequest):
    user: Person
    htmx: HtmxDetails
