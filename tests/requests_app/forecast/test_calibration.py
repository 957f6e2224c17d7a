"""What past forecasts were worth, kept for a day."""

from datetime import timedelta

import pytest

from activity import clock
from requests_app.forecast.calibration import Share, latest, measure
from requests_app.models import Calibration
from teams.models import Side
from tests.factories import make_team
from tests.requests_app.forecast.test_keeping import past

pytestmark = pytest.mark.django_db


def test_before_the_first_time_there_is_nothing() -> None:
    assert latest() is None


def test_it_is_measured_by_team_and_whole_and_only_the_latest_is_kept() -> None:
    ours, theirs = make_team(Side.IT, name="Alpha"), make_team(Side.IT, name="Beta")
    for team in (theirs, ours):
        past(team, *[days for _n in range(3) for days in range(4, 24)])
    measure(clock.now() - timedelta(days=1))
    measure(clock.now())
    measure(clock.now())
    assert Calibration.objects.count() == 1
    found = latest()
    assert found is not None
    assert [line.team and line.team.name for line in found.teams] == ["Alpha", "Beta"]
    half, likely = found.whole.shares
    assert (half.promised, likely.promised) == (50, 85)
    assert half.open == sum(line.shares[0].open for line in found.teams) > 20
    assert 0 < half.held <= half.given <= half.open
    assert found.first == found.day - timedelta(weeks=26)


def test_without_history_the_measure_is_empty_and_no_error() -> None:
    measure(clock.now())
    found = latest()
    assert found is not None
    assert (found.teams, found.whole.shares[0].open) == ([], 0)


def test_shares_of_nothing_are_not_shares() -> None:
    assert (Share(85, 0, 0, 0).given_of_100, Share(85, 4, 0, 0).held_of_100) == (0, None)
    assert (Share(85, 200, 100, 84).given_of_100, Share(85, 200, 100, 84).held_of_100) == (50, 84)
