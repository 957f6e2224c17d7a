"""What the tests of telling share: a request with everybody around it, and the whole way of its news."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from activity import clock, log
from activity.models import Event
from notifications.delivery import Tally, deliver_mail
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Delivery, State
from requests_app.choices import Status
from requests_app.models import Request, Supporter, Watcher
from teams.models import Person, Side
from tests.factories import make_person, make_request, make_team


@dataclass(frozen=True)
class Cast:
    """One request and the people around it."""

    request: Request
    requester: Person
    marketing_owner: Person
    it_owner: Person
    watcher: Person
    supporter: Person
    it_lead: Person
    marketing_lead: Person
    stranger: Person


def make_cast(status: str = Status.SHAPING, **fields: Any) -> Cast:
    marketing, it = make_team(Side.MARKETING), make_team(Side.IT)
    requester, marketing_owner, it_owner = make_person(marketing), make_person(marketing), make_person(it)
    request = make_request(
        status,
        requester=requester,
        requesting_team=marketing,
        serving_team=it,
        marketing_owner=marketing_owner,
        it_owner=it_owner if status != Status.SUBMITTED else None,
        **fields,
    )
    watcher, supporter = make_person(), make_person()
    Watcher.objects.create(request=request, person=watcher, since=clock.now())
    Supporter.objects.create(request=request, person=supporter, since=clock.now())
    return Cast(
        request,
        requester,
        marketing_owner,
        it_owner,
        watcher,
        supporter,
        make_person(lead_of=it),
        make_person(lead_of=marketing),
        make_person(),
    )


def happened(kind: str, request: Request, by: Person | None, **data: Any) -> Event:
    """An event of ``request`` as its domain function would have recorded it."""
    with transaction.atomic():
        return log.record(kind, request, by=by, data=data)


def let_a_minute_pass() -> None:
    """Make what waits for the end of the undo window, for more news or for another attempt, due now.

    What was mailed before was mailed long ago then.
    """
    due = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(state=State.WAITING).update(due_at=due, ready_at=due)
    Delivery.objects.filter(state=State.DONE).update(finished_at=due - timedelta(minutes=10))


def tell_all() -> Tally:
    """Fan out, write the inbox, send all mail, that of undoable steps included."""
    fan_out()
    deliver_inbox()
    let_a_minute_pass()
    return deliver_mail()
