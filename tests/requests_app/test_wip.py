"""How much a team works on at once."""

import pytest
from pytest_django import DjangoAssertNumQueries

from activity.models import Event
from requests_app.boards.wip import UNLIMITED, Wip, may_set_limit, set_wip_limit, wip_of
from requests_app.models import WipLimit
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def test_a_lead_sets_changes_and_removes_a_limit_each_with_its_event() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    for limit in (3, 5, None):
        set_wip_limit(team, "in_progress", limit, by=lead)
    told = [(event.kind, event.data["before"], event.data["limit"]) for event in Event.objects.order_by("id")]
    assert told == [
        ("wip_limit.set", None, 3),
        ("wip_limit.set", 3, 5),
        ("wip_limit.set", 5, None),
    ]
    assert not WipLimit.objects.exists()
    team.refresh_from_db()
    assert team.version == 4


def test_setting_what_holds_already_changes_nothing() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    set_wip_limit(team, "ready", None, by=lead)
    set_wip_limit(team, "ready", 4, by=lead)
    set_wip_limit(team, "ready", 4, by=lead)
    assert Event.objects.count() == 1


def test_limits_are_set_by_the_teams_leads_and_admins() -> None:
    team = make_team()
    assert may_set_limit(team, make_person(lead_of=team))
    assert may_set_limit(team, make_admin())
    others = [make_person(team), make_person(lead_of=make_team()), make_person()]
    gone = make_person(lead_of=team)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    for person in [*others, gone]:
        assert not may_set_limit(team, person)
        with pytest.raises(RuleViolation, match="not_yours"):
            set_wip_limit(team, "ready", 2, by=person)
    assert not WipLimit.objects.exists()


@pytest.mark.parametrize(
    ("status", "limit", "field"),
    [
        ("done", 3, "status"),
        ("submitted", 3, "status"),
        ("nowhere", 3, "status"),
        ("ready", 0, "limit"),
        ("ready", -1, "limit"),
        ("ready", 1000, "limit"),
    ],
)
def test_a_limit_that_cannot_be_is_told_at_its_field(status: str, limit: int, field: str) -> None:
    with pytest.raises(InvalidFields) as error:
        set_wip_limit(make_team(), status, limit, by=make_admin())
    assert [missing.field for missing in error.value.missing] == [field]


def test_only_teams_of_it_have_limits() -> None:
    with pytest.raises(InvalidFields) as error:
        set_wip_limit(make_team(Side.MARKETING), "ready", 3, by=make_admin())
    assert error.value.missing[0].field == "team"


def test_all_requests_of_the_team_count_also_hidden_ones(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    team = make_team()
    WipLimit.objects.create(team=team, status="in_progress", limit=3)
    mine = make_request("in_progress", serving_team=team)
    make_request("in_progress", serving_team=team, restricted=True)
    make_request("in_progress")
    make_request("ready", serving_team=team)
    with django_assert_num_queries(1):
        assert wip_of(team.pk, "in_progress") == Wip(count=2, limit=3)
    assert wip_of(team.pk, "in_progress", besides=mine.number) == Wip(count=1, limit=3)


def test_without_a_limit_or_a_team_nothing_is_ever_full() -> None:
    team = make_team()
    make_request("in_progress", serving_team=team)
    assert wip_of(team.pk, "in_progress") == wip_of(None, "in_progress") == UNLIMITED
    assert not UNLIMITED.full


@pytest.mark.parametrize(("count", "full"), [(2, False), (3, True), (4, True)])
def test_a_column_is_full_when_its_limit_is_reached(count: int, full: bool) -> None:
    assert Wip(count, 3).full is full
