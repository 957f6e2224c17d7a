"""axe-core finds nothing in what opens on a page; twice as large and without motion, all works.

What stands on a page at once: test_every_page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations_in_both_themes
from tests.e2e.conftest import Visit


def writes_vaguely(page: Page) -> None:
    page.locator("[name=title]").press_sequentially("Newsletter-Themen wählen")
    page.locator("[name=outcome]").press_sequentially("Alles wird besser.")
    expect(page.locator("#similar li").first).to_be_visible()
    expect(page.locator("#hint-outcome .hint")).to_be_visible()


def opens_everything(page: Page) -> None:
    """All folds of a request's page, and the dialog for an item of its checklist."""
    for closed in page.locator("main details:not([open]) > summary").all():
        if closed.is_visible():
            closed.click()
    page.locator("#item-add").click()
    expect(page.get_by_role("dialog").locator("[name=person]")).to_be_visible()


def reads_what_is_meant(page: Page) -> None:
    """The card of the goal that a request serves."""
    page.locator("[data-explained] > button").first.click()
    expect(page.locator("[popover]:popover-open .brief-card")).to_be_visible()


def reads_for_a_minute(page: Page) -> None:
    """What the first page points to, unfolded where it can be."""
    expect(page.locator("#minute")).to_be_visible()
    for fold in page.locator("#minute summary").all():
        fold.click()


# What only shows once somebody has done something: by whom, where, what. Lists, keys and palette: test_lists.
OPENED: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "intake with hints": ("marketing", "/requests/new/?type=website_app", writes_vaguely),
    "request with all folds": ("it.lead", "/requests/91/", opens_everything),
    "goal of a request": ("bridge", "/requests/100/", reads_what_is_meant),
    "first page": ("outsider", "/", reads_for_a_minute),
}


@pytest.mark.parametrize("opened", OPENED)
def test_axe_finds_nothing_in_what_opens(visit: Visit, opened: str) -> None:
    account, path, open_it = OPENED[opened]
    page = visit(account, reduced_motion="reduce").page
    page.goto(path)
    open_it(page)
    assert violations_in_both_themes(page) == []


# At 200 % a window of 1440 × 900 has room for half as many letters.
DOUBLED: Any = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}


@pytest.mark.parametrize("path", ["/", "/boards/crm-platform/", "/triage/", "/round/", "/matrix/"])
def test_at_200_percent_nothing_has_to_be_scrolled_sideways(visit: Visit, path: str) -> None:
    page = visit("it.lead", **DOUBLED).page
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_at_200_percent_a_card_is_moved_by_its_menu(visit: Visit) -> None:
    page = visit("it.lead", **DOUBLED).page
    page.goto("/boards/crm-platform/")
    page.locator("[data-board][data-ready] [data-n] a").first.focus()
    page.keyboard.press(".")
    for button in page.locator("#move-menu[open] button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 720
    page.keyboard.press("Escape")
    expect(page.locator("#move-menu")).to_be_hidden()


LONGEST_MOTION = """() => {
  const card = document.querySelector("[data-board] [data-n]");
  card.classList.add("went-back");
  const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
  const looks = [...document.querySelectorAll("*")].map((one) => getComputedStyle(one));
  const lasts = (one) => Math.max(seconds(one.animationDuration), seconds(one.transitionDuration));
  return Math.max(...looks.map(lasts));
}"""


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_where_people_ask_for_that(visit: Visit, wish: str, moves: bool) -> None:
    page = visit("it.lead", reduced_motion=wish).page
    page.goto("/boards/crm-platform/")
    assert (page.evaluate(LONGEST_MOTION) > 0.05) is moves


def test_axe_finds_nothing_on_a_first_page_and_in_a_running_round(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto("/")
    assert violations_in_both_themes(page) == []
    page.goto("/round/")
    # Whoever tests before has left one open, or nobody has.
    opener = page.locator("main form button.btn-primary").first
    going_on = page.locator("main .note a").first
    (going_on if going_on.count() else opener).click()
    expect(page.locator("#round-title, #minutes-title, main h2").first).to_be_visible()
    assert violations_in_both_themes(page) == []
