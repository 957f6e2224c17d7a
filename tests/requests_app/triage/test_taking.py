"""Taking a request: one press, and never over somebody else's head."""

import pytest

from activity.models import Event
from requests_app.models import Request
from requests_app.triage.taking import take
from teams.models import Side, Team
from teams.rules import RuleViolation
from tests.factories import make_person, make_request, make_team
from tests.requests_app.test_races import at_once


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.mark.django_db
def test_it_fills_the_empty_seat_once(team: Team) -> None:
    tom, request = make_person(team), make_request(serving_team=team, it_owner=None)
    assert take(request.number, by=tom).it_owner == tom
    take(request.number, by=tom)
    assert Event.objects.filter(kind="request.assigned").count() == 1


@pytest.mark.django_db
def test_it_brings_the_team_along_where_there_is_none(team: Team) -> None:
    tom = make_person(team)
    request = make_request(serving_team=None, it_owner=None)
    assert take(request.number, by=tom, team=team).serving_team == team


@pytest.mark.django_db
def test_a_team_that_is_chosen_stays(team: Team) -> None:
    tom = make_person(team, other := make_team(Side.IT))
    request = make_request(serving_team=team, it_owner=None)
    assert take(request.number, by=tom, team=other).serving_team == team


@pytest.mark.django_db
def test_it_says_who_has_it(team: Team) -> None:
    request = make_request(serving_team=team, it_owner=make_person(team, name="Nora Weiss"))
    with pytest.raises(RuleViolation, match="already_done") as refused:
        take(request.number, by=make_person(team))
    assert "Nora Weiss" in str(refused.value.missing[0].message)


@pytest.mark.django_db
def test_it_is_no_way_around_the_rules_of_assign(team: Team) -> None:
    request = make_request(serving_team=team, it_owner=None)
    for somebody in (make_person(make_team(Side.MARKETING)), make_person(make_team(Side.IT))):
        with pytest.raises(RuleViolation):
            take(request.number, by=somebody)
    assert Request.objects.get(pk=request.pk).it_owner is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(20))
def test_of_two_who_take_it_at_once_one_gets_it_and_the_other_hears_who(team: Team, round_: int) -> None:
    people = [make_person(team, name=name) for name in ("Tom Reiter", "Nora Weiss")]
    request = make_request(serving_team=None if round_ % 2 else team, it_owner=None)
    outcomes = at_once(*(lambda one=one: take(request.number, by=one, team=team) for one in people))
    (got,) = [one for one in outcomes if isinstance(one, Request)]
    (lost,) = [one for one in outcomes if isinstance(one, RuleViolation)]
    holder = Request.objects.get(pk=request.pk).it_owner
    assert holder is not None
    assert holder == got.it_owner
    assert holder.name in str(lost.missing[0].message)
    assert Event.objects.filter(kind="request.assigned").count() == 1
