"""Help at the door, in the browser: what resembles the request, hints, and drafts that save themselves."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import OUTCOME, Visitor, german

DRAFT = re.compile(r"/requests/\d+/edit/$")


@pytest.fixture
def marketing(visit: Visit) -> Visitor:
    visitor = visit("marketing")
    visitor.open("/requests/new/")
    return visitor


def saved(page: Page) -> None:
    """Wait until what was typed last is kept."""
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
        pass
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Gespeichert um \d"))


def test_what_resembles_it_stands_beside_the_form_and_can_be_supported(marketing: Visitor) -> None:
    page = marketing.page
    page.locator("[name=title]").press_sequentially("Themen im Newsletter wählen")
    hit = page.locator("#similar li").filter(has_text="Newsletter-Themen selbst wählen")
    expect(hit).to_be_visible()
    expect(page).to_have_url(DRAFT)
    marketing.press("Support this instead", within=hit)
    expect(page.locator("[name=body]")).to_have_value("Themen im Newsletter wählen")
    own = f"Das brauchen wir auch, {secrets.token_hex(4)}."
    marketing.fill("body", own)
    marketing.press("Support this instead", within=page.get_by_role("main"))
    marketing.submitted()
    expect(page.locator(".talk")).to_contain_text(own)
    marketing.open("/")
    expect(page.get_by_role("link", name="Themen im Newsletter wählen", exact=True)).to_have_count(0)


def test_hints_come_and_go_at_the_field(marketing: Visitor) -> None:
    page = marketing.page
    page.locator("[name=outcome]").press_sequentially("Alles wird besser.")
    hint = page.locator("#hint-outcome")
    expect(hint).to_contain_text(german("There is no number in this yet."))
    page.locator("[name=outcome]").press_sequentially(" In 2 Minuten.")
    expect(hint).to_be_empty()


def test_a_draft_saves_itself_and_the_page_goes_on_with_it(marketing: Visitor) -> None:
    page, title = marketing.page, f"Beleg als Datei {secrets.token_hex(4)}"
    marketing.describe(title)
    saved(page)
    expect(page).to_have_url(DRAFT)
    page.reload()
    expect(page.locator("[name=title]")).to_have_value(title)
    marketing.fill("outcome", OUTCOME)
    # Pressed while the next save is due or under way: both lead to one request.
    marketing.press("Submit request")
    number = marketing.submitted()
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value(title)
    expect(page).to_have_url(re.compile(rf"/requests/{number}/edit/$"))


def test_an_older_page_does_not_write_over_a_newer_one(marketing: Visitor) -> None:
    page, title = marketing.page, f"Abholzeit wählen {secrets.token_hex(4)}"
    marketing.fill("title", title)
    saved(page)
    other = Visitor(page.context.new_page())
    other.open(page.url)
    other.fill("title", f"{title}, neuer")
    saved(other.page)
    marketing.fill("outcome", "Im alten Fenster")
    expect(page.locator("[data-saved]")).to_contain_text("Nicht gespeichert")
    other.page.reload()
    expect(other.page.locator("[name=title]")).to_have_value(f"{title}, neuer")
    expect(other.page.locator("[name=outcome]")).to_have_value("")


def test_the_preview_shows_what_is_typed(marketing: Visitor) -> None:
    marketing.describe("Beleg gleich nach dem Kauf")
    marketing.press("Show the preview")
    preview = marketing.page.locator("#preview")
    expect(preview).to_contain_text("Beleg gleich nach dem Kauf")
    expect(preview).to_contain_text(german("no goal"))


def test_everything_is_there_without_javascript(visit: Visit) -> None:
    known = visit("marketing")
    visitor = visit("marketing", java_script_enabled=False)
    known.page.close()
    page = visitor.page
    visitor.open("/requests/new/?type=automation")
    visitor.fill("title", "Themen im Newsletter wählen")
    visitor.press("Look for similar ones")
    expect(page.locator("#similar")).to_contain_text("Newsletter-Themen selbst wählen")
    expect(page.locator("[name=title]")).to_have_value("Themen im Newsletter wählen")
    visitor.press("Show the preview")
    expect(page.locator("#preview")).to_contain_text("Themen im Newsletter wählen")
