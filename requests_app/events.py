"""Who may read which event of the log."""

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from activity.models import Event
from requests_app.models import Request
from teams.models import Person

# Who signed up, was there or gave an answer is between them and the host.
EXCHANGES = (
    "exchange.planned",
    "exchange.edited",
    "exchange.moved",
    "exchange.cancelled",
    "exchange_proposal.",
)
# What every member may know of; the beginnings of the kinds.
FOR_ALL = ("team.", "goal.", "brief.", "touchpoint.", "wip_limit.", "board.", "solution.", *EXCHANGES)

# These tell of a second request, whose number is in the event's data.
LINKING = ("request.linked", "request.unlinked")


def links_seen(person: Person) -> Q:
    """The condition that leaves out events about links to requests that ``person`` may not see."""
    other = Cast(OuterRef("data__other"), BigIntegerField())
    ends = Request.objects.visible_to(person).filter(number__range=(other, other))
    return ~Q(kind__in=LINKING) | Q(Exists(ends))


def visible_events(person: Person) -> "QuerySet[Event]":
    """The events that ``person`` may read now: the only way in to reading events across objects.

    Events of a request are seen by those who see the request, those about a link by those who see both ends;
    of teams, goals, briefs, touchpoints, WIP limits, boards and solutions by every member, as is what
    exchanges there are and how they change; everything else (people, memberships, invitations, the company,
    tokens, and any kind that nobody has thought of here) by admins alone.
    """
    if not person.is_active:
        return Event.objects.none()
    # A range of one number, not an equality: PostgreSQL would hash all visible requests for an equality,
    # which grows with the portal; so it looks up the one request of each event that it reads.
    the_one = (OuterRef("object_id"), OuterRef("object_id"))
    visible = Request.objects.visible_to(person).filter(number__range=the_one)
    of_request = Q(object_type="request")
    seen = of_request & Exists(visible) & links_seen(person)
    if person.is_admin:
        return Event.objects.filter(~of_request | seen)
    open_to_all = Q()
    for beginning in FOR_ALL:
        open_to_all |= Q(kind__startswith=beginning)
    return Event.objects.filter(seen | (~of_request & open_to_all))
