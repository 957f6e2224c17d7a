"""What PRODUCT claims of solutions and touchpoints, used by people of both sides."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german

GAP = "wishes, but no solution"
PURPOSE = (
    "Partner tragen ihre Angebote selbst ein. Sie prüfen sie mit einem Klick. "
    "Danach stehen sie im Shop und in der App, mit Namen und Ablaufdatum des Partners."
)


def tile(page: Page, touchpoint: str) -> Locator:
    return page.locator(f"a.place[href='#touchpoint-{touchpoint}']")


def row(page: Page, touchpoint: str) -> Locator:
    return page.locator(f"#touchpoint-{touchpoint}")


def describes(it: Visitor, title: str) -> None:
    """A solution at the touchpoint of partners; the hint beside the form reads along."""
    it.open("/solutions/new/")
    reading = it.page.locator(".reading [role=status]")
    it.page.locator("[name=title]").fill(title)
    it.page.locator("[name=purpose]").press_sequentially(PURPOSE)
    expect(reading).to_contain_text(german("reads easily"))
    it.fill("limits", "Es rechnet nichts ab.")
    it.fill("what_to_do", "Ein Angebot ist falsch: sperren und den Partner anrufen.")
    it.page.get_by_label("Partner", exact=True).check()
    it.press("Save")
    expect(it.page.locator("h1")).to_have_text(title)


def test_s3_a_personal_experience_over_all_touchpoints_has_a_map_that_shows_its_gaps(visit: Visit) -> None:
    """S3: touchpoints on every request and solution, and a touchpoint map."""
    marketing, it = visit("marketing"), visit("it")
    page = marketing.page
    marketing.open("/touchpoints/")
    expect(page.locator(".journey > li")).to_have_count(5)
    expect(tile(page, "partner")).to_contain_text(german(GAP))

    # By the keyboard alone: from the tile to its row, and on to the requests behind the number.
    tile(page, "partner").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/touchpoints/#touchpoint-partner$"))
    wishes = row(page, "partner").locator("a[href*='touchpoint=partner']")
    count = int(re.findall(r"\d+", wishes.inner_text())[0])
    page.keyboard.press("Tab")
    expect(wishes).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("Partner")
    expect(page.locator("table.requests tbody tr[data-row]")).to_have_count(count)

    # IT closes the gap; Marketing sees with what.
    describes(it, "Partnerportal")
    marketing.open("/touchpoints/")
    expect(tile(page, "partner")).not_to_contain_text(german(GAP))
    row(page, "partner").get_by_role("link", name="Partnerportal").click()
    expect(page.locator("h1")).to_have_text("Partnerportal")
    expect(page.locator("main")).to_contain_text("Es rechnet nichts ab.")
    expect(marketing.button("Edit")).to_have_count(0)
