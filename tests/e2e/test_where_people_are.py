"""S9 and S13 where people already are: what something means is read and confirmed beside its name."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, comes


def request_with(visitor: Visitor, path: str) -> int:
    """The number of a request in whose facts a word of ``path`` can be explained."""
    listed = visitor.page.request.get("/api/v1/requests/?status=done&limit=100").json()["results"]
    for row in listed:
        page = visitor.page.request.get(f"/requests/{row['number']}/").text()
        if re.search(rf'data-explained><a href="{path}', page):
            return int(row["number"])
    raise AssertionError(f"no request names something under {path}")


def opened(page: Page, path: str) -> str:
    """The card of the word that leads to ``path``, opened by the keyboard; the address of its word."""
    word = page.locator(f"[data-explained] > a[href^='{path}']").first
    card = page.locator("[data-explained] > [popover]:popover-open")
    word.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(card.locator(".brief-card")).to_be_visible()
    return str(word.get_attribute("href"))


def test_s13_marketing_confirms_a_solution_beside_its_name_and_its_owner_sees_it(visit: Visit) -> None:
    marketing, it = visit("marketing"), visit("it.lead")
    page = marketing.page
    marketing.open(f"/requests/{request_with(marketing, '/solutions/')}/")
    address = opened(page, "/solutions/")
    card = page.locator("[data-explained] > [popover]:popover-open")
    button = marketing.button("I understand this", within=card)
    # The demo may run on: whoever has confirmed it before finds that there.
    if button.count():
        card.locator("[name=words]").fill("Es schickt Post nur an Menschen, die sie wollen.")
        button.click()
        expect(card).to_contain_text(marketing.reads("Thank you. It counts from now on."))
    else:
        expect(card).to_contain_text(marketing.reads("You understand this"))
    page.keyboard.press("Escape")
    expect(page.locator("[popover]:popover-open")).to_have_count(0)
    it.open(address)
    understood = it.page.locator("#understanding details").filter(has_text="Mira Brandt")
    expect(understood).to_have_count(1)


def test_s9_what_a_goal_means_is_read_by_the_pointer_and_left_again(visit: Visit) -> None:
    it = visit("it")
    page = it.page
    it.open(f"/requests/{request_with(it, '/goals/')}/")
    word = page.locator("[data-explained] > a[href^='/goals/']").first
    word.hover()
    card = page.locator("[data-explained] > [popover]:popover-open")
    expect(card.locator(".brief-card h3").first).to_be_visible()
    page.locator("h1").hover()
    expect(card).to_have_count(0)
    # A click holds it.
    word.hover()
    expect(card).to_have_count(1)
    page.locator("[data-explained] > button").first.click()
    page.locator("h1").hover()
    assert comes(page, "!!document.querySelector('[popover]:popover-open [name], [popover]:popover-open a')")
    expect(card).to_have_count(1)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_s6_a_board_by_goal_says_how_well_each_goal_is_understood(visit: Visit) -> None:
    for account in ("marketing", "it"):
        page = visit(account).page
        page.goto("/boards/crm-platform/?lanes=goal")
        expect(page.locator(".lane > h3 .pill").first).to_contain_text(re.compile(r"\d+ %"))


def test_s11_the_first_page_points_to_what_fits_and_is_waved_away_for_good(visit: Visit) -> None:
    person = visit("marketing.lead")
    page = person.page
    person.open("/")
    rows = page.locator("#minute .pointed")
    expect(rows.first).to_be_visible()
    count = rows.count()
    assert 1 <= count <= 3
    with page.expect_response(re.compile("/away/")):
        rows.first.get_by_role("button", name=person.reads("Not now")).click()
    expect(rows).to_have_count(count - 1)
    page.reload()
    expect(page.locator("#minute .pointed")).to_have_count(count - 1)
