"""The minutes of a round by mail: to each who was there, once, with what they may see at that moment."""

from datetime import timedelta

import pytest
from django.core import mail

from activity import log
from activity.broadcast import Message
from activity.models import Event, Origin
from notifications.fanout import fan_out
from notifications.live.audience import heard
from notifications.models import Delivery, InboxEntry
from requests_app.models import Request, Round
from requests_app.rounds.minutes import MAILED_AFTER, correct_minutes
from requests_app.rounds.running import close_round, join_round
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.factories import make_person
from tests.notifications.telling import tell_all
from tests.requests_app.rounds.meetings import Table, make_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    table = make_table()
    Person.objects.update(language="en")
    perform("accept", table.first.pk, by=table.marketing)
    return table


def minutes_to(person: Person) -> list[str]:
    found = [sent for sent in mail.outbox if sent.to == [person.email] and "Minutes" in sent.subject]
    return [f"{sent.body}{sent.alternatives[0][0]}" for sent in found]  # type: ignore[attr-defined]


def test_everybody_who_was_there_gets_them_once(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    tell_all()
    tell_all()
    for person in (table.marketing, table.it):
        (text,) = minutes_to(person)
        assert text.count(f"{table.marketing.name} accepted the request") == 2
        assert table.round.get_absolute_url() in text


def test_they_wait_until_they_can_be_corrected(table: Table) -> None:
    closed = close_round(table.round.pk, by=table.it)
    fan_out()
    event = Event.objects.get(kind="round.closed")
    due = Delivery.objects.filter(event=event).values_list("due_at", flat=True)
    assert set(due) == {event.recorded_at + MAILED_AFTER}
    assert closed.closed_at is not None
    assert abs(event.recorded_at - closed.closed_at) < timedelta(seconds=5)


def test_a_correction_meanwhile_is_in_them(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    fan_out()
    correct_minutes(table.round.pk, {table.item(1): "Mira tells sales."}, by=table.it)
    tell_all()
    assert "Mira tells sales." in minutes_to(table.marketing)[0]


def test_what_is_hidden_meanwhile_is_not_in_them(table: Table) -> None:
    guest = make_person(language="en")
    join_round(table.round.pk, by=guest)
    close_round(table.round.pk, by=table.it)
    fan_out()
    Request.objects.filter(pk=table.first.pk).update(restricted=True)
    tell_all()
    assert table.first.title not in minutes_to(guest)[0]
    assert table.first.title in minutes_to(table.it)[0]


def test_who_left_the_company_meanwhile_gets_none(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    fan_out()
    Person.objects.filter(pk=table.marketing.pk).update(is_active=False)
    tell_all()
    assert minutes_to(table.marketing) == []


def test_they_are_no_news_of_any_inbox(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    tell_all()
    assert not InboxEntry.objects.filter(event__kind="round.closed").exists()


def test_opening_joining_and_stepping_send_nothing() -> None:
    make_table()
    tell_all()
    assert mail.outbox == []


def test_the_demos_past_sends_none(table: Table) -> None:
    with log.origin(Origin.DEMO):
        close_round(table.round.pk, by=table.it)
    tell_all()
    assert minutes_to(table.it) == []


def test_open_pages_hear_of_a_round_by_its_number_alone(table: Table) -> None:
    said = Message("round.moved", "round", table.round.pk, 1)
    stranger = make_person()
    assert heard([said], [stranger.pk, table.it.pk]) == {stranger.pk: [said], table.it.pk: [said]}
    assert Round.objects.count() == 1
