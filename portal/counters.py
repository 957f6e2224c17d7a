"""The numbers beside the menu's entries, of what a person may see: two queries for all of them."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from activity import clock
from notifications.models import InboxEntry
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.waiting_on import waiting_on
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import OwnTeam, Person, Side

# Nobody needs to know how many more there are; counting stops here.
HIGHEST = 99
COUNTED = ("home", "triage", "inbox")
# What stands in a statement for the person, their teams (each one lower), the moment and the day.
PERSON, FIRST_TEAM = -1, -2
MOMENT, DAY = datetime(1900, 1, 1, tzinfo=UTC), date(1900, 1, 1)


class Shape(NamedTuple):
    """All of a person that decides how the statement reads; everything else is a value in it."""

    is_admin: bool
    side: str
    # Side and role of each of their teams.
    teams: tuple[tuple[str, str], ...]


def counters(person: Person) -> Mapping[str, int]:
    """How much waits for ``person``: on them, in the triage of their IT teams, unread in their inbox."""
    if not person.is_active:
        return Counter()
    own, now = person.own_teams(), clock.now()
    sql, parameters = _statement(
        Shape(person.is_admin, person.side, tuple((team.side, team.role) for team in own))
    )
    values: dict[Any, Any] = {PERSON: person.pk, MOMENT: now, DAY: timezone.localdate(now)}
    values |= {FIRST_TEAM - n: team.pk for n, team in enumerate(own)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(parameter, parameter) for parameter in parameters])
        return Counter(key for (key,) in cursor.fetchall())


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> tuple[str, tuple[Any, ...]]:
    """What counts for everybody of this shape, with stand-ins as its parameters.

    It is a part of every page, and writing it takes longer than answering it.
    """
    anybody = Person(pk=PERSON, is_admin=shape.is_admin, side=shape.side)
    anybody.keep_teams([OwnTeam(FIRST_TEAM - n, *team) for n, team in enumerate(shape.teams)])
    with clock.moved_to(MOMENT):
        return _counted(anybody, DAY).query.sql_with_params()


def _counted(person: Person, day: date) -> QuerySet[Any, Any]:
    new = Request.objects.visible_to(person).filter(_triaged_by(person), status=Status.SUBMITTED)
    parts = [
        _marked("home", waiting_on(person, day)),
        _marked("triage", new),
        _marked("inbox", InboxEntry.objects.visible_to(person).unread()),
    ]
    return parts[0].union(*parts[1:], all=True)


def _triaged_by(person: Person) -> Q:
    """What the teams of IT that ``person`` belongs to could serve; nothing for everybody else."""
    if not person.on_side(Side.IT):
        return Q(pk__in=[])
    own = [team.pk for team in person.own_teams() if team.side == Side.IT]
    return Q(serving_team__in=own) | Q(serving_team=None)


def _marked(key: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    marked: QuerySet[Any, Any] = rows.order_by().annotate(key=Value(key)).values_list("key", flat=True)
    return marked[:HIGHEST]


@require_GET
@asked_by_the_page
def counters_page(request: AuthedRequest) -> JsonResponse:
    """The numbers anew, for pages that are open."""
    return JsonResponse({key: counted for key, counted in counters(request.user).items() if key in COUNTED})
