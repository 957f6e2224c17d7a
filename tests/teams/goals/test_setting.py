"""Goals: set and kept by the leads of the teams that own them."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from activity import clock
from activity.models import Event
from teams import goals
from teams.models import Goal, Level, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_goal, make_key_result, make_person, make_team
from tests.processes import PATIENCE


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


@pytest.mark.django_db
def test_what_still_runs_is_not_archived_silently() -> None:
    admin, goal = make_admin(), make_goal(make_team())
    running = make_key_result(goal)
    with pytest.raises(RuleViolation) as refused:
        goals.archive_goal(goal, by=admin)
    assert [missing.code for missing in refused.value.missing] == ["still_running"]
    goals.end_key_result(running, "The law changed", by=admin)
    assert goals.archive_goal(goal, by=admin).is_archived


@pytest.mark.django_db
def test_a_goal_has_sections_a_period_and_a_place_in_the_tree() -> None:
    admin, team = make_admin(), make_team()
    above = make_goal(make_team(), is_company=True)
    goal = goals.create_goal(
        "More consent",
        [team],
        by=admin,
        brief="Three of a hundred say yes.",
        customer_change="They know what they get.",
        expected_of_it="One sign-up for shop and branch.",
        expected_of_marketing="A reason to say yes.",
        parent=above,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
    )
    goal.refresh_from_db()
    assert [heading for heading, _text in goal.sections] == [str(name) for _field, name in Goal.SECTIONS[:4]]
    assert goal.unwritten == [str(Goal.SECTIONS[4][1])]
    assert (goal.parent, goal.level) == (above, Level.TEAM)
    assert goal.is_over(date(2027, 1, 1))
    assert not goal.is_over(date(2026, 12, 31))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (date(2026, 1, 1), None, "ends_on"),
        (None, date(2026, 1, 1), "starts_on"),
        (date(2026, 1, 1), date(2026, 1, 1), "ends_on"),
        (date(2026, 2, 1), date(2026, 1, 1), "ends_on"),
    ],
)
def test_half_a_period_or_one_that_ends_before_it_starts_is_refused(
    starts_on: date | None, ends_on: date | None, field: str
) -> None:
    team, admin = make_team(), make_admin()
    with pytest.raises(InvalidFields) as refusal:
        goals.create_goal("More", [team], by=admin, starts_on=starts_on, ends_on=ends_on)
    assert refusal.value.missing[0].field == field
    goal = make_goal(team)
    with pytest.raises(InvalidFields):
        goals.edit_goal(goal, by=admin, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.django_db
def test_a_period_that_both_forms_changed_clashes_and_is_told_as_a_date() -> None:
    goal, admin = make_goal(make_team()), make_admin()
    goals.edit_goal(goal, by=admin, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), seen_version=1)
    told = Event.objects.get().data["changes"]["ends_on"]
    assert told == {"from": None, "to": "2026-03-31"}
    with pytest.raises(StaleVersion) as stale:
        goals.edit_goal(goal, by=admin, ends_on=date(2026, 6, 30), seen_version=1)
    assert stale.value.clash == ("ends_on",)
    goals.edit_goal(goal, by=admin, ends_on=date(2026, 3, 31), seen_version=1)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_goals_never_serve_each_other_in_a_circle() -> None:
    team, admin = make_team(), make_admin()
    first, second, third = (make_goal(team) for _n in range(3))
    goals.edit_goal(second, parent=first, by=admin)
    goals.edit_goal(third, parent=second, by=admin)
    for below in (first, second, third):
        with pytest.raises(InvalidFields) as refusal:
            goals.edit_goal(first, parent=below, by=admin)
        assert (refusal.value.missing[0].field, refusal.value.missing[0].code) == ("parent", "cycle")
    first.refresh_from_db()
    assert first.parent is None


@pytest.mark.django_db
def test_nothing_new_serves_what_is_archived_or_closed() -> None:
    team, admin = make_team(), make_admin()
    above, goal = make_goal(team), make_goal(team)
    goals.edit_goal(goal, parent=above, by=admin)
    goals.archive_goal(above, by=admin)
    other = make_goal(team)
    with pytest.raises(InvalidFields) as setting:
        goals.create_goal("Late", [team], parent=above, by=admin)
    with pytest.raises(InvalidFields) as moving:
        goals.edit_goal(other, parent=above, by=admin)
    for refusal in (setting, moving):
        assert [(one.field, one.code) for one in refusal.value.missing] == [("parent", "archived")]
    # What served it before may be changed and go on.
    assert goals.edit_goal(goal, parent=above, title="As before", by=admin).parent == above


@pytest.mark.django_db
def test_a_goal_serves_one_as_wide_or_wider() -> None:
    it, marketing, admin = make_team(Side.IT), make_team(Side.MARKETING), make_admin()
    company = make_goal(it, is_company=True)
    joint, single = make_goal(it, marketing), make_goal(it)
    goals.edit_goal(joint, parent=company, by=admin)
    goals.edit_goal(single, parent=joint, by=admin)
    for wide, narrow in ((company, single), (joint, make_goal(it))):
        with pytest.raises(InvalidFields):
            goals.edit_goal(wide, parent=narrow, by=admin)
    with pytest.raises(InvalidFields) as refusal:
        goals.edit_goal(single, teams=[it, marketing], is_company=True, by=admin)
    assert refusal.value.missing[0].code == "level"
    with pytest.raises(InvalidFields):
        goals.edit_goal(company, is_company=False, teams=[it], by=admin)


@pytest.mark.django_db
def test_the_database_refuses_what_the_domain_would() -> None:
    goal = make_goal(make_team())
    for broken in (
        {"parent": goal.pk},
        {"starts_on": date(2026, 1, 1)},
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"health_said": "on_track"},
        {"closed_at": clock.now()},
        {"way_in": "x" * 2001},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Goal.objects.filter(pk=goal.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_two_who_hang_goals_under_each_other_close_no_circle() -> None:
    team, admin = make_team(), make_admin()
    first, second = make_goal(team), make_goal(team)
    refused = list[str]()

    def hang(below: Goal, above: Goal) -> None:
        try:
            goals.edit_goal(below, parent=above, by=admin)
        except InvalidFields as refusal:
            refused.append(refusal.missing[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=hang, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert refused == ["cycle"]


@pytest.mark.django_db
def test_goals_are_offered_where_a_german_reader_looks_for_them() -> None:
    for title in ("Zufriedenheit", "Öffnungen", "absprünge", "Ohne Umweg"):
        make_goal(make_team(), title=title)
    assert [goal.title for goal in Goal.objects.all()] == [
        "absprünge",
        "Öffnungen",
        "Ohne Umweg",
        "Zufriedenheit",
    ]
