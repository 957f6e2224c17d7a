"""What is offered on a request's page: the next step, its checklist, the others."""

import pytest
from django.utils import translation

from requests_app.choices import LIFE, Status, WaitingFor
from requests_app.models import Request
from requests_app.steps import (
    Steps,
    asked_by,
    is_nice_to_have,
    life_of,
    next_action,
    seats_to_take,
    step_of,
    steps_of,
)
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.perform import evaluate
from requests_app.workflow.verdicts import Asked, Verdict
from teams.models import Person, Side, Team
from teams.rules import Missing
from tests.factories import make_person, make_request, make_team


def verdict_on(
    action: str, *missing: Missing, asks: tuple[Asked, ...] = (), override: bool = False
) -> Verdict:
    return Verdict(action, action, not missing, list(missing), asks, override)


GOAL = Missing("goal_missing", "Name the goal.", "goal")
NOT_YOURS = Missing("not_yours", "This step is up to: the tandem.")
WRONG = Missing("wrong_status", "Not while parked.")


@pytest.fixture
def crm() -> Team:
    return make_team()


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(crm)


def steps(request: Request, person: Person) -> Steps:
    return steps_of(request, evaluate(request, person))


@pytest.mark.parametrize("status", [status for status in Status.values if status not in ("draft", "done")])
def test_every_status_but_the_last_has_a_next_step_from_the_table(status: str) -> None:
    action = ACTIONS[next_action(Request(status=status))]
    assert status in action.sources


def test_after_delivery_nothing_is_next() -> None:
    assert next_action(Request(status=Status.DONE)) == ""


def test_what_is_blocked_has_to_be_freed_first() -> None:
    blocked = Request(status=Status.READY, waiting_for=WaitingFor.IT, blocked_reason="A server.")
    assert next_action(blocked) == "unblock"


def test_the_checklist_tells_what_misses_and_what_holds() -> None:
    checks = step_of(verdict_on("accept", NOT_YOURS, GOAL)).checks
    assert [(str(check.words), check.met) for check in checks][:2] == [
        ("This step is up to: the tandem.", False),
        ("Name the goal.", False),
    ]
    assert [check.met for check in checks[2:]] == [True] * 6


def test_nothing_is_told_of_gate_and_divergences_before_both_have_scored() -> None:
    missing = Missing("score_missing", "First both score.", "scores")
    checks = step_of(verdict_on("accept", missing)).checks
    with translation.override("en"):
        told = [(str(check.words), check.met) for check in checks]
    assert told[-2:] == [
        ("The expected result is complete", True),
        ("First both score.", False),
    ]


@pytest.mark.parametrize(
    ("codes", "suggested"),
    [
        (["below_gate"], True),
        (["below_gate", "goal_missing"], True),
        (["below_gate", "divergence_open"], False),
        (["divergence_open"], False),
        ([], False),
    ],
)
def test_parking_is_suggested_where_the_gate_is_not_reached_and_all_is_said(
    codes: list[str], suggested: bool
) -> None:
    verdict = verdict_on("accept", *(Missing(code, code) for code in codes))
    assert is_nice_to_have(verdict) == suggested


def test_where_the_status_does_not_fit_nothing_else_is_told() -> None:
    checks = step_of(verdict_on("accept", WRONG)).checks
    assert [(check.words, check.met) for check in checks] == [("Not while parked.", False)]


@pytest.mark.parametrize(
    ("verdict", "at_once", "is_open"),
    [
        (verdict_on("shape"), True, True),
        (verdict_on("accept", asks=(Asked("override", False), Asked("reason", False))), True, True),
        (verdict_on("rethink", asks=(Asked("reason", True),)), False, True),
        (verdict_on("deliver", asks=(Asked("measured_on", False),)), False, True),
        (verdict_on("shape", NOT_YOURS), False, False),
        (verdict_on("accept", GOAL, override=True), False, True),
    ],
)
def test_what_asks_for_nothing_is_done_at_once(verdict: Verdict, at_once: bool, is_open: bool) -> None:
    step = step_of(verdict)
    assert (step.at_once, step.open) == (at_once, is_open)


@pytest.mark.django_db
def test_every_action_is_offered_in_exactly_one_place(tom: Person, crm: Team) -> None:
    row = make_request(Status.SHAPING, serving_team=crm, it_owner=tom)
    found = steps(row, tom)
    assert found.next is not None
    names = [found.next.verdict.action, *(step.verdict.action for step in found.open + found.closed)]
    labels = [str(label) for group in found.unfit for label in group.labels]
    assert len(names) + len(labels) == len(ACTIONS) - 2
    assert "park" in names
    assert "withdraw" in [step.verdict.action for step in found.closed]
    assert str(ACTIONS["deliver"].label) in labels


@pytest.mark.django_db
def test_one_reason_for_all_that_does_not_fit(tom: Person, crm: Team) -> None:
    found = steps(make_request(serving_team=crm), tom)
    assert len({group.words for group in found.unfit}) == len(found.unfit)


@pytest.mark.django_db
def test_a_seat_is_offered_to_whom_it_fits(tom: Person, crm: Team) -> None:
    campaigns = make_team(Side.MARKETING)
    mira = make_person(campaigns)
    row = make_request(requesting_team=campaigns, serving_team=crm, marketing_owner=None, it_owner=None)
    assert seats_to_take(row, evaluate(row, tom), tom) == ["it_owner"]
    assert seats_to_take(row, evaluate(row, mira), mira) == ["marketing_owner"]
    stranger = make_person()
    assert seats_to_take(row, evaluate(row, stranger), stranger) == []


@pytest.mark.django_db
def test_nobody_is_offered_both_seats(crm: Team) -> None:
    campaigns = make_team(Side.MARKETING)
    bridge = make_person(crm, campaigns)
    row = make_request(requesting_team=campaigns, serving_team=crm, marketing_owner=bridge, it_owner=None)
    assert seats_to_take(row, evaluate(row, bridge), bridge) == []


@pytest.mark.django_db
def test_one_asks_the_other_side_than_ones_seat_else_than_ones_own(crm: Team) -> None:
    campaigns = make_team(Side.MARKETING)
    tom, mira, bridge = make_person(crm), make_person(campaigns), make_person(crm, campaigns)
    row = make_request(serving_team=crm, marketing_owner=mira, it_owner=bridge)
    assert [asked_by(row, one) for one in (tom, mira, bridge)] == ["marketing", "it", "marketing"]
    assert asked_by(row, make_person()) == "it"


def test_its_life_shows_what_lies_behind() -> None:
    stages = life_of(Request(status=Status.READY))
    assert [stage.is_past for stage in stages] == [True, True, False, False, False, False]
    assert [stage.is_current for stage in stages].index(True) == 2


def test_what_was_put_aside_shows_how_far_it_had_come() -> None:
    stages = life_of(Request(status=Status.PARKED), came_from=Status.SHAPING)
    assert [stage.is_past for stage in stages] == [True, False, False, False, False, False]
    assert [stage.is_stopped for stage in stages] == [False, True, False, False, False, False]
    assert not any(stage.is_current for stage in stages)
    assert not any(stage.is_stopped for stage in life_of(Request(status=Status.SHAPING)))
    assert len(life_of(Request(status=Status.DECLINED))) == len(LIFE)


def test_what_is_delivered_has_come_all_the_way() -> None:
    assert all(stage.is_past for stage in life_of(Request(status=Status.DONE)))
