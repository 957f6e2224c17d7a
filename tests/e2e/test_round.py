"""A round on two devices: it follows by itself, goes by keys, and decides in place."""

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german


def sit_down(visit: Visit) -> tuple[Visitor, Visitor]:
    """Two leads in one round, each before the same item."""
    it, marketing = visit("it.lead"), visit("marketing.lead")
    it.open("/round/")
    left_open = it.page.locator("main .note a")
    if left_open.count():
        left_open.click()
        if not it.page.locator("#round-close").count():
            it.press("Take part")
        close(it)
        it.open("/round/")
    it.press("Open the round")
    expect(it.page.locator("#round-title")).to_be_visible()
    marketing.open(it.page.url)
    marketing.press("Take part")
    expect(marketing.page.locator("#round-title")).to_have_text(title_of(it))
    return it, marketing


def title_of(visitor: Visitor) -> str:
    return visitor.page.locator("#round-title").inner_text()


def item_of(visitor: Visitor) -> str:
    return str(visitor.page.locator("#request").get_attribute("data-item"))


def close(visitor: Visitor) -> None:
    visitor.page.locator("#round-close").click()
    visitor.page.locator("#close-round button[type=submit]").click()
    expect(visitor.page.locator("#minutes-title")).to_be_visible()


def test_the_others_follow_and_are_led_to_the_minutes(visit: Visit) -> None:
    it, marketing = sit_down(visit)
    expect(it.page.locator(".present li")).to_have_count(2)
    first = item_of(it)
    it.page.keyboard.press("ArrowRight")
    expect(it.page.locator("#request")).not_to_have_attribute("data-item", first)
    expect(marketing.page.locator("#request")).to_have_attribute("data-item", item_of(it))
    marketing.page.keyboard.press("k")
    expect(it.page.locator("#request")).to_have_attribute("data-item", first)
    close(it)
    expect(marketing.page.locator("#minutes-title")).to_be_visible()


def test_putting_off_by_keyboard_and_nothing_moves_under_typing_hands(visit: Visit) -> None:
    it, marketing = sit_down(visit)
    first = item_of(it)
    marketing.page.keyboard.press("d")
    reason = marketing.page.locator("#step [name=reason]")
    reason.fill("Erst die Zahlen aus dem Verkauf")
    it.page.keyboard.press("j")
    expect(it.page.locator("#request")).not_to_have_attribute("data-item", first)
    marketing.page.wait_for_timeout(1500)
    expect(reason).to_have_value("Erst die Zahlen aus dem Verkauf")
    expect(marketing.page.locator("#request")).to_have_attribute("data-item", first)
    marketing.page.keyboard.press("Escape")
    expect(marketing.page.locator("#request")).to_have_attribute("data-item", item_of(it))
    it.page.keyboard.press("d")
    it.page.locator("#step [name=reason]").fill("Nächste Woche")
    it.page.locator("#step button[type=submit]").click()
    expect(it.page.locator("#step")).to_be_hidden()
    expect(marketing.page.locator(".round-agenda")).to_contain_text(german("Put off", "on the agenda"))
    close(it)
    expect(it.page.locator("main")).to_contain_text("Nächste Woche")
