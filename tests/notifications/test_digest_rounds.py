"""Rounds in the digest: who was there and whose teams were talked about, counted by what each may see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from activity import clock, log
from notifications.digest.facts import read_facts, readers
from notifications.digest.page import leaf
from notifications.digest.period import Period
from notifications.digest.places import places
from notifications.digest.render import lay_out
from notifications.digest.select import Selection, select
from notifications.digest.sheet import Section, Sheet
from notifications.digest.shelf import fill_shelf
from notifications.digest.weeks import running_week
from requests_app.models import Request
from requests_app.rounds.running import close_round, join_round
from requests_app.workflow.perform import perform
from teams.models import Person, Side
from teams.zones import company, zone_of
from tests.factories import make_person, make_team
from tests.notifications.digests import make_company
from tests.requests_app.rounds.meetings import Table, make_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    make_company()
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    return table


@pytest.fixture
def guest(table: Table) -> Person:
    """Somebody of no team, who takes part."""
    guest = make_person()
    join_round(table.round.pk, by=guest)
    return guest


@pytest.fixture
def closed(table: Table, guest: Person) -> Table:
    close_round(table.round.pk, by=table.it)
    return table


def sheet(person: Person) -> Sheet:
    with translation.override("en"):
        return leaf(person, running_week(clock.now(), zone_of(person)).key).sheet


def rounds(person: Person) -> Section | None:
    return next((section for section in sheet(person).sections if section.slug == "rounds"), None)


def lines(person: Person) -> list[str]:
    found = rounds(person)
    return [row.line for row in found.rows] if found else []


def test_who_was_there_finds_the_minutes_in_it(closed: Table) -> None:
    for person in (closed.marketing, closed.it):
        found = rounds(person)
        assert found
        (row,) = found.rows
        assert (row.path, row.title) == (
            closed.round.get_absolute_url(),
            "Everything that waits for both sides",
        )
        assert row.line.startswith("1 of ")


def test_who_was_absent_finds_it_where_a_request_of_their_teams_was_talked_about(closed: Table) -> None:
    assert closed.first.serving_team
    assert len(lines(make_person(closed.first.serving_team))) == 1
    assert lines(make_person(make_team(Side.IT))) == []


def test_only_what_is_seen_is_counted(closed: Table, guest: Person) -> None:
    assert lines(guest) == ["1 of 2 points decided"]
    Request.objects.filter(pk=closed.first.pk).update(restricted=True)
    assert lines(guest) == ["0 of 1 point decided"]
    assert lines(closed.it) == ["1 of 2 points decided"]


@pytest.mark.usefixtures("closed")
def test_who_sees_nothing_of_its_agenda_is_not_told_of_it(guest: Person) -> None:
    Request.objects.update(restricted=True)
    assert lines(guest) == []
    assert rounds(guest) is None


def chosen(person: Person, period: Period) -> Selection:
    place = places([person])
    facts = read_facts(period.start, period.end, company(), place[person.pk].teams)
    return select(readers([person], place, facts)[person.pk], period, facts)


def test_each_round_is_told_in_one_week_alone(closed: Table) -> None:
    now = clock.now()
    log.stamp_positions()
    before = Period(now - timedelta(days=7), now - timedelta(hours=1), None, log.length())
    this = Period(now - timedelta(hours=1), now + timedelta(hours=1), 0, log.length())
    late = Period(now + timedelta(hours=1), now + timedelta(hours=2), log.length(), log.length())
    found = [chosen(closed.it, period).rounds for period in (before, this, late)]
    assert [len(rows) for rows in found] == [0, 1, 0]


@pytest.mark.usefixtures("closed")
def test_what_is_hidden_after_it_was_made_is_counted_no_more(guest: Person) -> None:
    now = clock.now()
    selection = chosen(guest, Period(now - timedelta(days=1), now + timedelta(hours=1), None, None))
    kept = Selection.from_json(selection.as_json())
    assert len(kept.rounds) == 1
    Request.objects.update(restricted=True)
    told = lay_out(0, running_week(now, zone_of(guest)), now, now, fill_shelf({0: (guest, kept)}))
    assert "rounds" not in {section.slug for section in told.sections}


def test_a_digest_from_before_there_were_rounds_is_still_read() -> None:
    old: dict[str, list[int]] = {
        "your_turn": [],
        "your_teams": [],
        "decided": [],
        "delivered": [],
        "stalled": [],
    }
    assert Selection.from_json(old).rounds == []


def test_the_page_shows_the_way_to_the_minutes(client: Client, closed: Table) -> None:
    Person.objects.filter(pk=closed.it.pk).update(language="en")
    client.force_login(Person.objects.get(pk=closed.it.pk))
    week = running_week(clock.now(), zone_of(closed.it)).key
    page = client.get(f"/digests/{week}/").content.decode()
    assert "Rounds, and their minutes" in page
    assert f'href="{closed.round.get_absolute_url()}"' in page
