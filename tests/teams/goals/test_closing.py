"""Closing a period: result, learning, and a fate for each key result that is unfinished."""

from decimal import Decimal

import pytest

from activity.models import Event
from teams import goals
from teams.goals import Fate
from teams.goals.closing import unfinished
from teams.models import Goal, KeyResult, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_goal, make_key_result, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def goal(team: Team) -> Goal:
    return make_goal(team)


def close(goal: Goal, fates: dict[int, Fate] | None = None, **more: object) -> Goal:
    by = more.pop("by", None) or make_admin()
    texts = {"result": "Half of it.", "learning": "Start earlier.", **more}
    return goals.close_goal(goal, texts["result"], texts["learning"], fates or {}, by=by)  # type: ignore[arg-type]


def test_a_goal_that_is_reached_closes_with_result_and_learning(goal: Goal, team: Team) -> None:
    reached = make_key_result(goal, baseline=Decimal(9), target=Decimal(3), current=Decimal(2))
    lead = make_person(lead_of=team)
    closed = close(goal, by=lead)
    assert (closed.result, closed.learning, closed.closed_by) == ("Half of it.", "Start earlier.", lead)
    assert closed.is_archived
    reached.refresh_from_db()
    assert not reached.is_open
    assert Event.objects.get().kind == "goal.closed"


def test_without_result_or_learning_it_stays_open(goal: Goal) -> None:
    for missing in ("result", "learning"):
        with pytest.raises(InvalidFields) as refusal:
            close(goal, {}, **{missing: "  "})
        assert [one.field for one in refusal.value.missing] == [missing]
    goal.refresh_from_db()
    assert goal.closed_at is None


def test_nothing_unfinished_is_left_out_silently(goal: Goal) -> None:
    first, second = make_key_result(goal), make_key_result(goal, current=Decimal(1))
    make_key_result(goal, current=Decimal(2))
    assert unfinished(goal) == [first, second]
    for fates in ({}, {first.pk: Fate(because="Too dear")}, {second.pk: Fate(), first.pk: Fate(because=" ")}):
        with pytest.raises(InvalidFields) as refusal:
            close(goal, fates)
        named = {one.field for one in refusal.value.missing}
        assert named <= {f"fate_{first.pk}", f"fate_{second.pk}"}
        assert f"fate_{second.pk}" in named
    assert KeyResult.objects.filter(ended_at=None).count() == 3


def test_it_ends_with_a_reason_or_goes_on_in_another_goal(goal: Goal, team: Team) -> None:
    ends, moves = make_key_result(goal), make_key_result(goal, current=Decimal("1.4"))
    heir = make_goal(team)
    close(goal, {ends.pk: Fate(because="The law changed"), moves.pk: Fate(to=heir)})
    ends.refresh_from_db()
    moves.refresh_from_db()
    assert (ends.ended_because, ends.moved_to) == ("The law changed", None)
    went_on = heir.key_results.get()
    assert moves.moved_to == went_on
    # It starts where it stood, and the way to the target is what is left of it.
    assert (went_on.baseline, went_on.target, went_on.current) == (Decimal("1.4"), moves.target, None)


def test_it_goes_on_only_where_the_lead_may_set_it(goal: Goal, team: Team) -> None:
    one, lead = make_key_result(goal), make_person(lead_of=team)
    for heir, refusal in (
        (make_goal(make_team()), RuleViolation),
        (make_goal(team, is_archived=True), InvalidFields),
        (goal, InvalidFields),
    ):
        with pytest.raises(refusal):
            close(goal, {one.pk: Fate(to=heir)}, by=lead)
    goal.refresh_from_db()
    assert (goal.closed_at, KeyResult.objects.count()) == (None, 1)


def test_members_do_not_close(goal: Goal, team: Team) -> None:
    with pytest.raises(RuleViolation):
        close(goal, by=make_person(team))


def test_what_is_closed_stays_closed(goal: Goal) -> None:
    close(goal)
    admin = make_admin()
    for change in (
        lambda: close(goal),
        lambda: goals.edit_goal(goal, title="Another", by=admin),
        lambda: goals.restore_goal(goal, by=admin),
        lambda: goals.say_health(goal, "at_risk", "Late", by=admin),
        lambda: goals.add_key_result(goal, "Rate", Decimal(1), Decimal(2), by=admin),
    ):
        with pytest.raises(RuleViolation) as refusal:
            change()
        assert refusal.value.missing[0].code == "already_done"
