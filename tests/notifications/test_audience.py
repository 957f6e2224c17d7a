"""Who is told, as a table of kinds and people; pure."""

from dataclasses import replace

import pytest

from notifications.audience import (
    DECISIONS,
    DELIVERED,
    FOR_MARKETING,
    FOR_TANDEM,
    OUTCOME,
    TOLD_OF,
    UNDOABLE,
    Circle,
    Happening,
    told,
    why_told,
)
from requests_app.workflow.actions import ACTIONS

REQUESTER, MARKETER, ENGINEER, WATCHER, SUPPORTER, IT_LEAD, MARKETING_LEAD, OTHER_IT_LEAD = range(1, 9)
CIRCLE = Circle(
    requester=REQUESTER,
    owners={MARKETER, ENGINEER},
    seats={"marketing": MARKETER, "it": ENGINEER},
    watchers={WATCHER},
    supporters={SUPPORTER},
    has_serving_team=True,
    leads={"it": {IT_LEAD}, "marketing": {MARKETING_LEAD}},
    it_leads={IT_LEAD, OTHER_IT_LEAD},
)
STRANGER = 9
AROUND = {REQUESTER, MARKETER, ENGINEER, WATCHER}
USUAL = sorted(
    (UNDOABLE - DECISIONS - {DELIVERED})
    | {"request.commented", "request.asked", "request.answered"}
    | OUTCOME
)


@pytest.mark.parametrize("kind", USUAL)
def test_steps_and_comments_are_told_to_requester_owners_and_watchers(kind: str) -> None:
    assert told(Happening(kind, None), CIRCLE) == AROUND


@pytest.mark.parametrize("kind", sorted(DECISIONS | {DELIVERED}))
def test_decisions_and_delivery_are_told_to_supporters_too(kind: str) -> None:
    assert told(Happening(kind, None), CIRCLE) == AROUND | {SUPPORTER}


@pytest.mark.parametrize("kind", sorted(TOLD_OF))
def test_whoever_did_it_is_never_told(kind: str) -> None:
    for actor in range(1, 9):
        assert actor not in told(Happening(kind, actor), CIRCLE)


@pytest.mark.parametrize(
    ("side", "leads"),
    [("it", {IT_LEAD}), ("marketing", {MARKETING_LEAD})],
)
def test_a_question_to_an_empty_seat_is_told_to_the_leads_of_that_side(side: str, leads: set[int]) -> None:
    question = Happening("request.asked", None, question_to=side)
    assert told(question, CIRCLE) == AROUND
    assert told(question, replace(CIRCLE, empty_seats={side})) == AROUND | leads
    other = {"it", "marketing"} - {side}
    assert told(question, replace(CIRCLE, empty_seats=other)) == AROUND


@pytest.mark.parametrize("kind", ["request.commented", "request.asked", "request.answered"])
def test_whoever_is_mentioned_is_told_whatever_they_are_to_the_request(kind: str) -> None:
    assert told(Happening(kind, None, mentioned={STRANGER}), CIRCLE) == AROUND | {STRANGER}
    assert STRANGER not in told(Happening(kind, STRANGER, mentioned={STRANGER}), CIRCLE)


def test_a_changed_comment_is_told_only_to_whom_it_names_anew() -> None:
    assert told(Happening("request.comment_edited", None), CIRCLE) == set()
    named = Happening("request.comment_edited", None, mentioned={STRANGER})
    assert told(named, CIRCLE) == {STRANGER}


def test_an_answer_is_told_to_whoever_asked() -> None:
    assert told(Happening("request.answered", None, asked_by=STRANGER), CIRCLE) == AROUND | {STRANGER}


@pytest.mark.parametrize(
    ("person", "happening", "why"),
    [
        (REQUESTER, Happening("request.commented", None), "requester"),
        (MARKETER, Happening("request.commented", None), "owner"),
        (WATCHER, Happening("request.commented", None), "watching"),
        (WATCHER, Happening("request.commented", None, mentioned={WATCHER}), "mentioned"),
        (SUPPORTER, Happening("request.parked", None), "supporting"),
        (STRANGER, Happening("request.answered", None, asked_by=STRANGER), "asked"),
        (IT_LEAD, Happening("request.submitted", None), "leading"),
        (ENGINEER, Happening("request.escalated", None, cause="deadline"), "owner"),
    ],
)
def test_the_nearest_reason_is_said(person: int, happening: Happening, why: str) -> None:
    assert person in told(happening, CIRCLE) | {STRANGER}
    assert why_told(person, happening, CIRCLE) == why


def test_a_lead_who_also_supports_is_told_as_a_lead_what_is_for_leads() -> None:
    both = replace(CIRCLE, supporters={IT_LEAD}, team_watchers={IT_LEAD, STRANGER})
    new = Happening("request.submitted", None)
    assert told(new, both) == {IT_LEAD, STRANGER}
    assert (why_told(IT_LEAD, new, both), why_told(STRANGER, new, both)) == ("leading", "team")


@pytest.mark.parametrize(
    ("happening", "people"),
    [
        (Happening("request.stalled", None, turn="it"), {ENGINEER}),
        (Happening("request.stalled", None, turn="marketing"), {MARKETER}),
        (Happening("request.stalled", None, turn="nobody"), {MARKETER, ENGINEER}),
        (Happening("request.escalated", None, cause="stalled long"), {IT_LEAD, MARKETING_LEAD}),
        (Happening("request.escalated", None, cause="deadline"), {MARKETER, ENGINEER}),
        (Happening("request.escalated", None, cause="question", question_to="marketing"), {MARKETER}),
        (Happening("request.escalated", None, cause="first response"), {IT_LEAD}),
    ],
)
def test_what_the_portal_says_is_told_to_whose_turn_it_is(happening: Happening, people: set[int]) -> None:
    assert told(happening, CIRCLE) == people


def test_a_new_request_is_told_to_the_leads_of_the_serving_team() -> None:
    assert told(Happening("request.submitted", REQUESTER), CIRCLE) == {IT_LEAD}


def test_a_new_request_without_serving_team_is_told_to_all_it_leads() -> None:
    circle = Circle(requester=REQUESTER, leads={"it": set()}, it_leads=CIRCLE.it_leads)
    assert told(Happening("request.submitted", REQUESTER), circle) == {IT_LEAD, OTHER_IT_LEAD}


def test_a_serving_team_without_leads_does_not_wake_every_other_lead() -> None:
    circle = Circle(has_serving_team=True, leads={"it": set()}, it_leads=CIRCLE.it_leads)
    assert told(Happening("request.submitted", None), circle) == set()


@pytest.mark.parametrize(("seat", "lead"), [("it_owner", IT_LEAD), ("marketing_owner", MARKETING_LEAD)])
def test_an_empty_seat_is_told_to_the_lead_of_its_team(seat: str, lead: int) -> None:
    assert told(Happening("request.seat_emptied", None, seat), CIRCLE) == {lead}


def test_a_merge_is_told_to_those_whom_it_moved_away() -> None:
    assert 77 in told(Happening("request.merged", None, moved=frozenset({77})), CIRCLE)


@pytest.mark.parametrize(
    "kind", ["request.moved", "request.edited", "request.supported", "request.undone", "team.edited"]
)
def test_nobody_is_told_of_the_rest(kind: str) -> None:
    assert told(Happening(kind, None), CIRCLE) == set()


def test_one_person_in_two_parts_is_told_once() -> None:
    circle = Circle(requester=1, owners={1}, watchers={1}, supporters={1})
    assert told(Happening("request.accepted", None), circle) == {1}


def test_every_step_of_the_table_is_told_and_every_undoable_one_waits() -> None:
    steps = {action.event for action in ACTIONS.values()} - {"request.undone"}
    assert steps <= TOLD_OF
    assert steps - {"request.submitted"} <= UNDOABLE


EMPTY = replace(CIRCLE, owners=set(), seats={"marketing": None, "it": None})


@pytest.mark.parametrize("kind", sorted(FOR_TANDEM))
def test_what_both_answer_for_is_told_to_the_owners_or_the_leads_of_empty_seats(kind: str) -> None:
    assert told(Happening(kind, None), CIRCLE) == {MARKETER, ENGINEER}
    assert told(Happening(kind, MARKETER), CIRCLE) == {ENGINEER}
    assert told(Happening(kind, None), EMPTY) == {MARKETING_LEAD, IT_LEAD}


@pytest.mark.parametrize("kind", sorted(FOR_MARKETING))
def test_the_outcome_is_asked_of_marketings_seat(kind: str) -> None:
    assert told(Happening(kind, None), CIRCLE) == {MARKETER}
    assert told(Happening(kind, None), EMPTY) == {MARKETING_LEAD}
