"""What waits for both sides, read from the database through what one person may see."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Origin
from requests_app.boards.board import get_board
from requests_app.boards.making import make_board
from requests_app.choices import AgendaKind, Status
from requests_app.models import Request
from requests_app.outcomes.record import record_outcome
from requests_app.rounds.waiting import EVERYTHING, Scope, waiting_for_both
from teams.models import Person, Side
from tests.factories import (
    holder,
    make_goal,
    make_person,
    make_request,
    make_scores,
    make_team,
    scores,
)
from tests.requests_app.rounds.meetings import make_acceptable, make_divergent, make_minor

pytestmark = pytest.mark.django_db


def kinds(person: Person | None = None, scope: Scope = EVERYTHING) -> dict[int, str]:
    found = waiting_for_both(person or make_person(make_team()), scope, 100)
    return {one.number: one.kind for one in found}


def long_ago(request: Request, **fields: Any) -> Request:
    Request.objects.filter(pk=request.pk).update(progress_at=clock.now() - timedelta(days=8), **fields)
    return request


def test_scores_that_lie_apart_wait() -> None:
    assert kinds() == {}
    apart = make_divergent()
    assert kinds() == {apart.pk: AgendaKind.DIVERGENCE}


def test_what_could_be_accepted_waits() -> None:
    ready = make_acceptable()
    assert kinds() == {ready.pk: AgendaKind.ACCEPTANCE}


@pytest.mark.parametrize("missing", ["goal", "metric", "baseline", "measured_on", "it_owner"])
def test_what_lacks_a_condition_of_accepting_is_no_decision_yet(missing: str) -> None:
    ready = make_acceptable()
    Request.objects.filter(pk=ready.pk).update(**{missing: "" if missing == "metric" else None})
    assert kinds() == {}


def test_what_lies_below_the_gate_waits_to_be_parked() -> None:
    minor = make_minor()
    assert kinds() == {minor.pk: AgendaKind.NICE_TO_HAVE}


def test_what_only_one_side_has_scored_does_not_wait_for_both() -> None:
    make_scores(make_request(Status.SHAPING), marketing=scores(5))
    assert kinds() == {}


def test_what_was_parked_until_now_waits() -> None:
    due = make_request(Status.PARKED, revisit_on=timezone.localdate(clock.now()))
    make_request(Status.PARKED, revisit_on=timezone.localdate(clock.now()) + timedelta(days=2))
    assert kinds() == {due.pk: AgendaKind.REVISIT}


def test_an_outcome_waits_from_its_measuring_date_until_it_is_recorded() -> None:
    measured_on = timezone.localdate(clock.now()) - timedelta(days=1)
    done = make_request(Status.DONE, measured_on=measured_on)
    assert kinds() == {done.pk: AgendaKind.OUTCOME}
    record_outcome(done.pk, Decimal(2), by=holder(done.marketing_owner))
    assert kinds() == {}


def test_what_stands_still_waits_but_not_what_is_blocked_outside() -> None:
    still = long_ago(make_request(Status.IN_PROGRESS))
    long_ago(make_request(Status.IN_PROGRESS), waiting_for="outside", blocked_reason="A supplier")
    assert kinds() == {still.pk: AgendaKind.STALLED}


def test_imported_history_that_nobody_has_taken_up_does_not_fill_the_agenda() -> None:
    long_ago(make_request(Status.IN_PROGRESS), origin=Origin.IMPORT)
    assert kinds() == {}


def test_where_several_reasons_fit_the_decision_comes_first() -> None:
    apart = long_ago(make_divergent())
    assert kinds() == {apart.pk: AgendaKind.DIVERGENCE}


def test_only_what_the_person_may_see_is_found() -> None:
    hidden = make_divergent(restricted=True)
    assert kinds() == {}
    assert kinds(holder(hidden.it_owner)) == {hidden.pk: AgendaKind.DIVERGENCE}


def test_a_teams_board_narrows_to_what_the_team_serves() -> None:
    crm = make_team(Side.IT)
    own = make_divergent(serving_team=crm)
    make_divergent()
    assert kinds(scope=Scope(board=get_board(crm.slug))) == {own.pk: AgendaKind.DIVERGENCE}


def test_a_board_of_several_teams_narrows_to_what_it_shows() -> None:
    goal, lead = make_goal(), make_person(lead_of=make_team(Side.IT))
    own = make_divergent(goal=goal)
    make_divergent()
    board = make_board({"name": "Portfolio", "goal": goal}, by=lead)
    assert kinds(scope=Scope(board=get_board(board.slug))) == {own.pk: AgendaKind.DIVERGENCE}


def test_a_goal_narrows_to_what_serves_it() -> None:
    goal = make_goal()
    own = make_divergent(goal=goal)
    make_divergent()
    assert kinds(scope=Scope(goal=goal)) == {own.pk: AgendaKind.DIVERGENCE}


def test_scopes_are_told_apart_by_their_keys() -> None:
    goal, board = make_goal(), get_board(make_team(Side.IT).slug)
    assert Scope().key == ""
    assert Scope(goal=goal).key == f"goal:{goal.pk}"
    assert Scope(board=board).key == f"board:{board.pk}"
    assert (Scope(goal=goal).title, Scope(board=board).title) == (goal.title, board.title)


def test_the_first_ones_of_the_order_are_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _row in range(3):
        make_minor()
    first = make_divergent()
    person = make_person(make_team())
    with django_assert_num_queries(3):
        (found,) = waiting_for_both(person, EVERYTHING, 1)
    assert found.number == first.pk
