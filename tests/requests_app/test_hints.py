"""Hints: what they notice in both languages, and what they leave alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from portal.demo.stories import read_stories
from requests_app.intake.fields import RequestFields
from requests_app.intake.hints import hints

DAY = date(2027, 2, 1)


def codes(**fields: object) -> list[str]:
    return [hint.code for hint in hints(RequestFields(**fields))]  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    "need",
    [
        "Wir brauchen ein neues Dashboard.",
        "Wir hätten gern ein Kampagnentool mit Schnittstelle zum CRM.",
        "Bitte eine Lizenz für die neue Plattform.",
        "Wir möchten HubSpot.",
        "We need a chatbot.",
        "Please buy licences for the new software.",
        "We want SAP as soon as possible.",
    ],
)
def test_a_need_that_only_names_a_tool(need: str) -> None:
    assert codes(customer_need=need) == ["only_a_tool"]


@pytest.mark.parametrize(
    "need",
    [
        "",
        "Kundinnen finden im Dashboard ihre Rechnungen nicht.",
        "Viele verlieren in der App den Warenkorb.",
        "Readers leave because the system sends everything or nothing.",
        "It takes three days until a call is returned.",
        "Im Funkloch hilft keine Karte, und niemand weiß den Weg.",
        # Words that only look like one of a tool.
        "Es ging gut aus, aber knapp.",
    ],
)
def test_a_need_of_somebody_is_left_alone(need: str) -> None:
    assert codes(customer_need=need) == []


@pytest.mark.parametrize("outcome", ["Alles geht leichter.", "Everything gets easier."])
def test_an_outcome_without_a_number(outcome: str) -> None:
    assert codes(outcome=outcome) == ["no_number"]


@pytest.mark.parametrize(
    "outcome",
    ["", "Es dauert 2 Minuten.", "Zwei Klicks genügen.", "Halb so viele Anrufe.", "Twice as many come back."],
)
def test_an_outcome_with_a_number_in_digits_or_words(outcome: str) -> None:
    assert codes(outcome=outcome) == []


@pytest.mark.parametrize(
    "reason", ["So schnell wie möglich.", "Das ist wichtig.", "As soon as possible.", "The board wants it."]
)
def test_a_deadline_whose_reason_names_no_consequence(reason: str) -> None:
    assert codes(deadline=DAY, deadline_reason=reason) == ["no_consequence"]


@pytest.mark.parametrize(
    "reason",
    [
        "Sonst verlieren wir die Adressen.",
        "Die Messe ist gebucht.",
        "Ab dann gilt das neue Gesetz.",
        "Otherwise we pay a penalty.",
        "The contract with the agency ends then.",
    ],
)
def test_a_reason_with_a_consequence_is_left_alone(reason: str) -> None:
    assert codes(deadline=DAY, deadline_reason=reason) == []


def test_without_a_deadline_its_reason_does_not_matter() -> None:
    assert codes(deadline=None, deadline_reason="As soon as possible.") == []


def test_a_target_that_is_the_value_of_today() -> None:
    assert codes(baseline=Decimal("1.8"), target=Decimal("1.80")) == ["nothing_changes"]


@pytest.mark.parametrize(("baseline", "target"), [(None, None), (Decimal(1), None), (Decimal(3), Decimal(1))])
def test_a_target_that_moves_or_is_not_known_is_left_alone(
    baseline: Decimal | None, target: Decimal | None
) -> None:
    assert codes(baseline=baseline, target=target) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_hint_names_its_field_and_says_what_a_good_answer_looks_like(language: str) -> None:
    fields = RequestFields(
        customer_need="We need a tool.",
        outcome="Better.",
        baseline=Decimal(1),
        target=Decimal(1),
        deadline=DAY,
        deadline_reason="Soon.",
    )
    with translation.override(language):
        found = hints(fields)
    assert [hint.field for hint in found] == ["customer_need", "outcome", "target", "deadline_reason"]
    # An example stands in quotation marks of its language.
    assert all(hint.noticed and ("“" in hint.good) for hint in found)


def test_good_needs_of_the_demo_get_no_hint_about_a_tool() -> None:
    wrong = [story.need for story in read_stories() if codes(customer_need=story.need)]
    assert len(wrong) <= 2, wrong
