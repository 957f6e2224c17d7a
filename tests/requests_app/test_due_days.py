"""The due days of one's requests in one's calendar: read by a second parser, only what the reader may see."""

from datetime import date, timedelta

import pytest
import vobject
from django.test import Client
from django.utils import translation

from knowhow.exchanges.feeds import open_feed
from requests_app.choices import Status
from requests_app.due_days import due_days
from requests_app.models import Request
from teams.models import Person, Side
from tests.factories import holder, make_person, make_request, make_team
from tests.knowhow.exchanges.making import make_exchange

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 1)


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), language="en")


def due(title: str, status: str = Status.SHAPING, **fields: object) -> Request:
    whole = {"deadline": DAY, "deadline_reason": "The fair", **fields}
    return make_request(status, title=title, **whole)


def told(person: Person) -> list[tuple[str, date]]:
    with translation.override("en"):
        return [(str(event["summary"]), event.decoded("dtstart")) for event in due_days(person)]


def test_deadlines_and_agreed_days_of_ones_open_requests(mira: Person) -> None:
    first = due("Mailing", requester=mira)
    second = due("Consent", Status.IN_PROGRESS, agreed_on=DAY + timedelta(days=3), marketing_owner=mira)
    assert told(mira) == [
        (f"Deadline of {first.key}: Mailing", DAY),
        (f"Deadline of {second.key}: Consent", DAY),
        (f"Agreed delivery of {second.key}: Consent", DAY + timedelta(days=3)),
    ]
    assert [title for title, _day in told(holder(second.it_owner))] == [title for title, _ in told(mira)][1:]


def test_what_is_over_has_no_day_or_is_somebody_elses_is_left_out(mira: Person) -> None:
    due("Done", Status.DONE, requester=mira)
    due("Parked", Status.PARKED, requester=mira)
    due("Somebody else's")
    make_request(requester=mira)
    assert told(mira) == []


def test_who_may_not_see_a_request_any_more_has_it_in_no_calendar(mira: Person) -> None:
    row = due("Hidden", Status.IN_PROGRESS, marketing_owner=mira)
    assert len(told(mira)) == 1
    Person.objects.filter(pk=mira.pk).update(is_active=False)
    mira.refresh_from_db()
    assert told(mira) == []
    assert row.pk


def test_the_feed_is_read_by_a_second_parser_with_whole_days_beside_exchanges(mira: Person) -> None:
    row = due("Line\nbreak; and, comma", requester=mira)
    make_exchange(mira, title="Hosted")
    secret = open_feed(by=mira).secret
    answer = Client().get(f"/calendar/{secret}.ics")
    calendar = vobject.readOne(answer.content.decode())
    events = {event.summary.value: event for event in calendar.vevent_list}
    day = events[f"Deadline of {row.key}: Line\nbreak; and, comma"]
    assert (day.dtstart.value, day.dtend.value) == (DAY, DAY + timedelta(days=1))
    assert day.transp.value == "TRANSPARENT"
    assert day.url.value.endswith(row.get_absolute_url())
    assert day.uid.value.startswith(f"deadline-{row.number}@")
    assert "Hosted" in events
    assert (
        Client(headers={"if-none-match": answer.headers["ETag"]}).get(f"/calendar/{secret}.ics").status_code
        == 304
    )


def test_a_feed_with_due_days_alone_is_a_calendar_too(mira: Person) -> None:
    due("Only", requester=mira)
    answer = Client().get(f"/calendar/{open_feed(by=mira).secret}.ics")
    assert len(vobject.readOne(answer.content.decode()).vevent_list) == 1
