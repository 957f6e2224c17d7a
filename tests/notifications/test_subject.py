"""The subject of a digest says its news."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from notifications.digest.sheet import DECIDED, DELIVERED, PARKED, YOUR_TURN, Row, Section
from notifications.digest.subject import TITLE_SHOWN, news
from notifications.digest.weeks import Week

WEEK = Week(2026, 46)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def section(slug: str, *titles: str, more: int = 0) -> Section:
    return Section(slug, slug, [Row("T-1", title, "/", "") for title in titles], more)


@pytest.mark.parametrize(
    ("sections", "subject"),
    [
        ([], "Your week 46: nothing waits for you"),
        ([section("stalled", "A")], "Your week 46: nothing waits for you"),
        ([section(YOUR_TURN, "Chatbot")], "Your week 46: “Chatbot” waits for you"),
        ([section(YOUR_TURN, "A", "B", more=3)], "Your week 46: 5 requests wait for you"),
        ([section(DECIDED, "Chatbot")], "Your week 46: “Chatbot” is decided"),
        ([section(DECIDED, "A"), section(PARKED, "B")], "Your week 46: 2 decisions"),
        ([section(PARKED, "Chatbot")], "Your week 46: “Chatbot” is decided"),
        ([section(DELIVERED, "QR")], "Your week 46: “QR”: delivered or measured"),
        (
            [section(YOUR_TURN, "A"), section(DECIDED, "B", "C"), section(DELIVERED, "D")],
            "Your week 46: “A” waits for you, 2 decisions",
        ),
    ],
)
def test_the_two_most_important_things_are_named(sections: list[Section], subject: str) -> None:
    assert news(WEEK, sections) == subject


def test_a_week_of_a_team_or_company_carries_its_name() -> None:
    assert news(WEEK, [], "CRM") == "CRM, week 46: nothing was decided or delivered"
    assert news(WEEK, [section(DECIDED, "A", "B")], "CRM") == "CRM, week 46: 2 decisions"


def test_a_long_title_is_cut_and_a_line_break_in_it_is_none() -> None:
    subject = news(WEEK, [section(YOUR_TURN, "a\nBcc: b@example.org " + "x" * 99)])
    assert "\n" not in subject
    assert len(subject) < TITLE_SHOWN + 50
