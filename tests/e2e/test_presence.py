"""Two people on the same board or request see each other, and who is answering."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.axe import EVERYTHING, violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import german

BOARD = "/boards/crm-platform/"


def faces(page: Page) -> list[str]:
    return [one.get_attribute("aria-label") or "" for one in page.locator("#presence .face").all()]


def test_who_looks_at_the_same_board_is_seen_and_who_leaves_is_not(visit: Visit) -> None:
    one, other = visit("it.lead").page, visit("marketing").page
    one.goto(BOARD)
    expect(one.locator("#presence")).to_be_hidden()
    other.goto(BOARD)
    expect(other.locator("#presence li")).to_have_count(1)
    expect(one.locator("#presence li")).to_have_count(1)
    assert faces(one) != faces(other)
    assert violations(one, EVERYTHING) == []
    other.goto("/")
    expect(one.locator("#presence")).to_be_hidden()


def test_who_types_under_an_open_question_is_said_to_answer_it(visit: Visit) -> None:
    asks, answers = visit("it.lead").page, visit("marketing").page
    asks.goto("/requests/85/?ask=marketing#comment-form")
    asks.locator("#comment-form [name=body]").fill("Seit wann fällt das auf?")
    asks.locator("#comment-form").get_by_role("button", name=german("Send")).click()
    line = asks.locator("[data-answering]").last
    expect(line).to_be_empty()
    answers.goto("/requests/85/")
    answers.locator("details.reply summary").last.click()
    answers.locator("details.reply [name=body]").last.press_sequentially("Seit Ostern")
    expect(line).to_have_text(re.compile(r"\S+ antwortet gerade …$"))
    expect(answers.locator("[data-answering]").last).to_be_empty()
    answers.locator("details.reply [name=body]").last.fill("")
    expect(line).to_be_empty()
