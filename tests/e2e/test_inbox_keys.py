"""The inbox by keys alone: one goes on where one was, and what was done can be taken back."""

from playwright.sync_api import expect

from tests.e2e.conftest import Visit


def test_keys_walk_archive_put_off_and_take_back_without_losing_ones_place(visit: Visit) -> None:
    visitor = visit("it.lead")
    visitor.open("/inbox/")
    page = visitor.page
    rows = page.locator(".inbox [data-entry]")
    count = rows.count()
    assert count > 3
    first, second, third = (rows.nth(n).get_attribute("data-entry") for n in range(3))
    for key, back in (("e", "u"), ("s", "u")):
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(f"[data-entry='{second}'] .what > a")).to_be_focused()
        page.keyboard.press(key)
        expect(page.locator(f"[data-entry='{second}']")).to_have_count(0)
        expect(page.locator(f"[data-entry='{third}'] .what > a")).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator(f"[data-entry='{first}'] .what > a")).to_be_focused()
        page.keyboard.press(back)
        expect(page.locator(f"[data-entry='{second}']")).to_be_attached()
        visitor.open("/inbox/")
    expect(rows).to_have_count(count)


def test_enter_on_a_tick_reads_what_is_ticked_and_a_leads_to_what_else_is_done_with_it(visit: Visit) -> None:
    visitor = visit("it.lead")
    visitor.open("/inbox/?show=unread")
    page = visitor.page
    first = page.locator(".inbox [data-entry]").first
    entry = first.get_attribute("data-entry")
    page.locator("[name=numbers]").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.locator(".inbox .bulk button").first).to_be_focused()
    page.locator("[name=numbers]").first.press("Enter")
    expect(page.locator(f"[data-entry='{entry}']")).to_have_count(0)
    visitor.open("/inbox/")
    read = page.locator(f"[data-entry='{entry}']")
    expect(read).to_be_attached()
    expect(read).not_to_have_class("unread")
    page.keyboard.press("u")
    expect(read).to_have_class("unread")
