"""How long a team's requests usually stay in each status, and how many it delivers a week."""

from math import inf

import numpy as np
import pytest

from requests_app.choices import Status
from requests_app.forecast.load import DAY, FEWEST_ENDS, FEWEST_STAYS, Load, load_of
from requests_app.forecast.record import known_at
from requests_app.forecast.replay import Step, replay

NOW = 400 * DAY
TEAM = 7


def stays(*days: float, team: int = TEAM, ended: float = 1.0, first: int = 1) -> list[Step]:
    """Requests that were *ready* for so many days, until ``ended`` days ago."""
    steps = []
    for number, lasted in enumerate(days, start=first):
        left = NOW - ended * DAY
        steps += [
            Step(number, team, "request.accepted", Status.READY, left - lasted * DAY),
            Step(number, team, "request.started", Status.IN_PROGRESS, left),
        ]
    return steps


def deliveries(count: int, every: float, team: int = TEAM) -> list[Step]:
    steps = []
    for n in range(count):
        end = NOW - n * every * DAY - 1
        steps += [
            Step(1000 + n, team, "request.started", Status.IN_PROGRESS, end - DAY),
            Step(1000 + n, team, "request.delivered", Status.DONE, end),
        ]
    return steps


def load(steps: list[Step], team: int = TEAM) -> Load:
    return load_of(known_at(replay(steps), NOW), team)


def test_the_85th_percentile_of_the_stays_that_ended() -> None:
    lasted = [float(n) for n in range(1, 21)]
    expected = round(float(np.percentile(lasted, 85)), 2)
    assert load(stays(*lasted)).ages == {"ready": pytest.approx(expected)}


def test_too_few_stays_tell_nothing() -> None:
    assert load(stays(*[2.0] * (FEWEST_STAYS - 1))).ages == {}
    assert "ready" in load(stays(*[2.0] * FEWEST_STAYS)).ages


def test_stays_that_go_on_or_ended_long_ago_or_elsewhere_do_not_count() -> None:
    old = stays(*[2.0] * 20, ended=181)
    others = stays(*[2.0] * 20, team=8, first=100)
    going_on = [Step(n, TEAM, "request.accepted", Status.READY, NOW - 99 * DAY) for n in range(200, 220)]
    assert "ready" not in load(old + others + going_on).ages
    assert load(old + others + going_on, team=8).ages["ready"] == 2.0


def test_deliveries_a_week_are_those_of_the_last_twelve() -> None:
    # One every two days for a long time: 3.5 a week.
    assert load(deliveries(120, 2)).per_week == pytest.approx(3.5, abs=0.1)


def test_a_young_team_is_measured_by_its_own_weeks() -> None:
    assert load(deliveries(14, 1)).per_week == pytest.approx(7, abs=0.6)


def test_few_deliveries_are_no_pace() -> None:
    assert load(deliveries(FEWEST_ENDS - 1, 1)).per_week is None
    assert load([]).per_week is None
    assert load([]).weeks(12) is None


def test_the_queue_is_as_deep_as_the_pace_is_slow() -> None:
    assert Load(per_week=2.5).weeks(10) == 4
    assert Load(per_week=2.5).weeks(0) == 0


def test_it_comes_back_from_the_database_as_it_was() -> None:
    found = Load({"ready": 3.25}, 1.5)
    assert Load.from_json(found.to_json()) == found
    assert Load.from_json({}) == Load()
    assert inf not in found.ages.values()
