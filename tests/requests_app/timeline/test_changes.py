"""What an edit changed, in words."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from requests_app.choices import RequestType
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.timeline.changes import OBJECTS, UNTOLD_FIELDS
from teams.models import Person
from tests.factories import (
    make_goal,
    make_request,
    make_touchpoint,
)
from tests.requests_app.timeline.telling import record, told

pytestmark = pytest.mark.django_db


def test_an_edit_shows_each_field_before_and_after(mira: Person) -> None:
    old, new = make_goal(title="More consent"), make_goal(title="Fewer complaints")
    email = make_touchpoint(name_en="E-mail")
    row = make_request(requester=mira, goal=old, title="Old title", deadline=None)
    fields: Any = {
        "title": "New title",
        "goal": new,
        "touchpoints": [email],
        "type": RequestType.INTEGRATION,
        "deadline": date(2027, 2, 1),
        "deadline_reason": "Spring.",
    }
    edit(row.number, fields, by=mira)
    changes = {change.label: (change.before, change.after) for change in told(row).changes}
    assert changes["title"] == ("Old title", "New title")
    assert changes["goal"] == ("More consent", "Fewer complaints")
    assert changes["touchpoints"] == ("–", "E-mail")
    assert changes["type"] == ("Automation", "Integration")
    assert changes["deadline"] == ("–", "1 February 2027")


def test_a_long_text_is_shortened(mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes={"outcome": {"from": "", "to": "word " * 500}})
    assert len(told(row).changes[0].after) <= 300


def test_restricting_is_told_once_and_in_words(mira: Person) -> None:
    row = make_request(requester=mira)
    edit(row.number, {"restricted": True}, by=mira)
    entry = told(row)
    assert entry.did == "made the request visible only to those involved"
    assert entry.changes == []


def changed(**fields: tuple[Any, Any]) -> dict[str, Any]:
    return {name: {"from": before, "to": after} for name, (before, after) in fields.items()}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"deadline": ("2027-03-01", "2027-04-15")},
            "moved the deadline from 1 March 2027 to 15 April 2027",
        ),
        ({"deadline": (None, "2027-04-15")}, "set the deadline to 15 April 2027"),
        ({"deadline": ("2027-03-01", None)}, "removed the deadline, 1 March 2027"),
        ({"title": ("Old", "New")}, "changed the title from “Old” to “New”"),
        ({"metric": ("", "Sign-ups")}, "set the metric to “Sign-ups”"),
        ({"wished_tool": ("Hubby", "")}, "removed the wished tool"),
        ({"wished_tool": ("", "Hubby")}, "added the wished tool"),
        ({"outcome": ("More", "Fewer")}, "changed the outcome for the customer"),
        ({"target": ("1000.5", "2000")}, "changed the target from “1,000.5” to “2,000”"),
        ({"one_off_cost": (None, "9500.00")}, "set the expected one-off cost to “9,500\u00a0€”"),
        (
            {"yearly_cost": ("900", "1200.5")},
            "changed the expected yearly cost from “900\u00a0€” to “1,200.50\u00a0€”",
        ),
        ({"yearly_cost": (None, "much")}, "set the expected yearly cost to “much”"),
        ({"labels": (["a", "b"], [])}, "removed the labels “a, b”"),
        ({"type": ("automation", "integration")}, "changed the type from “Automation” to “Integration”"),
        (
            {"title": ("Old", "New"), "unit": ("", "%")},
            "changed the title from “Old” to “New”; set the unit to “%”",
        ),
        (
            {"title": ("a", "b"), "unit": ("a", "b"), "metric": ("a", "b"), "deadline": (None, "2027-04-15")},
            "changed the title, the metric, the unit and the deadline",
        ),
        ({}, "changed the request"),
        # Of a field that is gone, and of values that no version of the portal wrote.
        ({"mood": ("low", "high")}, "changed “mood” from “low” to “high”"),
        ({"deadline": ("soon", 7)}, "moved the deadline from soon to 7"),
        ({"target": ("many", "NaN")}, "changed the target from “many” to “NaN”"),
        ({"goal": (0, None)}, "removed the goal “0”"),
    ],
)
def test_an_edit_is_told_in_the_words_of_a_person(fields: dict[str, Any], words: str) -> None:
    row = make_request()
    record("request.edited", row, changes=changed(**fields))
    assert told(row).did == words


def test_every_field_that_can_be_edited_has_words(mira: Person) -> None:
    for name in RequestFields.__annotations__:
        assert name in OBJECTS or name in UNTOLD_FIELDS, name


def test_the_deadline_s_own_reason_is_the_reason(mira: Person) -> None:
    row = make_request()
    fields = changed(deadline=(None, "2027-04-15"), deadline_reason=("", "The fair opens."))
    record("request.edited", row, mira, changes=fields)
    assert told(row).reason == "The fair opens."
    record("request.edited", row, mira, changes=fields, reason="The fair was moved.")
    assert told(row).reason == "The fair was moved."
    record("request.edited", row, mira, changes=changed(deadline_reason=("", "The fair opens.")))
    assert told(row).reason == ""


def test_only_what_the_sentence_does_not_say_is_shown_below_it(mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes=changed(title=("a", "b")))
    assert not told(row).shows_changes
    record("request.edited", row, mira, changes=changed(title=("a", "b"), outcome=("one", "two")))
    assert told(row).shows_changes
    assert [(change.in_words, bool(change.parts)) for change in told(row).changes] == [
        (True, False),
        (False, True),
    ]


def test_a_long_text_is_told_by_its_difference(mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes=changed(customer_need=("They wait.", "They wait long.")))
    parts = told(row).changes[0].parts
    assert [(part.kind, part.text) for part in parts] == [
        ("same", "They"),
        ("removed", " wait."),
        ("added", " wait long."),
    ]


def test_a_change_is_told_in_german(mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes=changed(deadline=("2027-03-01", "2027-04-15")))
    with translation.override("de"):
        assert told(row).did == "hat den Termin vom 1. März 2027 auf den 15. April 2027 verschoben"


@pytest.mark.parametrize("changes", [None, [], "title", 7])
def test_what_is_no_change_is_told_without_one(changes: Any, mira: Person) -> None:
    row = make_request()
    record("request.edited", row, mira, changes=changes)
    assert (told(row).did, told(row).changes) == ("changed the request", [])
