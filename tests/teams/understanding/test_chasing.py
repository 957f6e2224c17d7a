"""Reminding of what nobody has looked at: once for each time it went stale, however many look at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity import clock
from activity.models import Event, FanOut
from teams.models import Brief, Company, Person, Team
from teams.understanding import still_true
from teams.understanding.chasing import ask_to_review, say_what_is_due
from tests.factories import make_goal, make_person, make_team
from tests.requests_app.test_races import at_once

DAY = timedelta(days=1)


def stale_team(days: int = 31) -> tuple[Team, Person]:
    team = make_team(brief="We keep the data.")
    lead = make_person(lead_of=team)
    Brief.objects.filter(team=team).update(reviewed_at=clock.now() - days * DAY)
    return team, lead


def said() -> list[Event]:
    return list(Event.objects.filter(kind="brief.review_asked").order_by("pk"))


def say(in_days: float = 0) -> int:
    now = clock.now() + in_days * DAY
    with clock.moved_to(now):
        return say_what_is_due(now)


@pytest.mark.django_db
def test_the_leads_are_asked_once_however_long_nobody_answers() -> None:
    team, lead = stale_team()
    make_person(team)
    make_person(lead_of=team, is_active=False)
    assert [say(n) for n in range(4)] == [1, 0, 0, 0]
    (event,) = said()
    brief = Brief.objects.get(team=team)
    assert (event.object_type, event.object_id, event.actor) == ("brief", brief.pk, None)
    assert event.data == {"since": brief.reviewed_at.isoformat(), "told": [lead.pk]}
    assert FanOut.objects.count() == 1


@pytest.mark.django_db
def test_after_somebody_looked_at_it_they_are_asked_again_only_when_it_is_stale_again() -> None:
    team, lead = stale_team()
    assert say() == 1
    still_true(team.understanding, by=lead)
    assert [say(29), say(31), say(32)] == [0, 1, 0]


@pytest.mark.django_db
def test_of_a_goal_the_leads_of_all_its_teams_are_asked_and_of_an_archived_one_nobody() -> None:
    teams = [make_team(), make_team()]
    leads = {make_person(lead_of=team).pk for team in teams}
    goal, archived = make_goal(*teams, brief="More"), make_goal(*teams, is_archived=True)
    for one in (goal, archived):
        Brief.objects.filter(goal=one).update(reviewed_at=clock.now() - 31 * DAY)
    assert say() == 1
    (event,) = said()
    assert (event.object_id, set(event.data["told"])) == (goal.understanding_id, leads)


@pytest.mark.django_db
def test_after_how_many_days_is_the_companys_setting() -> None:
    stale_team(days=10)
    assert say() == 0
    Company.objects.create(pk=1, name="Nordwind", brief_stale_days=10)
    assert say() == 1


@pytest.mark.django_db
def test_what_is_not_stale_or_does_not_exist_is_not_asked_about() -> None:
    team, _lead = stale_team(days=1)
    for pk in (team.understanding_id, 0):
        assert ask_to_review(pk, clock.now(), by=None) is None
    assert said() == []


@pytest.mark.django_db
def test_looking_whether_something_is_due_is_one_query_where_nothing_is() -> None:
    for _ in range(3):
        stale_team(days=1)
    with CaptureQueriesContext(connection) as captured:
        assert say() == 0
    assert len(captured) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_look_at_the_same_time_one_asks() -> None:
    stale_team()
    now = clock.now()
    assert sorted(at_once(*[lambda: say_what_is_due(now)] * 4)) == [0, 0, 0, 1]
    assert len(said()) == 1
