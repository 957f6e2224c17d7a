"""The days on which somebody's requests are due, for their calendar."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Event

from knowhow.exchanges.calendars import whole_day
from requests_app.choices import OPEN
from requests_app.models import Request
from teams.models import Person

MOST_REQUESTS = 500


def due_days(person: Person) -> list[Event]:
    """Deadlines and agreed delivery dates of the open requests that ``person`` asked for or holds a seat of.

    As calendars read them, by number. One query.
    """
    mine = Q(requester=person) | Q(marketing_owner=person) | Q(it_owner=person)
    dated = Q(deadline__isnull=False) | Q(agreed_on__isnull=False)
    rows = Request.objects.visible_to(person).filter(mine, dated, status__in=OPEN).order_by("-number")
    newest = rows.only("number", "title", "deadline", "agreed_on", "updated_at")[:MOST_REQUESTS]
    return [event for row in reversed(newest) for event in _events(row)]


def _events(row: Request) -> Iterator[Event]:
    named = {"key": row.key, "title": row.title}
    if row.deadline:
        yield _event("deadline", row, row.deadline, _("Deadline of %(key)s: %(title)s") % named)
    if row.agreed_on:
        yield _event("agreed", row, row.agreed_on, _("Agreed delivery of %(key)s: %(title)s") % named)


def _event(kind: str, row: Request, day: date, title: str) -> Event:
    return whole_day(f"{kind}-{row.number}", day, title, row.get_absolute_url(), row.updated_at)
