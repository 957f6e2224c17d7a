"""The first start, and the settings of the company."""

import pytest
from django.conf import settings

from activity.models import Event
from teams import company
from teams.models import Company, Membership, Person, PersonSide, Role, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_team
from tests.teams.conftest import AtOnce

FIRST = company.FirstStart("Nordlicht", "Europe/Vienna", "Platform", "Campaigns", "it")


@pytest.mark.django_db
def test_the_first_start_makes_company_and_teams_and_the_admin_a_lead() -> None:
    admin = make_admin()
    made = company.start(FIRST, by=admin)
    assert (made.name, company.portal_zone().key) == ("Nordlicht", "Europe/Vienna")
    assert dict(Team.objects.values_list("slug", "side")) == {"platform": "it", "campaigns": "marketing"}
    membership = Membership.objects.get()
    assert (membership.person, membership.team.slug, membership.role) == (admin, "platform", Role.LEAD)
    assert Person.objects.get(pk=admin.pk).side == PersonSide.IT
    assert Event.objects.get().kind == "company.created"


@pytest.mark.django_db
def test_it_happens_once_and_only_by_an_admin() -> None:
    with pytest.raises(RuleViolation) as refusal:
        company.start(FIRST, by=make_person())
    assert refusal.value.missing[0].code == "not_yours"
    company.start(FIRST, by=None)
    with pytest.raises(RuleViolation) as refusal:
        company.start(FIRST, by=make_admin())
    assert refusal.value.missing[0].code == "already_done"
    assert Team.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "first",
    [
        company.FirstStart("", "Europe/Vienna", "A", "B"),
        company.FirstStart("N", "Mars/Crater", "A", "B"),
        company.FirstStart("N", "Europe/Vienna", "", "B"),
        company.FirstStart("N", "Europe/Vienna", "Same", " same"),
    ],
)
def test_a_wrong_answer_leaves_nothing_behind(first: company.FirstStart) -> None:
    with pytest.raises(InvalidFields):
        company.start(first, by=make_admin())
    assert not Company.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_a_team_name_that_is_taken_is_said() -> None:
    make_team(name="Platform")
    with pytest.raises(RuleViolation):
        company.start(FIRST, by=make_admin())
    assert not Company.objects.exists()


def test_of_two_first_starts_at_once_one_happens(at_once: AtOnce) -> None:
    admin, other = make_admin(), make_admin()
    results = at_once(lambda: company.start(FIRST, by=admin), lambda: company.start(FIRST, by=other))
    assert sorted(results) == ["already_done", "done"]
    assert Team.objects.count() == 2


@pytest.mark.django_db
def test_before_the_first_start_the_environments_zone_holds() -> None:
    assert company.portal_zone().key == settings.TIME_ZONE
    assert not company.is_started()


@pytest.mark.django_db
def test_settings_are_changed_by_admins_with_one_event() -> None:
    company.start(FIRST, by=None)
    admin = make_admin()
    edited = company.edit_company({"digest_hour": 9, "stalled_after_hours": 48}, by=admin)
    assert (edited.digest_hour, edited.stalled_after_hours, edited.version) == (9, 48, 2)
    assert set(Event.objects.latest("id").data["changes"]) == {"digest_hour", "stalled_after_hours"}
    company.edit_company({"digest_hour": 9}, by=admin)
    assert Event.objects.count() == 2
    with pytest.raises(RuleViolation):
        company.edit_company({"digest_hour": 1}, by=make_person())
    with pytest.raises(StaleVersion):
        company.edit_company({"digest_hour": 1}, version=1, by=admin)
    with pytest.raises(StaleVersion):
        company.edit_company({"digest_hour": 1}, seen_version=1, by=admin)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"digest_hour": 24},
        {"digest_weekday": 7},
        {"stalled_after_hours": 0},
        {"name": " "},
        {"time_zone": "x"},
    ],
)
def test_settings_have_limits(changes: company.CompanyFields) -> None:
    company.start(FIRST, by=None)
    with pytest.raises(InvalidFields):
        company.edit_company(changes, by=make_admin())


@pytest.mark.django_db
def test_nothing_is_set_before_the_first_start() -> None:
    with pytest.raises(RuleViolation):
        company.edit_company({"digest_hour": 9}, by=make_admin())
