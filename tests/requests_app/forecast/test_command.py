"""`manage.py backtest_forecast`."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from activity import clock
from teams.models import Side
from tests.factories import make_team
from tests.requests_app.forecast.test_keeping import past, started

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> tuple[Any, str]:
    out, err = StringIO(), StringIO()
    call_command("backtest_forecast", *arguments, stdout=out, stderr=err)
    assert len(out.getvalue().splitlines()) == 1
    return json.loads(out.getvalue()), err.getvalue()


def test_it_prints_one_line_as_promised() -> None:
    past(make_team(Side.IT), *[days for _n in range(3) for days in range(4, 24)])
    found, said = told()
    assert set(found) == {"50", "85"}
    for level in found.values():
        assert list(level) == ["open", "given", "held"]
        assert 0 < level["held"] <= level["given"] <= level["open"]
    assert said == ""


def test_range_and_team_narrow_it() -> None:
    ours, theirs = make_team(Side.IT), make_team(Side.IT)
    for team in (ours, theirs):
        past(team, *[days for _n in range(3) for days in range(4, 24)])
    whole, one = told()[0], told("--team", ours.slug)[0]
    assert 0 < one["50"]["open"] < whole["50"]["open"]
    last = timezone.localdate(clock.now() - timedelta(days=150)).isoformat()
    assert told("--to", last)[0]["85"]["open"] < whole["85"]["open"]
    first = timezone.localdate(clock.now() + timedelta(days=1)).isoformat()
    assert told("--from", first)[0] == {
        "50": {"open": 0, "given": 0, "held": 0}, "85": {"open": 0, "given": 0, "held": 0},
    }  # fmt: skip


def test_dates_to_come_are_mentioned_beside() -> None:
    team = make_team(Side.IT)
    past(team, *range(10, 50))
    with clock.moved_to(clock.now() - timedelta(days=8)):
        started(team)
    found, said = told("--from", timezone.localdate(clock.now() - timedelta(days=7)).isoformat())
    assert found["85"]["open"] >= 1
    assert said.startswith("2 Termine stehen noch bevor")


def test_an_empty_portal_has_nothing_to_tell() -> None:
    assert told()[0]["50"] == {"open": 0, "given": 0, "held": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--team", "nobody"),
        ("--from", "yesterday"),
        ("--from", "2016-02-30"),
        ("--from", "2016-05-02", "--to", "2016-05-01"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        told(*arguments)
