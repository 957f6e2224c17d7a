"""What boards show of forecasts: as they were made today, in one query."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.boards.board import Card, get_board, show
from requests_app.boards.facts import Facts, cards_on, facts_of
from requests_app.forecast.on_boards import MADE_AT_ONCE, teams_today, warning
from requests_app.models import Request, TeamForecasts
from teams.models import Side, Team
from tests.factories import make_person, make_request, make_team
from tests.requests_app.forecast.test_keeping import past, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


def cards(team: Team) -> list[Card]:
    return cards_on(show(get_board(team.slug), make_person()))


def facts(team: Team) -> Facts:
    return facts_of(get_board(team.slug), cards(team))


def due(team: Team, days: int) -> Request:
    deadline = timezone.localdate(clock.now() + timedelta(days=days))
    return started(team, deadline=deadline, deadline_reason="Spring")


def warnings(team: Team) -> dict[int, str]:
    known, today = facts(team), timezone.localdate(clock.now())
    return {card.number: warning(card, today, known.teams.get(team.pk)) for card in cards(team)}


def test_deadlines_are_judged_by_the_teams_real_past(team: Team) -> None:
    past(team, *range(1, 41))
    early, middle, late = due(team, 2), due(team, 30), due(team, 200)
    assert warnings(team) == {early.number: "late", middle.number: "soon", late.number: "fine"}


def test_a_look_takes_one_query_once_the_day_has_begun(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    past(team, *range(1, 41))
    due(team, 2)
    board, shown = get_board(team.slug), cards(team)
    facts_of(board, shown)
    with django_assert_num_queries(1):
        facts_of(board, shown)
    due(team, 3)
    # A move makes the forecasts stale; the board goes on with those of today.
    with django_assert_num_queries(1):
        facts_of(board, shown)


def test_the_next_day_they_are_made_anew(team: Team) -> None:
    past(team, *range(1, 41))
    facts(team)
    before = TeamForecasts.objects.get().made_for
    with clock.moved_to(clock.now() + timedelta(days=1)):
        facts(team)
    assert TeamForecasts.objects.get().made_for != before


def test_only_the_asked_forecasts_leave_the_database(team: Team) -> None:
    past(team, *range(1, 41))
    due(team, 2)
    started(team)
    found = facts(team).teams[team.pk]
    assert len(found.kept) == 1
    assert len(TeamForecasts.objects.get().forecasts) == 2


def test_who_waits_is_counted_and_how_deep_the_queue_is(team: Team) -> None:
    # All of them ended five days ago.
    past(team, *(95.0 + 2 * n for n in range(40)))
    for status in ("submitted", "shaping", "ready", "in_progress", "parked"):
        make_request(status, serving_team=team)
    # The number tells of no request that is hidden from somebody; the depth is a statistic over all.
    make_request("ready", serving_team=team, restricted=True)
    today = teams_today([team.pk])[team.pk]
    assert today.waiting == 3
    assert today.load.per_week is not None
    assert today.weeks == pytest.approx(4 / today.load.per_week)


def test_many_teams_are_made_ready_a_few_at_a_time() -> None:
    teams = [make_team(Side.IT).pk for _ in range(MADE_AT_ONCE + 2)]
    assert len(teams_today(teams)) == MADE_AT_ONCE
    assert len(teams_today(teams)) == MADE_AT_ONCE + 2
    with CaptureQueriesContext(connection) as captured:
        teams_today(teams)
    assert len(captured) == 1


def test_nothing_is_asked_of_no_team(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert teams_today([]) == {}
