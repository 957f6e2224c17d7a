"""What somebody has muted is no news to them in the digest; what waits for them is told all the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activity import clock
from notifications.choosing.setting import heed_team
from notifications.digest.hushing import without
from notifications.digest.lead_words import say
from notifications.digest.open_pages import company_leaf
from notifications.digest.page import leaf
from notifications.digest.select import Selection
from requests_app.choices import Status
from requests_app.discussion import mute, unmute
from requests_app.models import Request
from teams.models import Person, Side, Team
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import MONDAY, W46, happened_at, make_company, send_at

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _some_day() -> Iterator[None]:
    make_company()
    with translation.override("en"), clock.moved_to(MONDAY + timedelta(hours=3)):
        yield


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, name="CRM")


@pytest.fixture
def reader(team: Team) -> Person:
    return make_person(team, language="en")


def parked(team: Team | None, title: str) -> Request:
    request = make_request(Status.PARKED, serving_team=team, title=title)
    happened_at(SUNDAY, "request.parked", request, None)
    return request


def started(team: Team, title: str, **fields: object) -> Request:
    request = make_request(Status.IN_PROGRESS, serving_team=team, title=title, **fields)
    happened_at(SUNDAY, "request.started", request, None)
    Request.objects.filter(pk=request.pk).update(progress_at=MONDAY - timedelta(days=60))
    return request


def titles(person: Person) -> set[str]:
    sheet = leaf(person, "2026-W46").sheet
    return {row.title for section in sheet.sections for row in section.rows}


def body_for(person: Person) -> str:
    return next(str(one.body) for one in mail.outbox if one.to == [person.email])


def test_a_muted_request_is_in_no_section_of_news_and_comes_back_when_it_is_not(
    team: Team, reader: Person
) -> None:
    muted = [parked(team, "Chatbot"), started(team, "Segments")]
    parked(team, "Dashboard")
    for request in muted:
        mute(request.number, by=reader)
    assert titles(reader) == {"Dashboard"}
    unmute(muted[0].number, by=reader)
    assert titles(reader) == {"Dashboard", "Chatbot"}


def test_what_was_muted_between_making_and_sending_is_not_mailed(team: Team, reader: Person) -> None:
    request = parked(team, "Chatbot")
    other = make_person(team, language="en")
    mute(request.number, by=reader)
    send_at(MONDAY)
    assert "Chatbot" not in body_for(reader)
    assert "Chatbot" in body_for(other)


def test_what_waits_for_somebody_is_told_though_they_muted_it(team: Team, reader: Person) -> None:
    request = make_request(
        Status.READY, serving_team=team, it_owner=reader, title="Topics", turn="it", turn_since=SUNDAY
    )
    mute(request.number, by=reader)
    assert titles(reader) == {"Topics"}


@pytest.mark.parametrize("level", ["mute", "mentions"])
def test_a_muted_team_has_no_section_and_no_word_but_ones_own_part_stays(
    level: str, team: Team, reader: Person
) -> None:
    started(team, "Segments")
    lead = make_person(lead_of=team)
    with clock.moved_to(SUNDAY):
        say(team, W46, "Come to the demo.", by=lead)
    assert "Come to the demo." in str(leaf(reader, "2026-W46").sheet.sections)
    heed_team(reader, team, level)
    assert leaf(reader, "2026-W46").sheet.is_empty
    started(team, "My own", requester=reader)
    assert titles(reader) == {"My own"}
    heed_team(reader, team, "watch")
    assert titles(reader) == {"My own", "Segments"}


def test_pages_that_all_read_alike_heed_nobodys_mutes(team: Team, reader: Person) -> None:
    mute(parked(team, "Chatbot").number, by=reader)
    sheet = company_leaf("2026-W46", reader).sheet
    assert {row.title for section in sheet.sections for row in section.rows} == {"Chatbot"}


def test_who_muted_nothing_costs_one_query_however_many_there_are(team: Team, reader: Person) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            leaf(reader, "2026-W46")
        return len(queries)

    parked(team, "Chatbot")
    taken()
    few = taken()
    muted = parked(team, "Dashboard")
    assert taken() == few
    mute(muted.number, by=reader)
    once = taken()
    for _n in range(5):
        mute(parked(team, "More").number, by=reader)
    assert taken() == once


def test_without_is_pure_and_leaves_duties_alone() -> None:
    chosen = Selection(
        your_turn=[{"number": 1}],
        your_teams=[{"team": 7, "events": [10, 20]}, {"team": 8, "events": []}, {"team": 9, "events": []}],
        decided=[10, 20],
        delivered=[10],
        stalled=[{"number": 1}, {"number": 2}],
        questions=[{"comment": 5, "number": 1}],
        achieved=[20],
        parked=[10],
    )
    left = without(chosen, {1}, {8}, {10: 1, 20: 2})
    assert (left.your_turn, left.questions) == (chosen.your_turn, chosen.questions)
    assert left.your_teams == [{"team": 7, "events": [20]}, {"team": 9, "events": []}]
    assert (left.decided, left.delivered, left.achieved, left.parked) == ([20], [], [20], [])
    assert left.stalled == [{"number": 2}]
    assert chosen.decided == [10, 20]
