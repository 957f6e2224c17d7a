"""What was agreed before work and what came of it, in words."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from requests_app.choices import Status
from requests_app.intake.edit import edit
from teams.models import Person
from tests.factories import make_request
from tests.requests_app.timeline.telling import record, sentence, told

pytestmark = pytest.mark.django_db


def test_the_checklist_is_told_with_its_texts(mira: Person, tom: Person) -> None:
    row, item = make_request(), {"item": 1, "text": "Ask the lawyers"}
    given = {"item_changes": {"person": {"from": None, "to": mira.pk}}}
    taken = {"item_changes": {"person": {"from": mira.pk, "to": None}}}
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("added", {}, "put “Ask the lawyers” on the checklist"),
        ("changed", given, "gave “Ask the lawyers” on the checklist to Mira Brandt"),
        ("changed", taken, "gave “Ask the lawyers” on the checklist to nobody"),
        ("changed", {"item_changes": {"text": {}}}, "changed “Ask the lawyers” on the checklist"),
        ("done", {}, "ticked “Ask the lawyers” off"),
        ("reopened", {}, "took the tick from “Ask the lawyers”"),
        ("removed", {}, "took “Ask the lawyers” off the checklist"),
    ]
    for word, data, words in cases:
        record(f"request.item_{word}", row, tom, **item, **data)
        assert sentence(row) == f"Tom Reiter {words}"


def test_a_proposed_result_shows_both_values_and_why(mira: Person) -> None:
    row = make_request(Status.READY, marketing_owner=mira)
    edit(row.pk, {"target": Decimal("1250.5")}, by=mira, reason="The market moved.")
    entry = told(row)
    assert entry.did == "proposed to change the agreed result"
    assert [(change.before, change.after) for change in entry.changes] == [("3", "1,250.5")]
    assert entry.reason == "The market moved."
    with translation.override("de"):
        assert told(row).changes[0].after == "1.250,5"


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (True, "took the proposed change of the result back"),
        (False, "turned the proposed change of the result down"),
    ],
)
def test_turning_a_proposal_down_or_taking_it_back(mira: Person, own: bool, words: str) -> None:
    row = make_request()
    record("request.result_rejected", row, mira, own=own)
    assert sentence(row) == f"Mira Brandt {words}"


def test_a_stall_is_told_by_the_portal_itself() -> None:
    row = make_request()
    record("request.stalled", row, since="2026-11-13T08:00:00+00:00", turn="it")
    assert sentence(row) == "Tandem noticed that nothing has moved since 13 Nov 2026"


def test_an_outcome_is_told_with_value_verdict_and_what_was_learnt(mira: Person) -> None:
    row = make_request()
    record("request.outcome_recorded", row, mira, measured="2.5", verdict="partly", learnt="Ask earlier.")
    entry = told(row)
    assert entry.did == "recorded what was achieved: 2.5 – Partly reached"
    assert entry.reason == "Ask earlier."


def test_an_outcome_of_a_later_version_is_told_as_far_as_it_is_known(mira: Person) -> None:
    row = make_request()
    record("request.outcome_recorded", row, mira, verdict="brilliant")
    assert told(row).did.startswith("recorded what was achieved")
