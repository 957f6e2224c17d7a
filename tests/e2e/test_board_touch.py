"""On a phone: a card is carried by a long press, a swipe scrolls, the request's page has the step too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, comes, german

BOARD = "/boards/crm-platform/"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass
class Finger:
    """One finger on the screen."""

    page: Page
    device: CDPSession

    def down(self, x: float, y: float) -> None:
        self._touch("touchStart", x, y)

    def move(self, x: float, y: float, to_x: float, to_y: float, steps: int = 10) -> None:
        for step in range(1, steps + 1):
            part = step / steps
            self._touch("touchMove", x + (to_x - x) * part, y + (to_y - y) * part)
            self.page.wait_for_timeout(16)

    def up(self) -> None:
        self.device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, kind: str, x: float, y: float) -> None:
        self.device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    visitor = visit("it.lead", **PHONE)
    visitor.open(BOARD)
    expect(visitor.page.locator("[data-board][data-ready]")).to_be_attached()
    return visitor


@pytest.fixture
def finger(phone: Visitor) -> Finger:
    return Finger(phone.page, phone.page.context.new_cdp_session(phone.page))


def names(page: Page, status: str) -> list[str]:
    return page.locator(f"[data-status={status}] [data-n] > a").all_text_contents()


def middles(page: Page, *selectors: str) -> Iterator[tuple[float, float]]:
    for selector in selectors:
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        yield box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_long_press_carries_a_card(phone: Visitor, finger: Finger) -> None:
    page = phone.page
    before = names(page, "shaping")
    (x, y), (to_x, to_y) = middles(
        page, "[data-status=shaping] [data-n]:nth-child(1)", "[data-status=shaping] [data-n]:nth-child(2)"
    )
    finger.down(x, y)
    expect(page.locator(".sortable-chosen")).to_be_attached()
    finger.move(x, y, to_x, to_y + 30)
    finger.up()
    expect(page.locator("[data-status=shaping] .arrived > a")).to_have_text(before[0])
    page.reload()
    assert names(page, "shaping")[:2] == [before[1], before[0]]


def test_a_short_swipe_scrolls_and_moves_nothing(phone: Visitor, finger: Finger) -> None:
    page = phone.page
    before = names(page, "shaping")
    ((x, y),) = middles(page, "[data-status=shaping] [data-n]:nth-child(2)")
    finger.down(x, y)
    finger.move(x, y, x, y - 200)
    finger.up()
    assert comes(page, "scrollY > 50")
    assert names(page, "shaping") == before


def test_the_requests_page_has_the_same_step(phone: Visitor) -> None:
    page = phone.page
    link = page.locator("[data-status=ready] [data-n] > a").last
    title = link.inner_text()
    link.tap()
    expect(page).to_have_url(re.compile(r"/requests/\d+/$"))
    step = page.url
    phone.button("Start", "action", within=page.locator(".next")).tap()
    expect(page.locator(".life [aria-current=step]")).to_have_text(german("In progress"))
    page.goto(BOARD)
    assert title in names(page, "in_progress")
    page.goto(step)
    phone.button("Undo").tap()
    expect(page.locator(".life [aria-current=step]")).to_have_text(german("Ready"))
