"""What can be decided about each kind of item, and when there is nothing left to decide."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from activity import clock
from requests_app.choices import AgendaKind, Status
from requests_app.models import Request, RoundItem
from requests_app.outcomes.record import record_outcome
from requests_app.rounds.shown import STEPS, Shown, show
from requests_app.scoring.agreement import propose
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.factories import holder, make_person, make_request
from tests.requests_app.rounds.meetings import make_acceptable, make_divergent, make_minor
from tests.requests_app.scenes import in_days

pytestmark = pytest.mark.django_db


def seen(request: Request, kind: str, person: Person, since: datetime | None = None) -> Shown:
    return show(RoundItem(request=request, kind=kind), since or clock.now(), person)


def offered(shown: Shown) -> list[str]:
    return [decision.url.split("/")[-2] for decision in shown.decisions]


def test_every_kind_knows_its_decisions() -> None:
    assert set(STEPS) == set(AgendaKind.values)


def test_what_is_ready_can_be_accepted_parked_or_declined_by_who_may() -> None:
    ready = make_acceptable()
    shown = seen(ready, AgendaKind.ACCEPTANCE, holder(ready.it_owner))
    assert offered(shown) == ["accept", "park", "decline"]
    assert all(decision.is_open for decision in shown.decisions)


def test_everybody_else_sees_them_and_why_they_are_not_theirs() -> None:
    shown = seen(make_acceptable(), AgendaKind.ACCEPTANCE, make_person())
    assert not any(decision.is_open for decision in shown.decisions)
    assert all(len(decision.why_not) == 1 for decision in shown.decisions)


def test_below_the_gate_parking_comes_first() -> None:
    minor = make_minor()
    shown = seen(minor, AgendaKind.NICE_TO_HAVE, holder(minor.it_owner))
    assert offered(shown) == ["park", "accept", "decline"]
    assert [decision.is_open for decision in shown.decisions] == [True, False, True]


def test_once_accepted_nothing_is_left_to_decide() -> None:
    ready = make_acceptable()
    perform("accept", ready.pk, by=holder(ready.it_owner))
    shown = seen(ready, AgendaKind.ACCEPTANCE, holder(ready.it_owner))
    assert shown.is_over
    assert shown.decisions == []


def test_a_divergence_is_over_when_both_agree_on_it() -> None:
    apart = make_divergent()
    it, marketing = holder(apart.it_owner), holder(apart.marketing_owner)
    assert not seen(apart, AgendaKind.DIVERGENCE, it).is_over
    propose(apart.pk, "reach", 3, "We counted.", by=it)
    assert not seen(apart, AgendaKind.DIVERGENCE, it).is_over
    propose(apart.pk, "reach", 3, by=marketing)
    assert seen(apart, AgendaKind.DIVERGENCE, it).is_over


def test_what_was_parked_can_be_taken_up_again() -> None:
    parked = make_request(Status.PARKED, revisit_on=in_days(0))
    marketing = holder(parked.marketing_owner)
    assert offered(seen(parked, AgendaKind.REVISIT, marketing)) == ["reconsider"]
    perform("reconsider", parked.pk, by=marketing, inputs=Inputs(reason="Now it matters."))
    assert seen(parked, AgendaKind.REVISIT, marketing).is_over


def test_what_stands_still_is_moved_by_its_next_step() -> None:
    still = make_request(Status.IN_REVIEW, progress_at=clock.now() - timedelta(days=9))
    marketing, since = holder(still.marketing_owner), clock.now()
    assert offered(seen(still, AgendaKind.STALLED, marketing, since)) == ["deliver", "block"]
    perform("send_back", still.pk, by=marketing, inputs=Inputs(reason="The mail is empty."))
    assert seen(still, AgendaKind.STALLED, marketing, since).is_over


def test_an_outcome_is_recorded_or_measured_later_by_marketing() -> None:
    done = make_request(Status.DONE, measured_on=in_days(-1))
    marketing = holder(done.marketing_owner)
    shown = seen(done, AgendaKind.OUTCOME, marketing)
    assert [decision.url for decision in shown.decisions] == [
        f"/requests/{done.pk}/outcome/",
        f"/requests/{done.pk}/outcome/postponement/",
    ]
    for_it = seen(done, AgendaKind.OUTCOME, holder(done.it_owner))
    assert [decision.is_open for decision in for_it.decisions] == [False, False]
    assert all(decision.why_not for decision in for_it.decisions)
    record_outcome(done.pk, Decimal(2), by=marketing)
    assert seen(done, AgendaKind.OUTCOME, marketing).is_over


def test_nobody_is_shown_what_they_may_not_see() -> None:
    with pytest.raises(Http404):
        seen(make_divergent(restricted=True), AgendaKind.DIVERGENCE, make_person())


def test_it_takes_at_most_five_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for request, kind in (
        (make_divergent(), AgendaKind.DIVERGENCE),
        (make_request(Status.READY), AgendaKind.STALLED),
        (make_request(Status.DONE, measured_on=in_days(-1)), AgendaKind.OUTCOME),
    ):
        with django_assert_max_num_queries(5):
            seen(request, kind, holder(request.it_owner))
