"""The silo map: ties, ways between teams, and who stands alone."""

from datetime import UTC, datetime, timedelta

import pytest

from knowhow.bridges.silo import LONELY_AFTER, Tie, silo_map, summed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
A, B, C, D = 1, 2, 3, 4


def tie(one: int, other: int, requests: int = 1, days: int = 1, **more: int) -> Tie:
    return Tie(one, other, {"requests": requests, **more}, NOW - timedelta(days=days))


def test_the_team_in_the_middle_joins_the_others() -> None:
    found = silo_map([A, B, C], [tie(A, B), tie(B, C)], NOW)
    assert found.between == {A: 0.0, B: 1.0, C: 0.0}


def test_who_works_together_often_is_near() -> None:
    """Over B, two strong ties are a shorter way than the one weak one."""
    found = silo_map([A, B, C], [tie(A, B, 10), tie(B, C, 10), tie(A, C, 1)], NOW)
    assert found.between[B] == pytest.approx(1.0)


def test_a_team_without_any_tie_or_only_old_ones_is_lonely() -> None:
    old = LONELY_AFTER.days
    ties = [tie(A, B, days=old - 1), tie(A, C, days=old)]
    assert silo_map([A, B, C, D], ties, NOW).lonely == (C, D)


def test_a_team_that_has_not_been_there_so_long_is_not_called_lonely() -> None:
    assert silo_map([A, B, C], [], NOW, young=[B]).lonely == (A, C)


def test_ties_to_teams_that_are_not_there_and_empty_ones_are_left_out() -> None:
    found = silo_map([A, B], [tie(A, D), tie(A, B, 0)], NOW)
    assert found.ties == ()
    assert found.lonely == (A, B)


def test_no_teams_is_an_empty_map() -> None:
    assert silo_map([], [], NOW).between == {}


def test_months_are_added_up_by_pair() -> None:
    found = summed([tie(A, B, 2, days=40), tie(A, C), tie(A, B, 3, days=5, answers=1)])
    assert [(one.one, one.other, one.weight) for one in found] == [(A, B, 6), (A, C, 1)]
    assert found[0].counts == {"requests": 5, "answers": 1}
    assert found[0].last_at == NOW - timedelta(days=5)
