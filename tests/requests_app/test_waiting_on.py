"""What waits for a person besides their turn, and what waits for others of their side."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from activity import clock
from requests_app.before_work.proposals import assent
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import Request
from requests_app.outcomes.record import record_outcome
from requests_app.waiting_on import waiting_on, waiting_on_side
from teams.models import Person, Side
from tests.factories import holder, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate(clock.now())


def waits(person: Person) -> set[int]:
    return {row.number for row in waiting_on(Person.objects.get(pk=person.pk), today())}


def side(person: Person) -> set[int]:
    return {row.number for row in waiting_on_side(Person.objects.get(pk=person.pk))}


def test_their_turn() -> None:
    row = make_request(Status.IN_REVIEW)
    assert waits(holder(row.marketing_owner)) == {row.pk}
    assert waits(holder(row.it_owner)) == set()


def test_a_proposed_result_waits_for_the_seat_that_has_not_said_yes() -> None:
    row = make_request(Status.READY)
    marketing, it = holder(row.marketing_owner), holder(row.it_owner)
    edit(row.pk, {"target": Decimal(9)}, by=it, reason="The market moved.")
    (found,) = waiting_on(marketing, today())
    assert found.pk == row.pk
    assert found.proposed  # type: ignore[attr-defined]
    # IT holds the turn of what is ready, but has nothing to answer.
    (own,) = waiting_on(it, today())
    assert not own.proposed  # type: ignore[attr-defined]
    assent(row.pk, by=marketing)
    assert waits(marketing) == set()


def test_an_outcome_waits_for_marketing_from_its_day_until_it_is_recorded() -> None:
    early = make_request(Status.DONE, measured_on=today() + timedelta(days=1))
    due = make_request(Status.DONE, measured_on=today())
    assert waits(holder(early.marketing_owner)) == set()
    assert waits(holder(due.marketing_owner)) == {due.pk}
    assert waits(holder(due.it_owner)) == set()
    record_outcome(due.pk, Decimal(2), by=holder(due.marketing_owner))
    assert waits(holder(due.marketing_owner)) == set()


def test_what_was_parked_until_today_waits_for_both_owners() -> None:
    it = make_person(make_team(Side.IT))
    due = make_request(Status.PARKED, revisit_on=today(), it_owner=it)
    later = make_request(Status.PARKED, revisit_on=today() + timedelta(days=1))
    assert waits(holder(due.marketing_owner)) == {due.pk}
    assert waits(it) == {due.pk}
    assert waits(holder(later.marketing_owner)) == set()


def test_nothing_waits_that_a_person_may_not_see() -> None:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    hidden = make_request(Status.SUBMITTED, serving_team=team, restricted=True)
    assert waits(lead) == {hidden.pk}
    gone = Person.objects.get(pk=lead.pk)
    Person.objects.filter(pk=lead.pk).update(is_active=False)
    assert waits(gone) == set()


def test_the_sides_turn_is_what_waits_for_others_of_ones_teams() -> None:
    team = make_team(Side.IT)
    me = make_person(team)
    own = make_request(Status.READY, serving_team=team, it_owner=me)
    colleagues = make_request(Status.READY, serving_team=team)
    make_request(Status.IN_REVIEW, serving_team=team)
    make_request(Status.READY)
    assert side(me) == {colleagues.pk}
    assert own.pk in waits(me)


def test_marketings_turn_is_that_of_the_asking_team() -> None:
    team = make_team(Side.MARKETING)
    colleagues = make_request(Status.IN_REVIEW, requesting_team=team)
    assert side(make_person(team)) == {colleagues.pk}
    assert side(make_person(make_team(Side.MARKETING))) == set()


def test_who_has_no_team_has_no_side_that_waits() -> None:
    make_request(Status.READY)
    assert side(make_person()) == set()
    assert Request.objects.exists()
