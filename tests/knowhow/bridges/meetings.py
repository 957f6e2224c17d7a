"""Exchanges as they were held, without the way there."""

from datetime import datetime, timedelta
from typing import Any

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeKind, SignUp, Standing
from teams.models import Person


def held(host: Person, *guests: Person, ended: datetime | None = None, **fields: Any) -> Exchange:
    """An exchange that ended at ``ended`` (an hour ago), which all ``guests`` attended."""
    end = ended or clock.now() - timedelta(hours=1)
    start = end - timedelta(hours=1)
    exchange = Exchange.objects.create(
        **{
            "kind": ExchangeKind.SESSION,
            "title": "How it is done",
            "ability": "You can do it.",
            "host": host,
            "planned_by": host,
            "starts_at": start,
            "ends_at": end,
            "zone": "Europe/Berlin",
            "seats": 20,
            "place": "Room 1",
            "invited_at": start,
            "created_at": start,
            **fields,
        }
    )
    for place, guest in enumerate(guests, start=1):
        SignUp.objects.create(
            exchange=exchange,
            person=guest,
            standing=Standing.SEAT,
            place=place,
            since=start,
            attended=True,
        )
    return exchange
