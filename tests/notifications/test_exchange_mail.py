"""Mail about exchanges: who gets which invitation, and what no longer holds is not sent."""

from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
import vobject
from django.core import mail
from django.utils import translation

from activity import clock, log
from activity.models import Origin
from knowhow.exchanges.models import Exchange
from knowhow.exchanges.places import sign_off, sign_up
from knowhow.exchanges.planning import Rhythm, cancel, edit, move, plan
from knowhow.exchanges.reminding import say_what_is_due
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wishes import wish
from notifications.fanout import fan_out
from teams.models import Person
from tests.factories import make_person
from tests.knowhow.exchanges.making import BERLIN, hours, make_exchange, make_proposal, seat, wait, words
from tests.notifications.telling import tell_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> Person:
    return make_person(name="Mira Brandt", language="en", time_zone="Europe/Berlin")


@pytest.fixture
def host() -> Person:
    return make_person(name="Tom Reiter", language="en")


def sent_to(person: Person) -> list[Any]:
    return [one for one in mail.outbox if one.to == [person.email]]


def files(one: Any) -> list[tuple[str, str]]:
    """Method and status of each calendar file, of which the head and the body agree."""
    message: Message = one.message()
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    found = []
    for part in parts:
        assert str(part.get_filename()).endswith(".ics")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        calendar = vobject.readOne(payload.decode())
        assert part.get_param("method") == calendar.method.value
        found.append((calendar.method.value, calendar.vevent.status.value))
    return found


def told_after(change: Callable[[], object]) -> None:
    """Let ``change`` happen and everything be sent, once and again."""
    mail.outbox.clear()
    change()
    tell_all()
    tell_all()


def test_who_takes_a_seat_gets_the_invitation_by_mail(host: Person, mira: Person) -> None:
    exchange = make_exchange(host, title="Read SQL")
    told_after(lambda: sign_up(exchange.pk, by=mira))
    (one,) = sent_to(mira)
    assert one.subject == "You have a seat: Read SQL"
    assert files(one) == [("REQUEST", "CONFIRMED")]
    assert exchange.ability in one.body
    assert exchange.get_absolute_url() in one.body
    assert not sent_to(host)


def test_who_waits_gets_nothing_until_a_seat_is_free(host: Person, mira: Person) -> None:
    exchange = make_exchange(host, seats=1)
    leaving = seat(exchange).person
    told_after(lambda: sign_up(exchange.pk, by=mira))
    assert not mail.outbox
    told_after(lambda: sign_off(exchange.pk, by=leaving))
    (one,) = sent_to(mira)
    assert one.subject.startswith("A seat became free for you")
    assert files(one) == [("REQUEST", "CONFIRMED")]
    assert files(sent_to(leaving)[0]) == [("CANCEL", "CANCELLED")]


def test_who_has_left_again_before_it_is_sent_gets_no_invitation(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    mail.outbox.clear()
    sign_up(exchange.pk, by=mira)
    sign_off(exchange.pk, by=mira)
    tell_all()
    assert [files(one) for one in sent_to(mira)] == [[("CANCEL", "CANCELLED")]]


def test_all_who_come_get_the_new_hours_and_who_waits_only_the_words(host: Person, mira: Person) -> None:
    exchange = make_exchange(host, seats=1)
    guest = seat(exchange, mira).person
    waiting = wait(exchange, make_person(language="en")).person
    told_after(lambda: move(exchange.pk, hours(9), by=host))
    assert files(sent_to(guest)[0]) == [("REQUEST", "CONFIRMED")]
    assert files(sent_to(host)[0]) == [("REQUEST", "CONFIRMED")]
    assert files(sent_to(waiting)[0]) == []
    assert "Tom Reiter moved this exchange" in sent_to(waiting)[0].body


def test_a_cancellation_says_why_and_takes_it_out_of_calendars(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    seat(exchange, mira)
    told_after(lambda: cancel(exchange.pk, "The room burnt down.", by=host))
    (one,) = sent_to(mira)
    assert files(one) == [("CANCEL", "CANCELLED")]
    assert "The room burnt down." in one.body
    assert "The room burnt down." in one.alternatives[0][0]


def test_what_moves_with_its_series_is_told_only_to_those_who_come_there(host: Person, mira: Person) -> None:
    first, second, third = plan(words(), hours(), BERLIN, by=host, rhythm=Rhythm(1, 3))
    seat(second, mira)
    seat(third, mira)
    other = seat(first, make_person(language="en")).person
    told_after(lambda: move(second.pk, hours(15), by=host, following=True))
    assert files(sent_to(mira)[0]) == [("REQUEST", "CONFIRMED")] * 2
    assert len(files(sent_to(host)[-1])) == 2
    assert not sent_to(other)


def test_the_host_gets_one_file_for_each_session(host: Person) -> None:
    told_after(lambda: plan(words(), hours(), BERLIN, by=host, rhythm=Rhythm(2, 3)))
    (one,) = sent_to(host)
    assert one.subject.startswith("You host it")
    assert files(one) == [("REQUEST", "CONFIRMED")] * 3


def test_those_who_wished_are_invited_without_a_file(host: Person, mira: Person) -> None:
    proposal = make_proposal(mira)
    told_after(lambda: plan(words(), hours(), BERLIN, by=host, proposal_id=proposal.pk))
    (one,) = sent_to(mira)
    assert one.subject.startswith("You are invited")
    assert files(one) == []


def test_the_fifth_wish_asks_those_who_could_host(host: Person, mira: Person) -> None:
    make_exchange(host, days=-9, topic="SQL")
    proposal = make_proposal(topic="SQL", voices=3)
    told_after(lambda: wish(proposal.pk, by=mira))
    (one,) = mail.outbox
    assert (one.to, one.subject) == ([host.email], "Would you host it? Read SQL")
    assert proposal.get_absolute_url() in one.body


def test_a_reminder_changes_no_calendar(host: Person, mira: Person) -> None:
    exchange = make_exchange(host, days=0.9, invited_at=clock.now() - timedelta(days=9))
    seat(exchange, mira)
    told_after(lambda: say_what_is_due(clock.now()))
    assert [(one.subject.partition(":")[0], files(one)) for one in mail.outbox] == [("Soon", [])] * 2


def test_those_who_were_there_are_asked(host: Person, mira: Person) -> None:
    exchange = make_exchange(host, days=-0.1)
    seat(exchange, mira)
    told_after(lambda: say_what_is_due(clock.now()))
    (one,) = mail.outbox
    assert one.to == [mira.email]
    assert one.subject.startswith("Did it help?")


def test_a_changed_topic_is_mailed_to_nobody(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    seat(exchange, mira)
    told_after(lambda: edit(exchange.pk, SessionFields(topic="SQL"), by=host))
    assert not mail.outbox


def test_whoever_left_the_company_meanwhile_gets_nothing(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    mail.outbox.clear()
    sign_up(exchange.pk, by=mira)
    fan_out()
    Person.objects.filter(pk=mira.pk).update(is_active=False)
    tell_all()
    assert not mail.outbox


def test_what_the_demo_did_is_mailed_to_nobody(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    with log.origin(Origin.DEMO):
        told_after(lambda: sign_up(exchange.pk, by=mira))
    assert not mail.outbox


def test_it_is_told_in_the_language_and_by_the_clocks_of_the_reader(host: Person, mira: Person) -> None:
    starts = clock.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=9)
    exchange = make_exchange(host, starts_at=starts)
    Person.objects.filter(pk=mira.pk).update(language="de", time_zone="Asia/Tokyo")
    told_after(lambda: sign_up(exchange.pk, by=mira))
    (one,) = sent_to(mira)
    with translation.override("de"):
        assert one.subject == translation.gettext("You have a seat: %(title)s") % {"title": exchange.title}
    assert "22:00" in one.body


def test_a_title_with_a_line_break_stays_in_its_header(host: Person, mira: Person) -> None:
    exchange = make_exchange(host)
    Exchange.objects.filter(pk=exchange.pk).update(title="Read\nBcc: all@example.org")
    told_after(lambda: sign_up(exchange.pk, by=mira))
    (one,) = sent_to(mira)
    assert one.subject == "You have a seat: Read Bcc: all@example.org"
    assert files(one) == [("REQUEST", "CONFIRMED")]
