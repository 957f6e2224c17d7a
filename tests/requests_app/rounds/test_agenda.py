"""The agenda: the most decisive first, then the oldest, cut to the minutes there are. Pure."""

from datetime import UTC, datetime, timedelta

from requests_app.choices import AgendaKind
from requests_app.rounds.agenda import USUAL_MINUTES, Waiting, agenda

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIVE = dict.fromkeys(AgendaKind.values, 5)


def thing(number: int, difference: int | None, days: int = 0, kind: str = AgendaKind.STALLED) -> Waiting:
    return Waiting(number, kind, difference, START + timedelta(days=days))


def numbers(waiting: list[Waiting], minutes: int = 240, each: dict[str, int] | None = None) -> list[int]:
    return [one.number for one in agenda(waiting, minutes, each or FIVE)]


def test_the_most_decisive_comes_first() -> None:
    assert numbers([thing(1, 40), thing(2, 90), thing(3, 65)]) == [2, 3, 1]


def test_of_equal_ones_the_oldest_comes_first() -> None:
    assert numbers([thing(1, 50, days=2), thing(2, 50, days=1), thing(3, 50, days=3)]) == [2, 1, 3]


def test_of_equally_old_ones_the_order_is_always_the_same() -> None:
    assert numbers([thing(3, 50), thing(1, 50), thing(2, 50)]) == [1, 2, 3]


def test_what_nobody_has_scored_comes_last_by_its_age() -> None:
    assert numbers([thing(1, None, days=1), thing(2, 0, days=9), thing(3, None)]) == [2, 3, 1]


def test_it_is_cut_to_the_minutes_there_are() -> None:
    assert numbers([thing(n, 100 - n) for n in range(1, 10)], minutes=16) == [1, 2, 3]


def test_what_does_not_fit_makes_room_for_something_shorter() -> None:
    each = {**FIVE, AgendaKind.DIVERGENCE: 12}
    waiting = [thing(1, 90), thing(2, 80, kind=AgendaKind.DIVERGENCE), thing(3, 70)]
    assert numbers(waiting, minutes=10, each=each) == [1, 3]


def test_there_is_always_one_thing_to_talk_about() -> None:
    assert numbers([thing(1, 90)], minutes=5, each=dict.fromkeys(AgendaKind.values, 60)) == [1]


def test_nothing_that_waits_makes_an_empty_agenda() -> None:
    assert numbers([]) == []


def test_every_kind_has_its_usual_minutes() -> None:
    assert set(USUAL_MINUTES) == set(AgendaKind.values)
    assert all(minutes > 0 for minutes in USUAL_MINUTES.values())
