"""Forecasts in words and as a bar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from requests_app.forecast.outlooks import Basis, Forecast, State
from requests_app.forecast.words import bar, hope, rests_on, says

TODAY = date(2026, 11, 25)
BASIS = Basis(37, date(2026, 9, 3), borrowed=False, same_status=False)
DATED = Forecast(
    1, State.DATED, half=TODAY + timedelta(days=10), likely=TODAY + timedelta(days=50), basis=BASIS
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def test_it_says_what_it_rests_on() -> None:
    assert rests_on(DATED) == ["Rests on 37 deliveries of this team since September 2026."]
    one = replace(DATED, basis=replace(BASIS, deliveries=1, same_status=True))
    words = "Rests on 1 delivery of this team since September 2026 that stood in this status as long."
    assert rests_on(one) == [words]
    assert rests_on(Forecast(1, State.NO_HISTORY)) == []


def test_it_says_that_it_borrows() -> None:
    borrowed = replace(BASIS, borrowed=True, place=3, starts=10, starts_borrowed=True)
    assert rests_on(replace(DATED, basis=borrowed)) == [
        "Rests on 37 deliveries of all teams since September 2026: this team has too few of its own.",
        "Not begun yet: waits behind what stands before it, at the pace of other teams.",
    ]
    # The place would count requests that the reader may not see.
    assert not any("3" in sentence.replace("37", "") for sentence in rests_on(replace(DATED, basis=borrowed)))
    own = replace(borrowed, starts_borrowed=False)
    assert rests_on(replace(DATED, basis=own))[1].endswith("at the pace of the team's last 10 starts.")


def test_in_german_too() -> None:
    with override("de"):
        assert rests_on(DATED) == ["Beruht auf 37 Lieferungen dieses Teams seit September 2026."]
        assert says(Forecast(1, State.NO_TEAM)).startswith("Für eine Prognose fehlt")


@pytest.mark.parametrize(
    ("state", "beginning"),
    [
        (State.NO_HISTORY, "Not enough history"),
        (State.NO_TEAM, "A forecast needs the team"),
        (State.NOT_OPEN, "Only open requests"),
        (State.BOUNDED, "History does not carry a date"),
    ],
)
def test_without_dates_it_says_why(state: State, beginning: str) -> None:
    assert says(Forecast(1, state)).startswith(beginning)


def test_with_dates_or_a_bound_it_needs_no_excuse() -> None:
    assert says(DATED) == ""
    assert says(Forecast(1, State.BOUNDED, not_before=TODAY, beyond=75)) == ""


@pytest.mark.parametrize(
    ("chance", "at_least", "colour"),
    [(85, False, "good"), (84, False, "warn"), (50, False, "warn"), (49, False, "bad"), (20, True, "warn"),
     (None, False, "")],
)  # fmt: skip
def test_how_the_deadline_stands(chance: int | None, at_least: bool, colour: str) -> None:
    found = replace(DATED, deadline=TODAY, chance=chance, at_least=at_least)
    assert hope(found, TODAY) == colour
    assert hope(found, TODAY + timedelta(days=1)) == "past"


def test_without_a_deadline_nothing_is_at_risk() -> None:
    assert hope(DATED, TODAY) == ""


def test_the_bar_runs_from_today_past_the_last_mark() -> None:
    drawn = bar(replace(DATED, deadline=TODAY + timedelta(days=25)), TODAY)
    assert drawn is not None
    assert drawn.begins == pytest.approx(100 * 10 / 53, abs=0.1)
    assert drawn.begins + drawn.length == pytest.approx(100 * 50 / 53, abs=0.1)
    assert drawn.deadline == pytest.approx(100 * 25 / 53, abs=0.1)
    assert not drawn.open_ended


def test_the_bar_has_room_for_a_late_deadline_and_none_for_a_past_one() -> None:
    late = bar(replace(DATED, deadline=TODAY + timedelta(days=200)), TODAY)
    assert late is not None
    assert (late.deadline or 0) < 100
    past = bar(replace(DATED, deadline=TODAY - timedelta(days=9)), TODAY)
    assert past is not None
    assert past.deadline == 0


def test_where_the_second_date_is_unknown_the_bar_is_open() -> None:
    drawn = bar(replace(DATED, likely=None, not_before=TODAY + timedelta(days=40), beyond=30), TODAY)
    assert drawn is not None
    assert drawn.open_ended
    assert drawn.begins + drawn.length == pytest.approx(100)


def test_what_is_done_today_still_shows() -> None:
    drawn = bar(replace(DATED, half=TODAY, likely=TODAY), TODAY)
    assert drawn is not None
    assert drawn.length >= 1.5
    assert bar(Forecast(1, State.BOUNDED, not_before=TODAY, beyond=80), TODAY) is None
