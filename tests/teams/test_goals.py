"""Goals: set and kept by the leads of the teams that own them."""

import pytest

from activity.models import Event
from teams import goals
from teams.models import Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_goal, make_person, make_team


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_lead_sets_a_joint_goal() -> None:
    marketing, it = make_team(Side.MARKETING), make_team(Side.IT)
    goal = goals.create_goal(" More consent ", [marketing, it], brief="So that…", by=make_person(lead_of=it))
    assert goal.title == "More consent"
    assert set(goal.teams.all()) == {marketing, it}
    assert Event.objects.get().data["teams"] == sorted([marketing.slug, it.slug])


@pytest.mark.django_db
def test_who_leads_none_of_the_owners_sets_no_goal() -> None:
    team = make_team()
    for person in (make_person(team), make_person(lead_of=make_team())):
        with pytest.raises(RuleViolation) as refusal:
            goals.create_goal("Mine", [team], by=person)
        assert refusal.value.missing[0].code == "not_yours"
    assert not kinds()


@pytest.mark.django_db
def test_a_goal_needs_title_and_owner() -> None:
    admin, team = make_admin(), make_team()
    for title, owners in (("", [team]), ("Goal", []), ("x" * 201, [team])):
        with pytest.raises(InvalidFields):
            goals.create_goal(title, owners, by=admin)


@pytest.mark.django_db
def test_the_leads_of_the_owners_edit_it() -> None:
    team, second = make_team(), make_team()
    goal, lead = make_goal(team), make_person(lead_of=team)
    edited = goals.edit_goal(goal, title="Better", teams=[team, second], by=lead)
    assert (edited.title, edited.version, edited.teams.count()) == ("Better", 2, 2)
    assert set(Event.objects.get().data["changes"]) == {"title", "teams"}
    with pytest.raises(RuleViolation):
        goals.edit_goal(goal, title="Worse", by=make_person(team))


@pytest.mark.django_db
def test_nothing_new_writes_no_event() -> None:
    team = make_team()
    goal = make_goal(team)
    goals.edit_goal(goal, title=goal.title, teams=[team], by=make_admin())
    assert not kinds()


@pytest.mark.django_db
def test_two_forms_clash_only_in_the_same_field() -> None:
    admin, team = make_admin(), make_team()
    goal = make_goal(team, title="Old")
    goals.edit_goal(goal, title="New", brief="", seen_version=1, by=admin)
    merged = goals.edit_goal(goal, title="Old", brief="Added", seen_version=1, by=admin)
    assert (merged.title, merged.brief) == ("New", "Added")
    with pytest.raises(StaleVersion):
        goals.edit_goal(goal, title="Newest", seen_version=1, by=admin)


@pytest.mark.django_db
def test_a_goal_is_archived_and_restored_once_each() -> None:
    admin, goal = make_admin(), make_goal(make_team())
    assert goals.archive_goal(goal, by=admin).is_archived
    with pytest.raises(RuleViolation):
        goals.archive_goal(goal, by=admin)
    assert not goals.restore_goal(goal, by=admin).is_archived
    with pytest.raises(RuleViolation):
        goals.restore_goal(goal, by=admin)
    assert kinds() == ["goal.archived", "goal.restored"]
    with pytest.raises(RuleViolation):
        goals.archive_goal(goal, by=make_person())
