"""What somebody does on the page of a request: asking, deciding, taking back."""

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, days_ahead, german


def open_first(visitor: Visitor, query: str) -> None:
    visitor.open(f"/requests/?{query}")
    visitor.page.locator("main .list td a").first.click()
    expect(visitor.page.locator("#request")).to_be_attached()


def test_the_way_to_a_question_chooses_who_shall_answer(visit: Visit) -> None:
    it = visit("it.lead")
    open_first(it, "team=crm-platform&status=in_progress")
    it.press("Ask Marketing a question")
    expect(it.page.locator("#comment-form [name=question_to]")).to_have_value("marketing")
    expect(it.page.locator("#comment-form [name=body]")).to_be_focused()
    expect(it.page.locator("#comment-form [name=body]")).to_be_in_viewport()


def test_nothing_moves_when_the_minute_for_taking_back_is_over(visit: Visit) -> None:
    it = visit("it.lead")
    page = it.page
    open_first(it, "team=crm-platform&status=ready")
    page.locator(".other-steps > summary").click()
    page.clock.install()
    it.press("Park", "action")
    dialog = page.locator("dialog[open]")
    # One came to say why, not to close it.
    expect(dialog.locator("[name=reason]")).to_be_focused()
    it.fill("reason", "Nach der Inventur", within=dialog)
    it.fill("revisit_on", days_ahead(90), within=dialog)
    it.press("Park", "action", within=dialog)
    offer = page.locator("form.undo")
    expect(offer).to_be_visible()
    below = page.locator(".with-aside.split")
    before, height = below.bounding_box(), offer.evaluate("(one) => one.offsetHeight")
    page.clock.run_for(61_000)
    over = german("The minute in which you could take it back is over.")
    expect(offer).to_contain_text(over)
    assert below.bounding_box() == before
    assert offer.evaluate("(one) => one.offsetHeight") == height
    expect(offer.locator("button")).to_be_disabled()
    expect(page.locator(".life .stopped.parked")).to_have_count(1)
