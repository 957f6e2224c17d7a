"""A board to live with: quick look, menu of a card, undo, folding, lanes, filters, several at once."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import EVERYTHING, violations, violations_in_both_themes
from tests.e2e.conftest import Visit
from tests.e2e.visitor import german

BOARD = "/boards/crm-platform/"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def open_board(page: Page, query: str = "") -> None:
    page.goto(BOARD + query)
    expect(page.locator("[data-board][data-ready]")).to_be_attached()


def links(page: Page, status: str) -> Locator:
    return page.locator(f"[data-status={status}] [data-n] > a")


def test_space_looks_at_a_card_beside_the_board_and_escape_shuts_it(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    first, second = links(page, "shaping").nth(0), links(page, "shaping").nth(1)
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#look-title")).to_have_text(first.inner_text())
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    expect(page.locator("#look-title")).to_have_text(second.inner_text())
    page.keyboard.press("Escape")
    expect(page.locator("#look")).to_be_hidden()
    expect(second).to_be_focused()
    expect(page).to_have_url(re.compile(BOARD + "$"))


def test_the_menu_moves_a_card_and_undo_takes_it_back(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    before = links(page, "ready").all_text_contents()
    links(page, "ready").nth(1).focus()
    page.keyboard.press(".")
    page.locator("#move-menu [data-to=in_progress]").press("Enter")
    expect(page.locator("[data-status=in_progress] .arrived > a")).to_have_text(before[1])
    page.locator(".toast-line.undo button").click()
    expect(page.locator("[data-status=ready] .arrived > a")).to_have_text(before[1])
    assert links(page, "ready").all_text_contents() == before
    page.reload()
    assert links(page, "ready").all_text_contents() == before


def test_a_refusal_says_what_is_missing_with_the_button_that_mends_it(visit: Visit) -> None:
    page = visit("it").page
    open_board(page)
    # What both sides have not scored, nobody but a lead can accept.
    link = page.locator("[data-status=shaping] [data-n]:not(:has(var)) > a").first
    title = link.inner_text()
    link.focus()
    page.keyboard.press(".")
    page.locator("#move-menu [data-to=ready]").click()
    refusal = page.locator("#refusal")
    expect(refusal).to_be_focused()
    expect(page.locator("[data-status=shaping] .went-back > a")).to_have_text(title)
    refusal.get_by_role("link", name=german("Score the request")).click()
    expect(page).to_have_url(re.compile(r"/requests/\d+/#scores$"))


def test_folded_columns_and_density_are_remembered(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    column, button = page.locator("[data-column=parked]"), page.locator("[data-fold='column:parked']")
    button.click()
    page.locator("button[data-density]").click()
    expect(column.locator(".cards")).to_be_hidden()
    page.reload()
    expect(column.locator(".cards")).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator("button[data-density]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-status=shaping] [data-n] > p").first).to_be_hidden()
    button.click()
    page.locator("button[data-density]").click()
    expect(column.locator(".cards")).to_be_visible()


def test_lanes_and_filters_live_in_the_address(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    page.locator("[name=lanes]").select_option("goal")
    expect(page).to_have_url(re.compile(r"lanes=goal"))
    lane = page.locator(".lane").first
    lane.locator(".fold").click()
    expect(lane.locator(".lane-row")).to_be_hidden()
    lane.locator(".fold").click()
    page.get_by_role("link", name=german("Blocked")).first.click()
    expect(page).to_have_url(re.compile(r"blocked=true&lanes=goal$"))
    every = page.locator("[data-n]")
    expect(every.first).to_be_visible()
    assert every.count() == page.locator("[data-n].bl").count()
    page.locator(".board-tools details.drop > summary").first.click()
    page.locator("#filter_type").select_option("automation")
    page.locator(".board-tools .sheet [type=submit]").click()
    expect(page).to_have_url(re.compile(r"type=automation"))
    expect(page).to_have_url(re.compile(r"blocked=true"))


def test_several_cards_are_moved_together_with_one_reason(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    titles = links(page, "ready").all_text_contents()[-2:]
    for title in titles:
        links(page, "ready").filter(has_text=title).focus()
        page.keyboard.press("x")
    bar = page.locator("#chosen-bar")
    expect(bar.locator("[data-count]")).to_have_text(german("{count} chosen").format(count=2))
    bar.locator("[data-target]").select_option("shaping")
    bar.locator("[data-go]").click()
    page.locator("#move-dialog [name=reason]").fill("Beide noch einmal ansehen")
    page.locator("#move-dialog [type=submit]").click()
    expect(bar).to_be_hidden()
    page.reload()
    assert links(page, "shaping").all_text_contents()[:2] == titles


def test_on_a_phone_the_dots_of_a_card_move_it(visit: Visit) -> None:
    visitor = visit("it.lead", **PHONE)
    page = visitor.page
    open_board(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    title = links(page, "ready").first.inner_text()
    page.locator("[data-status=ready] .dots").first.tap()
    page.locator("#move-menu [data-to=in_progress]").tap()
    expect(page.locator("[data-status=in_progress] .arrived > a")).to_have_text(title)
    page.locator(".toast-line.undo button").tap()
    expect(page.locator("[data-status=ready] .arrived > a")).to_have_text(title)


def test_a_new_request_starts_with_the_boards_team(visit: Visit) -> None:
    page = visit("it.lead").page
    open_board(page)
    page.locator(".new-button").click()
    expect(page.locator("[name=serving_team]")).to_have_value("CRM-Plattform")


def test_a_board_is_made_with_a_preview_and_removed(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto("/boards/new/")
    page.locator("[name=name]").fill("Nur Geparktes")
    preview = page.locator("#board-preview")
    expect(preview.locator("h3").first).to_be_visible()
    for status in ("shaping", "ready", "in_progress", "in_review", "done"):
        page.locator(f"details:has([name={status}_hidden]) > summary").click()
        page.locator(f"[name={status}_hidden]").check()
    expect(preview.locator("h3")).to_have_count(1)
    expect(preview.locator(".note")).to_be_visible()
    assert violations(page, EVERYTHING) == []
    page.get_by_role("button", name=german("Make the board")).click()
    expect(page).to_have_url(re.compile("/boards/_nur-geparktes/$"))
    expect(page.locator("[data-column]")).to_have_count(1)
    page.goto("/boards/_nur-geparktes/edit/")
    page.get_by_role("button", name=german("Remove this board")).click()
    expect(page).to_have_url(re.compile("/boards/$"))


def test_axe_finds_nothing_in_what_opens(visit: Visit) -> None:
    page = visit("it.lead", reduced_motion="reduce").page
    open_board(page)
    found = violations_in_both_themes(page)
    links(page, "shaping").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#look-title")).to_be_visible()
    page.keyboard.press("x")
    found += violations_in_both_themes(page)
    page.keyboard.press(".")
    expect(page.locator("#move-menu")).to_be_visible()
    found += violations_in_both_themes(page)
    page.keyboard.press("Escape")
    page.locator(".board-tools details.drop > summary").first.click()
    expect(page.locator("#filter_type")).to_be_visible()
    found += violations_in_both_themes(page)
    open_board(page, "?lanes=owner&turn=mine")
    found += violations_in_both_themes(page)
    assert found == []
