"""The numbers beside the menu's entries, of what a person may see: two queries for all of them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from activity import clock
from notifications.models import InboxEntry
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.waiting_on import waiting_on
from teams import prepared
from teams.http import AuthedRequest, asked_by_the_page
from teams.models import Person, Side

# Nobody needs to know how many more there are; counting stops behind it.
HIGHEST = 99
COUNTED = ("home", "triage", "inbox")


def counters(person: Person) -> Mapping[str, int]:
    """How much waits for ``person``: on them, in the triage of their IT teams, unread in their inbox."""
    return Counter(prepared.rows(_waiting, person))


def _waiting(person: Person) -> QuerySet[Any, Any]:
    new = Request.objects.visible_to(person).filter(_triaged_by(person), status=Status.SUBMITTED)
    parts = [
        _marked("home", waiting_on(person, timezone.localdate(clock.now()))),
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
    return marked[: HIGHEST + 1]


def shown(person: Person) -> dict[str, str]:
    """What stands beside the menu's entries of ``person``; nothing where nothing waits."""
    return {key: f"{HIGHEST}+" if n > HIGHEST else str(n) for key, n in counters(person).items()}


@require_GET
@asked_by_the_page
def counters_page(request: AuthedRequest) -> JsonResponse:
    """The numbers anew, for pages that are open."""
    return JsonResponse(shown(request.user))
