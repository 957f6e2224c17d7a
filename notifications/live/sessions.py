"""Whose a stream is, and whether it still is: the stream asks by itself, no middleware stands before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from teams.models import Person, PersonSession
from teams.sessions import SessionStore


@dataclass(frozen=True)
class Listener:
    """A signed-in person and the session that says so; ``proof`` changes with the password."""

    person: int
    session: str
    proof: str


def listener_of(cookies: str) -> Listener | None:
    """Who is signed in with these cookies; None for nobody."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    person = get_user(request)
    if not isinstance(person, Person) or not person.is_active:
        return None
    return Listener(person.pk, key, person.password)


def still_signed_in(listeners: Iterable[Listener]) -> set[Listener]:
    """Those whose session, account and password are what they were. Two queries."""
    asked = set(listeners)
    sessions = PersonSession.objects.filter(
        session_key__in={one.session for one in asked}, expire_date__gt=timezone.now()
    )
    signed_in = set(sessions.values_list("session_key", "person_id"))
    people = Person.objects.filter(pk__in={one.person for one in asked}, is_active=True)
    proofs = set(people.values_list("pk", "password"))
    return {
        one for one in asked if (one.session, one.person) in signed_in and (one.person, one.proof) in proofs
    }
