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
    marketing_scored=True,
    it_scored=True,
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
    asked=st.sampled_from(["", "marketing", "it"]),
    marketing_scored=st.booleans(),
    it_scored=st.booleans(),
    has_open_divergence=st.booleans(),
    it_proposes=st.booleans(),
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
    given_facts = replace(some, status=Status.SUBMITTED, waiting_for="", asked="")
    waits = given_facts.has_serving_team and not given_facts.has_marketing_owner
    assert whose_turn(given_facts) == (Turn.MARKETING if waits else Turn.IT)


@given(facts)
def test_shaping_waits_for_marketing_only_while_only_its_part_is_missing(some: TurnFacts) -> None:
    facts = replace(some, status=Status.SHAPING, waiting_for="", asked="", it_proposes=False)
    marketing_done = (
        facts.has_marketing_owner and facts.has_goal and facts.has_result and facts.marketing_scored
    )
    it_done = facts.has_it_owner and facts.it_scored and not facts.has_open_divergence
    waits = it_done and not marketing_done
    given_facts = facts
    assert whose_turn(given_facts) == (Turn.MARKETING if waits else Turn.IT)


@pytest.mark.parametrize("part", ["has_marketing_owner", "has_goal", "has_result", "marketing_scored"])
def test_each_of_marketings_parts_alone_makes_it_marketings_turn(part: str) -> None:
    assert whose_turn(COMPLETE) == Turn.IT
    without: dict[str, Any] = {part: False}
    assert whose_turn(replace(COMPLETE, **without)) == Turn.MARKETING


@given(facts)
def test_work_is_its_turn_and_review_is_marketings(given_facts: TurnFacts) -> None:
    unblocked = replace(given_facts, waiting_for="", asked="")
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


@given(facts, st.sampled_from(OPEN), st.sampled_from(["marketing", "it"]))
def test_the_oldest_open_question_comes_next(some: TurnFacts, status: str, side: str) -> None:
    assert whose_turn(replace(some, status=status, waiting_for="", asked=side)) == side


@given(facts)
def test_marketing_has_to_answer_its_proposal(some: TurnFacts) -> None:
    asked = replace(some, status=Status.SHAPING, waiting_for="", asked="", it_proposes=True)
    assert whose_turn(asked) == Turn.MARKETING


def test_facts_of_what_is_not_kept_yet_are_read_from_it_alone() -> None:
    request = Request(
        status=Status.SHAPING, goal_id=1, marketing_owner_id=2, it_owner_id=3, serving_team_id=4
    )
    assert facts_of(request) == replace(COMPLETE, has_result=False, marketing_scored=False, it_scored=False)


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
