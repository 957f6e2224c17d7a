"""Whose turn it is, as the product says it, sentence by sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.choices import OPEN, Status, Turn, WaitingFor
from requests_app.models import Request
from requests_app.workflow.turn import TurnFacts, facts_of, has_result, refresh_turn, whose_turn

COMPLETE = TurnFacts(
    status=Status.SHAPING,
    has_serving_team=True,
    has_marketing_owner=True,
    has_it_owner=True,
    has_goal=True,
    has_result=True,
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

facts = st.builds(
    TurnFacts,
    status=st.sampled_from(Status.values),
    waiting_for=st.sampled_from(["", *WaitingFor.values]),
    has_serving_team=st.booleans(),
    has_marketing_owner=st.booleans(),
    has_it_owner=st.booleans(),
    has_goal=st.booleans(),
    has_result=st.booleans(),
)


@given(facts)
def test_what_is_not_open_is_nobodys_turn(given_facts: TurnFacts) -> None:
    turn = whose_turn(given_facts)
    assert (turn == Turn.NOBODY) == (
        given_facts.status not in OPEN or given_facts.waiting_for == WaitingFor.OUTSIDE
    )


@given(facts, st.sampled_from(OPEN), st.sampled_from(["marketing", "it"]))
def test_a_blocked_request_is_the_turn_of_the_side_named(some: TurnFacts, status: str, side: str) -> None:
    assert whose_turn(replace(some, status=status, waiting_for=side)) == side


@given(facts)
def test_a_submitted_request_waits_for_marketing_only_as_the_rule_says(some: TurnFacts) -> None:
    given_facts = replace(some, status=Status.SUBMITTED, waiting_for="")
    waits = given_facts.has_serving_team and not given_facts.has_marketing_owner
    assert whose_turn(given_facts) == (Turn.MARKETING if waits else Turn.IT)


@given(facts)
def test_shaping_waits_for_marketing_only_while_only_its_part_is_missing(some: TurnFacts) -> None:
    given_facts = replace(some, status=Status.SHAPING, waiting_for="")
    marketing_done = given_facts.has_marketing_owner and given_facts.has_goal and given_facts.has_result
    waits = given_facts.has_it_owner and not marketing_done
    assert whose_turn(given_facts) == (Turn.MARKETING if waits else Turn.IT)


@pytest.mark.parametrize("part", ["has_marketing_owner", "has_goal", "has_result"])
def test_each_of_marketings_parts_alone_makes_it_marketings_turn(part: str) -> None:
    assert whose_turn(COMPLETE) == Turn.IT
    without: dict[str, Any] = {part: False}
    assert whose_turn(replace(COMPLETE, **without)) == Turn.MARKETING


@given(facts)
def test_work_is_its_turn_and_review_is_marketings(given_facts: TurnFacts) -> None:
    unblocked = replace(given_facts, waiting_for="")
    assert whose_turn(replace(unblocked, status=Status.READY)) == Turn.IT
    assert whose_turn(replace(unblocked, status=Status.IN_PROGRESS)) == Turn.IT
    assert whose_turn(replace(unblocked, status=Status.IN_REVIEW)) == Turn.MARKETING


def test_a_result_is_complete_with_metric_baseline_target_and_date() -> None:
    request = Request(metric="conversion", baseline=0, target=3, measured_on=NOON.date())
    assert has_result(request)
    for name, empty in {"metric": "", "baseline": None, "target": None, "measured_on": None}.items():
        lacking = Request(metric="conversion", baseline=0, target=3, measured_on=NOON.date())
        setattr(lacking, name, empty)
        assert not has_result(lacking), name


def test_facts_are_read_from_the_request_alone() -> None:
    request = Request(
        status=Status.SHAPING, goal_id=1, marketing_owner_id=2, it_owner_id=3, serving_team_id=4
    )
    assert facts_of(request) == replace(COMPLETE, has_result=False)


def test_the_turns_date_moves_only_with_the_turn() -> None:
    request = Request(status=Status.READY)
    refresh_turn(request, NOON)
    assert (request.turn, request.turn_since) == (Turn.IT, NOON)
    request.status = Status.IN_PROGRESS
    refresh_turn(request, NOON + timedelta(hours=1))
    assert (request.turn, request.turn_since) == (Turn.IT, NOON)
    request.status = Status.IN_REVIEW
    refresh_turn(request, NOON + timedelta(hours=2))
    assert (request.turn, request.turn_since) == (Turn.MARKETING, NOON + timedelta(hours=2))
