"""At 390 px by one thumb: board, request, intake, inbox, triage."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations_in_both_themes
from tests.e2e.conftest import Visit
from tests.e2e.visitor import comes, german

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PAGES = {
    "/boards/crm-platform/": "it.lead",
    "/triage/": "it.lead",
    "/requests/85/": "marketing",
    "/requests/new/?type=automation": "marketing",
    "/inbox/": "marketing",
}
# What is pressed; a check box is pressed by its label. Links within sentences are as high as their line.
PRESSED = """
.btn, .tool, summary, select, .fold, .dots, .segments button, .tabs a, .queue a, .rows .what > a, .cards > li,
input:not([type=hidden], [type=checkbox], [type=radio], [type=file]),
label:has(> input[type=checkbox]), nav.bottom > *
"""
TOO_SMALL = """(pressed) => [...document.querySelectorAll(pressed)].filter((one) => {
  const { width, height } = one.getBoundingClientRect();
  return width && height && !one.closest('.visually-hidden') && (height < 43.5 || width < 43.5);
}).map((one) => `${one.outerHTML.slice(0, 90)} ${one.offsetWidth}x${one.offsetHeight}`)"""


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_large_enough_for_a_thumb(visit: Visit, path: str) -> None:
    page = visit(PAGES[path], **PHONE).page
    page.goto(path)
    assert page.evaluate(TOO_SMALL, PRESSED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_phone(visit: Visit, path: str) -> None:
    page = visit(PAGES[path], reduced_motion="reduce", **PHONE).page
    page.goto(path)
    assert violations_in_both_themes(page) == []


def test_the_queue_is_as_long_as_it_is_and_its_steps_stand_in_one_line(visit: Visit) -> None:
    page = visit("it.lead", **PHONE).page
    page.goto("/triage/")
    queue = page.locator("#queue")
    assert queue.evaluate("(one) => one.scrollHeight - one.clientHeight") == 0
    below = "(one) => one.getBoundingClientRect().top"
    # What the page begins with is exchanged, and an element that has left stands at zero.
    assert page.locator(".first-response:not([hx-get])").evaluate(below) > queue.evaluate(
        "(one) => one.getBoundingClientRect().bottom"
    )
    page.locator("#queue [data-pick]").nth(1).tap()
    expect(page.locator(".decide")).to_be_in_viewport()
    assert page.locator(".decide").evaluate("(one) => one.offsetHeight") < 80


def test_requests_come_before_their_filters(visit: Visit) -> None:
    page = visit("it.lead", **PHONE).page
    page.goto("/requests/")
    order = page.get_by_label(german("Order"), exact=True)
    expect(order).to_be_hidden()
    expect(page.locator("main .list td a").first).to_be_in_viewport()
    page.locator("[data-unfolds]").tap()
    expect(order).to_be_visible()


def test_one_column_is_seen_and_it_says_which(visit: Visit) -> None:
    page = visit("it.lead", reduced_motion="reduce", **PHONE).page
    page.goto("/boards/crm-platform/")
    place = page.locator("#board-place")
    columns = page.locator("[data-board] > .col h2").all_text_contents()
    expect(place.locator("[data-words]")).to_have_text(f"{columns[0]}: 1 von {len(columns)}")
    place.get_by_role("button").nth(2).tap()
    expect(place.locator("[data-words]")).to_have_text(f"{columns[2]}: 3 von {len(columns)}")
    expect(page.locator("[data-board] > .col").nth(2)).to_be_in_viewport(ratio=0.1)
    # By swiping, as far as it goes.
    page.locator("[data-board]").evaluate("(board) => board.scrollTo({ left: board.scrollWidth })")
    expect(place.locator("[aria-current]")).to_have_accessible_name(
        f"{columns[-1]}: {len(columns)} von {len(columns)}"
    )


def test_a_card_opens_wherever_it_is_pressed_but_on_its_dots(visit: Visit) -> None:
    page = visit("it.lead", **PHONE).page
    page.goto("/boards/crm-platform/")
    expect(page.locator("[data-board][data-ready]")).to_be_attached()
    card = page.locator("[data-status=shaping] > li[data-n]").first
    number = card.get_attribute("data-n")
    card.locator(".dots").tap()
    expect(page.locator("#move-menu")).to_be_visible()
    page.locator("#move-menu [data-closes]").tap()
    box = card.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 20, box["y"] + box["height"] - 12)
    expect(page).to_have_url(f"/requests/{number}/")


def test_nothing_that_is_being_written_lies_under_the_bar_with_the_action(visit: Visit) -> None:
    page = visit("marketing", **PHONE).page
    page.goto("/requests/new/?type=automation")
    bar = page.locator(".save-line")
    for name in ("outcome", "metric", "target", "deadline"):
        page.locator(f"[name={name}]").focus()
        assert comes(
            page,
            """(bar) => document.activeElement.getBoundingClientRect().bottom
                        <= bar.getBoundingClientRect().top""",
            bar.element_handle(),
        )
