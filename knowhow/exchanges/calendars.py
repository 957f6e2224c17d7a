"""Exchanges as calendar programs read them (RFC 5545, and RFC 5546 for invitations).

An invitation keeps its UID for good; its SEQUENCE grows with each change, and for each person with each time
they signed off, so that what comes later counts. Hours are told by wall time with the zone's own rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vUri

from knowhow.exchanges.models import Exchange, SignUp, Standing
from teams.models import Person

PRODUCT = "-//Tandem//Exchanges//EN"
# The rules of a zone are told for the days around what they are needed for.
AROUND = timedelta(days=400)
FETCHED_EVERY = timedelta(hours=1)


class Method(StrEnum):
    """What a calendar shall do with it."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Entry:
    """An exchange as it stands in one person's calendar; ``guest`` is None where it is meant for nobody."""

    exchange: Exchange
    guest: Person | None = None
    # How often they signed off, and whether they have a seat now, or host it.
    turns: int = 0
    comes: bool = True

    @property
    def is_off(self) -> bool:
        """Whether calendars shall take it out."""
        return self.exchange.is_cancelled or not self.comes

    @property
    def sequence(self) -> int:
        return self.exchange.sequence + self.turns


def entry_for(exchange: Exchange, person: Person) -> Entry:
    """How ``exchange`` stands in the calendar of ``person``."""
    signup = SignUp.objects.filter(exchange=exchange, person=person).first()
    return _entry(exchange, person, signup)


def entries_for(exchanges: Iterable[Exchange], person: Person) -> list[Entry]:
    """As ``entry_for``, of many in one query."""
    rows = list(exchanges)
    signups = {one.exchange_id: one for one in SignUp.objects.filter(person=person, exchange__in=rows)}
    return [_entry(one, person, signups.get(one.pk)) for one in rows]


def _entry(exchange: Exchange, person: Person, signup: SignUp | None) -> Entry:
    comes = person.pk == exchange.host_id or (signup is not None and signup.standing == Standing.SEAT)
    return Entry(exchange, person, signup.turns if signup else 0, comes)


def invitation(entry: Entry, stamp: datetime) -> bytes:
    """The file that puts one exchange into its guest's calendar, changes it there, or takes it out."""
    method = Method.CANCEL if entry.is_off else Method.REQUEST
    return bytes(_calendar([entry], method, stamp).to_ical())


def method_of(entry: Entry) -> Method:
    """What ``invitation`` asks a calendar to do."""
    return Method.CANCEL if entry.is_off else Method.REQUEST


def published(entries: Iterable[Entry], name: str = "", days: Iterable[Event] = ()) -> bytes:
    """A file, or feed, of exchanges for everybody who fetches it; it changes only where they do.

    ``days`` are what stands in the feed besides: see ``whole_day``.
    """
    calendar = _calendar(list(entries), Method.PUBLISH, None)
    for event in days:
        calendar.add_component(event)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    return bytes(calendar.to_ical())


def whole_day(uid: str, day: date, title: str, address: str, stamp: datetime) -> Event:
    """Something that falls on a day and keeps nobody busy; ``address`` is its page's path in the portal."""
    event = Event()
    event.add("uid", f"{uid}@{host()}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add("url", vUri(f"{settings.BASE_URL}{address}"))
    return event


def _calendar(entries: list[Entry], method: Method, stamp: datetime | None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for entry in entries:
        calendar.add_component(_event(entry, method, stamp or entry.exchange.invited_at))
    if entries:
        calendar.add_missing_timezones(*_days_around(entries))
    return calendar


def _days_around(entries: list[Entry]) -> tuple[date, date]:
    first = min(entry.exchange.starts_at for entry in entries)
    last = max(entry.exchange.ends_at for entry in entries)
    return (first - AROUND).date(), (last + AROUND).date()


def _event(entry: Entry, method: Method, stamp: datetime) -> Event:
    exchange, zone = entry.exchange, ZoneInfo(entry.exchange.zone)
    event = Event()
    event.add("uid", f"{exchange.uid}@{host()}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", exchange.starts_at.astimezone(zone))
    event.add("dtend", exchange.ends_at.astimezone(zone))
    event.add("summary", exchange.title)
    event.add("description", _description(exchange))
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("location", exchange.place or exchange.link)
    event.add("url", vUri(address_of(exchange)))
    event.add("organizer", _organizer(exchange))
    if entry.guest is not None and method != Method.PUBLISH:
        event.add("attendee", _attendee(exchange, entry.guest))
    return event


def _description(exchange: Exchange) -> str:
    lines = [exchange.ability, exchange.link if exchange.place else "", address_of(exchange)]
    return "\n\n".join(line for line in lines if line)


def _organizer(exchange: Exchange) -> vCalAddress:
    """The portal, in the name of the host: answers of calendar programs must not fill the host's mailbox."""
    organizer = vCalAddress(f"mailto:{sender()}")
    organizer.params["CN"] = exchange.host.name
    return organizer


def _attendee(exchange: Exchange, guest: Person) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{guest.email}")
    role = "CHAIR" if guest.pk == exchange.host_id else "REQ-PARTICIPANT"
    words = {"CN": guest.name, "ROLE": role, "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    attendee.params.update(words)
    return attendee


def host() -> str:
    """What stands behind the @ of our UIDs."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def sender() -> str:
    """The bare address that the portal's mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def address_of(exchange: Exchange) -> str:
    """The exchange's page, for use outside of the portal."""
    return f"{settings.BASE_URL}{exchange.get_absolute_url()}"
