"""The personal calendar feed: an address that nobody can guess, shown once, kept as its hash."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from activity import log
from knowhow.exchanges.models import CalendarFeed, Exchange, ExchangeQuerySet, Standing
from knowhow.exchanges.rights import require_active
from teams.models import Person
from teams.private_addresses import held, owner_of, renew


@dataclass(frozen=True)
class NewFeed:
    """A feed and its secret, which nobody can read again."""

    feed: CalendarFeed
    secret: str


def open_feed(*, by: Person) -> NewFeed:
    """Make the address of one's own feed; an earlier one leads nowhere from now on."""
    with transaction.atomic():
        require_active(by)
        feed, secret = renew(CalendarFeed, by)
        log.record("calendar_feed.opened", feed, by=by)
        return NewFeed(feed, secret)


def close_feed(*, by: Person) -> None:
    """Let the address of one's feed lead nowhere; without one nothing changes."""
    with transaction.atomic():
        feed = held(CalendarFeed, by)
        if feed is not None:
            log.record("calendar_feed.closed", feed, by=by)
            feed.delete()


def reader_of(secret: str) -> Person:
    """Whose feed this is.

    :raises Http404: for an address that is none (any more), or of somebody who has left.
    """
    return owner_of(CalendarFeed, secret)


def in_calendar_of(person: Person) -> ExchangeQuerySet:
    """The exchanges that stand in the calendar of ``person``: they host them, or have a seat.

    Also the cancelled ones, so that calendars take them out.
    """
    seat = Q(signups__person=person, signups__standing=Standing.SEAT)
    mine = Exchange.objects.visible_to(person).filter(Q(host=person) | seat)
    return mine.select_related("host").distinct().order_by("starts_at", "pk")
