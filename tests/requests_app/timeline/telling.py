"""Recording events and reading how they are told."""

from typing import Any

from django.db import transaction

from activity import log
from activity.models import Event
from requests_app.models import Request
from requests_app.timeline import Entry, timeline
from teams.models import Person


def record(kind: str, request: Request, by: Person | None = None, **data: Any) -> Event:
    with transaction.atomic():
        return log.record(kind, request, by=by, data=data)


def told(request: Request) -> Entry:
    """The newest entry."""
    entries, _older, _titles = timeline(Request.objects.get(pk=request.pk), 50)
    return entries[0]


def sentence(request: Request) -> str:
    entry = told(request)
    return f"{entry.who} {entry.did}"
