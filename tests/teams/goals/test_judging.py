"""Saying how a goal stands against its figures: with a reason, for everybody to read, and taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from activity.models import Event
from teams import goals
from teams.goals.key_results import today
from teams.goals.tree import computed_health, health_of
from teams.models import Goal, Health, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_goal, make_key_result, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def goal(team: Team) -> Goal:
    """Half of its period is over and a tenth of the way is done."""
    start = today() - timedelta(days=50)
    goal = make_goal(team, starts_on=start, ends_on=start + timedelta(days=100))
    make_key_result(goal, baseline=Decimal(0), target=Decimal(100), current=Decimal(10))
    return goal


def test_figures_speak_until_a_lead_does(goal: Goal, team: Team) -> None:
    assert health_of(goal, today()) == Health.OFF_TRACK
    said = goals.say_health(
        goal, "on_track", "The big shop goes live on Monday", by=make_person(lead_of=team)
    )
    assert (health_of(said, today()), computed_health(said, today())) == (Health.ON_TRACK, Health.OFF_TRACK)
    assert Event.objects.get().data["reason"] == "The big shop goes live on Monday"
    back = goals.say_health(said, "", by=make_admin())
    assert (health_of(back, today()), back.health_reason, back.health_said_by) == (Health.OFF_TRACK, "", None)


def test_it_needs_a_reason(goal: Goal) -> None:
    for health, reason, field in (
        ("on_track", "", "reason"),
        ("on_track", "x" * 1001, "reason"),
        ("fine", "Because", ""),
    ):
        with pytest.raises(InvalidFields) as refusal:
            goals.say_health(goal, health, reason, by=make_admin())
        assert not field or refusal.value.missing[0].field == field


def test_nothing_new_tells_nothing(goal: Goal) -> None:
    admin = make_admin()
    goals.say_health(goal, "", by=admin)
    for _n in range(2):
        goals.say_health(goal, "at_risk", "Nobody is free", by=admin)
    assert Event.objects.count() == 1


def test_members_do_not_judge(goal: Goal, team: Team) -> None:
    with pytest.raises(RuleViolation):
        goals.say_health(goal, "on_track", "I hope so", by=make_person(team))
