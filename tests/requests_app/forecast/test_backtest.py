"""Past Mondays said again."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from requests_app.forecast.backtest import Level, Tally, backtest, mondays, total_of
from requests_app.forecast.record import Record
from requests_app.forecast.replay import Step
from tests.requests_app.forecast.histories import DAY, NOW, begun, record_of, steady, waiting

US, THEM, QUIET = 1, 2, 3
MOMENT = datetime.fromtimestamp(NOW, UTC)
TODAY = MOMENT.date()
ZONE = ZoneInfo("UTC")


def run(record: Record, **options: object) -> dict[int, Tally]:
    return backtest(record, ZONE, MOMENT, **options)  # type: ignore[arg-type]


def test_mondays_lie_within_the_range_the_record_and_the_past() -> None:
    record = record_of(begun(US, 20.0))

    def found(first: date | None, last: date | None) -> list[int]:
        return [(TODAY - day).days for day in mondays(record, ZONE, TODAY, first, last)]

    assert found(None, None) == [14, 7, 0]
    assert found(TODAY - timedelta(days=8), None) == [7, 0]
    assert found(None, TODAY - timedelta(days=7)) == [14, 7]
    assert found(TODAY + timedelta(days=1), None) == []
    assert list(mondays(record_of(), ZONE, TODAY, None, None)) == []


def test_teams_with_nine_ends_by_a_monday_are_not_judged_on_it() -> None:
    past = [begun(US, 300.0 - n, 5.0) for n in range(9)]
    late = begun(US, 100.0, 5.0)
    long = begun(US, 290.0)
    # The tenth end comes 95 days ago: from then on the long one counts on each of 14 Mondays.
    found = run(record_of(*past, late, long))[US].levels["50"]
    assert found.open == 14


def test_what_is_given_and_held_is_counted() -> None:
    # Ten took 20 days each, so a young one is foretold 20 days; one keeps that, one does not.
    past = [begun(US, 400.0 + n, 20.0) for n in range(30)]
    first = TODAY - timedelta(days=7 * 20)
    keeps, breaks = begun(US, 7 * 20 + 1.0, 19.0), begun(US, 7 * 20 + 1.0, 60.0)
    tally = run(record_of(*past, keeps, breaks), first=first, last=first)[US]
    assert tally.levels["85"] == Level(open=2, given=2, held=1)
    assert tally.pending == 0


def test_dates_that_have_not_come_yet_are_not_judged() -> None:
    past = [begun(US, 400.0 + n, 20.0) for n in range(30)]
    tally = run(record_of(*past, begun(US, 1.0)), first=TODAY, last=TODAY)[US]
    assert tally.levels["50"] == Level(open=1, given=0, held=0)
    assert tally.pending == 2


def test_one_team_is_judged_and_borrows_from_all() -> None:
    chance = Random(3)
    requests = [*steady(US, chance, 60), *steady(THEM, chance, 60), *steady(QUIET, chance, 5)]
    record = record_of(*requests)
    both, one = run(record), run(record, teams={US})
    assert set(both) == {US, THEM}
    assert set(one) == {US}
    assert one[US] == both[US]


def cut(requests: Sequence[list[Step]], moment: float) -> list[list[Step]]:
    return [kept for request in requests if (kept := [step for step in request if step.at <= moment])]


def test_what_happens_later_changes_what_came_but_not_what_was_said() -> None:
    chance = Random(5)
    requests = [*steady(US, chance, 80), *(waiting(US) for _n in range(3))]
    monday = TODAY - timedelta(days=70)
    said = run(record_of(*requests), first=monday, last=monday)[US].levels
    known = cut(requests, datetime(monday.year, monday.month, monday.day, tzinfo=UTC).timestamp())
    # Only the ends of what was open then are told besides.
    then = {request[0].request for request in known}
    ends = [[step for step in request if step.request in then] for request in requests]
    again = run(record_of(*(request for request in ends if request)), first=monday, last=monday)[US].levels
    assert again == said
    never = run(record_of(*known), first=monday, last=monday)[US].levels
    assert [(level.open, level.given) for level in never.values()] == [
        (level.open, level.given) for level in said.values()
    ]


@pytest.mark.parametrize("seed", range(3))
def test_on_steady_teams_the_promises_hold(seed: int) -> None:
    chance = Random(seed)
    teams = [request for team in range(1, 9) for request in steady(team, chance, 250, 3.0 + 4 * team)]
    levels = total_of(run(record_of(*teams), first=TODAY - timedelta(days=300)).values()).levels
    held = {name: level.held / level.given for name, level in levels.items()}
    assert 0.44 <= held["50"] <= 0.58
    assert 0.79 <= held["85"] <= 0.91
    assert levels["85"].given / levels["85"].open > 0.8


def test_work_not_begun_is_foretold_too() -> None:
    # A start every two days from a queue of twelve: who is n-th waits about 2 n days.
    chance, requests = Random(11), []
    for n in range(300):
        start = 600.0 - 2 * n + chance.uniform(-1, 1)
        number = 10_000 + n
        lasts = chance.expovariate(1 / 8)
        steps = [Step(number, US, "request.submitted", "submitted", NOW - (start + 24) * DAY)]
        if start > 0:
            steps += begun(US, start, lasts if lasts < start else None, number=number)
        requests.append(steps)
    levels = run(record_of(*requests), first=TODAY - timedelta(days=250))[US].levels
    held = {name: level.held / level.given for name, level in levels.items()}
    assert 0.4 <= held["50"] <= 0.7
    assert 0.8 <= held["85"] <= 0.99
    assert levels["85"].given > 300


def test_totals_add_up() -> None:
    one, other = Tally(pending=1), Tally(pending=2)
    one.levels["50"].add(Level(3, 2, 1))
    other.levels["50"].add(Level(30, 20, 10))
    total = total_of([one, other])
    assert (total.levels["50"], total.pending) == (Level(33, 22, 11), 3)
