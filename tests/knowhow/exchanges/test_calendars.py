"""What calendar programs are given, read back by a second parser (vobject) that shares no code with ours."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
import vobject

from activity import clock
from knowhow.exchanges.calendars import Entry, Method, entry_for, invitation, method_of, published
from knowhow.exchanges.models import Exchange
from knowhow.exchanges.places import sign_off, sign_up
from knowhow.exchanges.planning import cancel, edit, move
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import moment
from tests.factories import make_person
from tests.knowhow.exchanges.making import BERLIN, hours, make_exchange, seat

pytestmark = pytest.mark.django_db

# Semicolons, commas, quotation marks, line breaks, more than a line's 75 bytes, and what is beyond ASCII.
HARD = 'Erst; dann, "so"\nBEGIN:VEVENT\r\nund \\n Größe ' + "ä" * 80


def read(content: bytes) -> Any:
    """The calendar as the second parser understands it; whatever is invalid raises.

    It keeps the zones of what it has read before, so it is made to forget them.
    """
    known = vars(vobject.icalendar)["__tzidMap"]
    for zone in set(known) - {"UTC"}:
        del known[zone]
    parsed = vobject.readOne(content.decode("utf-8"))
    assert parsed.validate(raiseException=True)
    return parsed


def at(day: date, hour: time = time(14)) -> dict[str, Any]:
    starts = moment(day, hour, BERLIN)
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}


def invited(exchange: Exchange, guest: Any = None) -> Any:
    return read(invitation(entry_for(exchange, guest or exchange.host), clock.now()))


def test_an_invitation_says_who_what_when_and_where() -> None:
    exchange = make_exchange(title="Read SQL", place="Room Elbe", link="https://example.org/room")
    guest = seat(exchange, make_person(name="Mira Brandt", email="mira@example.org")).person
    calendar = invited(exchange, guest)
    event = calendar.vevent
    assert (calendar.method.value, event.status.value, event.sequence.value) == ("REQUEST", "CONFIRMED", "0")
    assert (event.summary.value, event.location.value) == ("Read SQL", "Room Elbe")
    assert exchange.ability in event.description.value
    assert "https://example.org/room" in event.description.value
    assert event.attendee.value == "mailto:mira@example.org"
    assert event.attendee.params["CN"] == ["Mira Brandt"]
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.organizer.params["CN"] == [exchange.host.name]
    assert event.uid.value.startswith(str(exchange.uid))


def test_nobody_else_who_comes_stands_in_it() -> None:
    exchange = make_exchange()
    guest, other = seat(exchange).person, seat(exchange).person
    assert other.email not in invitation(entry_for(exchange, guest), clock.now()).decode()


@pytest.mark.parametrize(
    ("day", "offset"),
    [(date(2027, 2, 2), 1), (date(2027, 7, 6), 2), (date(2027, 3, 29), 2), (date(2026, 10, 26), 1)],
)
def test_the_hours_are_right_by_the_rules_that_stand_in_the_file(day: date, offset: int) -> None:
    """The second parser takes the zone from VTIMEZONE, so that wrong or missing rules are found here."""
    exchange = make_exchange(**at(day))
    content = invitation(entry_for(exchange, exchange.host), clock.now())
    assert f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T140000\r\n".encode() in content
    event = read(content).vevent
    assert event.dtstart.value.replace(tzinfo=None) == datetime.combine(day, time(14))
    assert event.dtstart.value.utcoffset() == timedelta(hours=offset)
    assert event.dtstart.value.astimezone(UTC) == exchange.starts_at
    assert event.dtend.value.astimezone(UTC) == exchange.ends_at


def test_wrong_rules_would_be_found() -> None:
    exchange = make_exchange(**at(date(2027, 7, 6)))
    content = invitation(entry_for(exchange, exchange.host), clock.now())
    event = read(content.replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0300")).vevent
    assert event.dtstart.value.astimezone(UTC) != exchange.starts_at


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
def test_other_zones_are_told_by_their_own_rules(zone: str) -> None:
    exchange = make_exchange(**at(date(2027, 7, 6)), zone=zone)
    event = invited(exchange).vevent
    assert event.dtstart.value.astimezone(UTC) == exchange.starts_at


def test_texts_with_line_breaks_and_marks_come_back_as_they_were() -> None:
    exchange = make_exchange(title=HARD.replace("\r", "")[:200], place='Raum "A", 1; Süd', ability=HARD)
    exchange.host.name = 'Anna "A"; Kling'
    content = invitation(entry_for(exchange, exchange.host), clock.now())
    event = read(content).vevent
    assert event.summary.value == exchange.title
    assert event.location.value == exchange.place
    assert content.count(b"BEGIN:VEVENT") - content.count(b"\\nBEGIN:VEVENT") == 1
    # Lines end and are folded as RFC 5545 asks, and no byte of a letter is cut off from its others.
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert icalendar.Calendar.from_ical(content).events[0]["SUMMARY"] == exchange.title


def test_each_change_keeps_the_uid_and_raises_the_sequence() -> None:
    exchange = make_exchange()
    guest = seat(exchange).person
    told = [invited(exchange, guest).vevent]
    edit(exchange.pk, SessionFields(place="Room Alster"), by=exchange.host)
    move(exchange.pk, hours(9), by=exchange.host)
    told.append(invited(Exchange.objects.get(), guest).vevent)
    cancel(exchange.pk, "Ill", by=exchange.host)
    last = invited(Exchange.objects.get(), guest)
    told.append(last.vevent)
    assert [int(one.sequence.value) for one in told] == [0, 2, 3]
    assert len({one.uid.value for one in told}) == 1
    assert (last.method.value, last.vevent.status.value) == ("CANCEL", "CANCELLED")


def test_who_signs_off_and_on_again_gets_a_later_invitation_than_the_cancellation() -> None:
    exchange, person = make_exchange(), make_person()
    told = []
    for change in (sign_up, sign_off, sign_up):
        change(exchange.pk, by=person)
        calendar = invited(Exchange.objects.get(), person)
        told.append((calendar.method.value, int(calendar.vevent.sequence.value)))
    assert told == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 1)]


def test_who_has_no_seat_is_taken_out() -> None:
    exchange = make_exchange()
    assert method_of(entry_for(exchange, make_person())) == Method.CANCEL
    assert method_of(entry_for(exchange, exchange.host)) == Method.REQUEST


def test_what_is_published_is_the_same_each_time_and_names_no_guest() -> None:
    exchanges = [make_exchange(**at(date(2027, 2, 2))), make_exchange(**at(date(2027, 7, 6)), zone="UTC")]
    exchanges[0].cancelled_at = clock.now()
    entries = [Entry(one, one.host) for one in exchanges]
    content = published(entries, "Austausch; in Tandem")
    assert content == published(entries, "Austausch; in Tandem")
    calendar = read(content)
    assert calendar.method.value == "PUBLISH"
    assert [one.status.value for one in calendar.vevent_list] == ["CANCELLED", "CONFIRMED"]
    assert b"ATTENDEE" not in content
    assert len(calendar.vtimezone_list) == 1


def test_a_calendar_without_anything_is_a_calendar() -> None:
    content = published([], "Nothing")
    assert icalendar.Calendar.from_ical(content).events == []


def test_two_exchanges_never_share_a_uid() -> None:
    first, second = make_exchange(), make_exchange(uid=uuid4())
    assert invited(first).vevent.uid.value != invited(second).vevent.uid.value
