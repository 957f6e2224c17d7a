"""Staying true: edits, changes of meaning, and the lead's word that it still holds."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from activity import clock
from activity.models import Event
from teams.goals import create_goal, edit_goal
from teams.models import Brief, Goal, Side
from teams.rules import InvalidFields, RuleViolation
from teams.teams import create_team, edit_team
from teams.understanding import is_stale, still_true, waiting_for_review
from tests.factories import make_admin, make_goal, make_person, make_team


def now_of(goal: Goal) -> Brief:
    return Brief.objects.get(goal=goal)


def long_ago() -> datetime:
    return clock.now() - timedelta(days=31)


@pytest.mark.django_db
def test_every_goal_and_team_has_a_brief_of_its_own_however_it_came_in() -> None:
    teams = [make_team(), create_team("Data", Side.IT, by=make_admin())]
    goals = [make_goal(*teams), create_goal("More", teams, by=make_admin())]
    rows = Goal.objects.bulk_create(Goal(title=f"Goal {n}", created_at=clock.now()) for n in range(3))
    briefs = [*(team.understanding for team in teams), *(goal.understanding for goal in [*goals, *rows])]
    assert len({brief.pk for brief in briefs}) == len(briefs)
    assert [brief.thing.pk for brief in briefs] == [thing.pk for thing in [*teams, *goals, *rows]]


@pytest.mark.django_db
def test_a_new_brief_is_dated_from_its_change() -> None:
    admin, moment = make_admin(), long_ago()
    with clock.moved_to(moment):
        goal = create_goal("More", [make_team()], brief="Consent", by=admin)
    brief = now_of(goal)
    assert (brief.changed_at, brief.reviewed_at, brief.reviewed_by) == (moment, moment, admin)
    assert is_stale(brief, clock.now())
    assert not is_stale(brief, moment + timedelta(days=29, hours=23))


@pytest.mark.django_db
def test_a_typo_asks_nobody_again() -> None:
    goal = make_goal(make_team(), brief="More consnet")
    edit_goal(goal, brief="More consent", by=make_admin())
    assert (now_of(goal).substance, now_of(goal).what_changed) == (1, "")


@pytest.mark.django_db
def test_a_change_of_meaning_counts_and_says_what_changed() -> None:
    goal = make_goal(make_team(), brief="More consent")
    edit_goal(goal, brief="Less", in_substance=True, what_changed=" Less\nof it ", by=make_admin())
    brief = now_of(goal)
    assert (brief.substance, brief.what_changed) == (2, "Less of it")
    assert Event.objects.get().data["in_substance"] is True


@pytest.mark.django_db
def test_it_can_be_said_later_that_the_meaning_changed() -> None:
    team = make_team(brief="We run things")
    edit_team(team, in_substance=True, what_changed="Also the app", by=make_admin())
    assert Brief.objects.get(team=team).substance == 2
    assert Event.objects.get().kind == "team.edited"


@pytest.mark.django_db
def test_who_changes_the_meaning_has_to_say_how() -> None:
    goal = make_goal(make_team(), brief="More")
    for what in ("", "x" * 201):
        with pytest.raises(InvalidFields) as refusal:
            edit_goal(goal, brief="Less", in_substance=True, what_changed=what, by=make_admin())
        assert refusal.value.missing[0].field == "what_changed"
    goal.refresh_from_db()
    assert (goal.brief, now_of(goal).substance) == ("More", 1)


@pytest.mark.django_db
def test_where_a_team_works_is_no_part_of_its_brief() -> None:
    team = make_team(brief="We run things")
    Brief.objects.filter(team=team).update(reviewed_at=long_ago())
    edit_team(team, country="DE", by=make_admin())
    assert is_stale(Brief.objects.get(team=team), clock.now())
    edit_team(team, brief="We run more things", by=make_admin())
    assert not is_stale(Brief.objects.get(team=team), clock.now())


@pytest.mark.django_db
def test_a_lead_says_that_it_is_still_true() -> None:
    team = make_team()
    goal, lead = make_goal(team, brief="More"), make_person(lead_of=team)
    Brief.objects.filter(goal=goal).update(reviewed_at=long_ago())
    reviewed = still_true(goal.understanding, by=lead)
    assert (reviewed.reviewed_by, reviewed.substance, reviewed.version) == (lead, 1, 2)
    assert not is_stale(now_of(goal), clock.now())
    assert Event.objects.get().kind == "brief.reviewed"


@pytest.mark.django_db
def test_nobody_else_says_so() -> None:
    team = make_team()
    for person in (make_person(team), make_person(lead_of=make_team()), make_person()):
        with pytest.raises(RuleViolation) as refusal:
            still_true(team.understanding, by=person)
        assert refusal.value.missing[0].code == "not_yours"


@pytest.mark.django_db
def test_what_is_not_explained_cannot_be_still_true_and_the_first_page_asks_for_words() -> None:
    team = make_team()
    lead = make_person(lead_of=team, language="en")
    with pytest.raises(RuleViolation) as refusal:
        still_true(team.understanding, by=lead)
    assert [missing.code for missing in refusal.value.missing] == ["not_written"]
    Brief.objects.filter(team=team).update(reviewed_at=long_ago())
    client = Client()
    client.force_login(lead)
    page = client.get("/goals/without/?own=1", headers={"HX-Request": "true"}).content.decode()
    assert "Explain it" in page
    assert "Still true" not in page


@pytest.mark.django_db
def test_the_database_wants_to_know_what_changed() -> None:
    brief = make_team().understanding
    with pytest.raises(IntegrityError), transaction.atomic():
        Brief.objects.filter(pk=brief.pk).update(substance=2)


@pytest.mark.django_db
def test_a_lead_is_reminded_of_what_is_stale_and_nobody_else_is() -> None:
    team = make_team()
    goal, lead = make_goal(team, title="Stale", brief="More"), make_person(lead_of=team)
    archived = make_goal(team, is_archived=True)
    fresh = make_goal(team)
    stale = Brief.objects.exclude(goal=fresh)
    stale.update(reviewed_at=long_ago())
    found = set(waiting_for_review(lead, clock.now()))
    assert found == {goal.understanding, team.understanding}
    assert archived.understanding not in found
    for person in (make_person(team), make_person(lead_of=make_team())):
        assert not waiting_for_review(person, clock.now()).exists()
    still_true(goal.understanding, by=lead)
    assert set(waiting_for_review(lead, clock.now())) == {team.understanding}


@pytest.mark.django_db
def test_the_first_page_reminds_a_lead_and_one_click_answers() -> None:
    team = make_team(name="CRM platform", brief="We run it")
    lead = make_person(lead_of=team, language="en")
    Brief.objects.filter(team=team).update(reviewed_at=long_ago())
    client = Client()
    client.force_login(lead)
    assert (
        "Is this still true?"
        in client.get("/goals/without/?own=1", headers={"HX-Request": "true"}).content.decode()
    )
    assert client.post(f"/understanding/{team.understanding_id}/still-true/").status_code == 302
    assert (
        "Is this still true?"
        not in client.get("/goals/without/?own=1", headers={"HX-Request": "true"}).content.decode()
    )
