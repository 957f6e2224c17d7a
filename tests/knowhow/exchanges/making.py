"""Exchanges for tests, valid by the database's constraints; without events."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeProposal, SignUp, Standing, Wish
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span
from teams.models import Person
from tests.factories import make_person

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
_numbers = count(1)


def in_days(days: float) -> datetime:
    """A moment so many days from now."""
    return clock.now() + timedelta(days=days)


def hours(days: float = 7, lasting: timedelta = HOUR) -> Span:
    """An hour that begins in so many days."""
    starts_at = in_days(days)
    return Span(starts_at, starts_at + lasting)


def words(**fields: Any) -> SessionFields:
    """What an exchange is about."""
    whole = {"title": "Read the funnel", "ability": "You read where people drop out.", "place": "Room Elbe"}
    return SessionFields(**{"seats": 2, **whole, **fields})  # type: ignore[typeddict-item]


def make_exchange(host: Person | None = None, days: float = 7, **fields: Any) -> Exchange:
    """An exchange that begins in so many days and lasts an hour."""
    n, host = next(_numbers), host or make_person()
    now, starts = clock.now(), fields.pop("starts_at", in_days(days))
    whole = {
        "kind": "session",
        "title": f"Exchange {n}",
        "ability": f"You can do number {n}.",
        "planned_by": host,
        "starts_at": starts,
        "ends_at": starts + HOUR,
        "zone": "Europe/Berlin",
        "place": "Room Elbe",
        "seats": 2,
        "invited_at": now,
        "created_at": now,
    }
    return Exchange.objects.create(host=host, **{**whole, **fields})


def seat(exchange: Exchange, person: Person | None = None, **fields: Any) -> SignUp:
    """Somebody with the next seat."""
    place = exchange.signups.filter(standing=Standing.SEAT).count() + 1
    whole = {"standing": Standing.SEAT, "place": place, "since": clock.now(), **fields}
    return SignUp.objects.create(exchange=exchange, person=person or make_person(), **whole)


def wait(exchange: Exchange, person: Person | None = None) -> SignUp:
    """Somebody at the end of the waiting list."""
    whole = {"standing": Standing.WAITING, "since": clock.now()}
    return SignUp.objects.create(exchange=exchange, person=person or make_person(), **whole)


def make_proposal(proposer: Person | None = None, voices: int = 0, **fields: Any) -> ExchangeProposal:
    """A wish of ``proposer``, and of so many others."""
    proposer = proposer or make_person()
    whole = {"kind": "session", "title": "Read SQL", "ability": "I read what a query asks.", **fields}
    proposal = ExchangeProposal.objects.create(proposer=proposer, created_at=clock.now(), **whole)
    for person in (proposer, *(make_person() for _voice in range(voices))):
        Wish.objects.create(proposal=proposal, person=person, created_at=clock.now())
    return proposal


def standings(exchange: Exchange) -> list[tuple[str, int | None]]:
    """How those who signed up stand, in the order in which they came."""
    return list(exchange.signups.order_by("pk").values_list("standing", "place"))
