"""A card goes to another column by the keyboard alone, and a screen reader is told each step."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import german

BOARD = "/boards/crm-platform/"


def links(page: Page, status: str) -> Locator:
    return page.locator(f"[data-status={status}] [data-n] > a")


def live(page: Page) -> Locator:
    return page.locator("#board-live")


def names(page: Page, status: str) -> list[str]:
    return links(page, status).all_text_contents()


def walk_to(page: Page, link: Locator) -> None:
    """From the search by Tab, and along the cards by arrows."""
    links(page, "shaping").first.focus()
    page.keyboard.press("ArrowRight")
    expect(link).to_be_focused()


def said_over(page: Page, column: str, place: int, count: int) -> str:
    text = german("{column}, place {place} of {count}.")
    return text.format(column=german(column), place=place, count=count)


def test_escape_puts_a_picked_card_back(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto(BOARD)
    before = names(page, "ready"), names(page, "in_progress")
    walk_to(page, links(page, "ready").first)
    page.keyboard.press("m")
    expect(live(page)).to_contain_text(before[0][0])
    page.keyboard.press("ArrowRight")
    expect(live(page)).to_have_text(said_over(page, "In progress", 1, len(before[1]) + 1))
    page.keyboard.press("ArrowDown")
    expect(live(page)).to_have_text(said_over(page, "In progress", 2, len(before[1]) + 1))
    page.keyboard.press("Escape")
    expect(live(page)).to_have_text(german("{title} is back in its place.").format(title=before[0][0]))
    assert (names(page, "ready"), names(page, "in_progress")) == before
    page.reload()
    assert (names(page, "ready"), names(page, "in_progress")) == before


def test_columns_that_cannot_take_a_card_look_so_and_the_refusal_names_those_that_can(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto(BOARD)
    before = names(page, "ready"), names(page, "done")
    walk_to(page, links(page, "ready").first)
    page.keyboard.press("m")
    refused = page.locator(".col.refused > .cards")
    expect(refused).to_have_count(2)
    assert [column.get_attribute("data-status") for column in refused.all()] == ["in_review", "done"]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("#toasts")).to_contain_text(f"„{german('In progress')}“, „{german('Parked')}“")
    expect(refused).to_have_count(0)
    assert (names(page, "ready"), names(page, "done")) == before


def test_space_drops_a_card_in_another_column(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto(BOARD)
    title = names(page, "ready")[0]
    walk_to(page, links(page, "ready").first)
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".cards .arrived > a")).to_have_text(title)
    expect(page.locator(".cards .arrived > a")).to_be_focused()
    expect(live(page)).to_contain_text(german("In progress"))
    page.reload()
    assert names(page, "in_progress")[1] == title


def test_a_refused_move_goes_back_and_says_why(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto(BOARD)
    before = names(page, "shaping"), names(page, "in_progress")
    links(page, "shaping").first.focus()
    for key in ("m", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".cards .went-back > a")).to_have_text(before[0][0])
    expect(page.locator("#toasts")).not_to_be_empty()
    assert live(page).inner_text() in page.locator("#toasts").inner_text()
    assert (names(page, "shaping"), names(page, "in_progress")) == before
