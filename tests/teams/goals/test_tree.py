"""The tree: order, roll-up, and what a filter leaves of it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams import goals
from teams.goals.key_results import today
from teams.goals.tree import all_goals, in_tree, rolled_up
from teams.models import Goal, Side
from tests.factories import make_admin, make_goal, make_key_result, make_team

pytestmark = pytest.mark.django_db


def everything(goal: Goal) -> bool:
    return True


def titles(wanted: object = everything) -> list[tuple[int, str]]:
    found = in_tree(all_goals(), today(), wanted)  # type: ignore[arg-type]
    return [(node.depth, node.goal.title) for node in found]


def build() -> dict[str, Goal]:
    it, marketing = make_team(Side.IT), make_team(Side.MARKETING)
    company = make_goal(it, title="Company", is_company=True)
    joint = make_goal(it, marketing, title="Joint", parent=company)
    return {
        "company": company,
        "joint": joint,
        "team": make_goal(it, title="Team", parent=joint),
        "other": make_goal(marketing, title="Another", parent=company),
        "alone": make_goal(it, title="Alone"),
    }


def test_what_serves_a_goal_stands_below_it_the_widest_first() -> None:
    build()
    assert titles() == [(0, "Company"), (1, "Joint"), (2, "Team"), (1, "Another"), (0, "Alone")]


def test_a_filter_keeps_what_stands_above() -> None:
    found = build()
    nodes = in_tree(all_goals(), today(), lambda goal: goal == found["team"])
    assert [(node.goal.title, node.is_frame) for node in nodes] == [
        ("Company", True),
        ("Joint", True),
        ("Team", False),
    ]


def test_what_serves_an_archived_goal_stands_on_its_own() -> None:
    found = build()
    goals.archive_goal(found["joint"], by=make_admin())
    assert (0, "Team") in titles()


def test_the_example_of_the_documentation() -> None:
    """docs/goals.md: key results at 25 % and 150 %, below them a goal at 50 % and one without a figure."""
    team = make_team()
    top = make_goal(team)
    make_key_result(top, baseline=Decimal(0), target=Decimal(4), current=Decimal(1))
    make_key_result(top, baseline=Decimal(0), target=Decimal(4), current=Decimal(6))
    below = make_goal(team, parent=top)
    make_key_result(below, baseline=Decimal(8), target=Decimal(4), current=Decimal(6))
    silent = make_goal(team, parent=top)
    found = rolled_up(all_goals())
    assert found[below.pk] == Fraction(1, 2)
    assert found[silent.pk] is None
    assert found[top.pk] == (Fraction(1, 4) + 1 + Fraction(1, 2)) / 3 == Fraction(7, 12)


def test_a_closed_goal_still_counts_but_is_not_shown() -> None:
    team = make_team()
    top = make_goal(team, title="Top")
    below = make_goal(team, parent=top)
    make_key_result(below, baseline=Decimal(0), target=Decimal(2), current=Decimal(2))
    goals.close_goal(below, "Done.", "Small steps.", {}, by=make_admin())
    assert titles() == [(0, "Top")]
    assert rolled_up(all_goals())[top.pk] == 1


def test_what_has_ended_with_a_reason_counts_no_more() -> None:
    goal = make_goal(make_team())
    make_key_result(goal, baseline=Decimal(0), target=Decimal(2), current=Decimal(1))
    ended = make_key_result(goal, baseline=Decimal(0), target=Decimal(2), current=Decimal(0))
    goals.end_key_result(ended, "The law changed", by=make_admin())
    assert rolled_up(all_goals())[goal.pk] == Fraction(1, 2)


def test_a_period_that_has_ended_unclosed_is_named() -> None:
    past = date(2026, 1, 1)
    make_goal(make_team(), title="Old", starts_on=past, ends_on=past + timedelta(days=9))
    node = in_tree(all_goals(), today(), everything)[0]
    assert (node.is_over, node.wanted_percent, node.percent) == (True, 100, None)


def test_the_tree_takes_three_queries_however_big_it_is() -> None:
    build()
    day = today()
    for _n in range(3):
        with CaptureQueriesContext(connection) as captured:
            in_tree(all_goals(), day, everything)
        assert len(captured) == 3
        build()
