"""Triage by the keyboard alone, and two people at it who see each other."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german

ALL = "/triage/?scope=all"


def rows(page: Page) -> Locator:
    return page.locator("#queue [data-pick]")


def shown(page: Page) -> str:
    return page.locator("[data-one]").get_attribute("data-one") or ""


def numbers(page: Page) -> list[str]:
    return [row.get_attribute("data-pick") or "" for row in rows(page).all()]


def file_one(visitor: Visitor, title: str) -> None:
    """A new request of Marketing for the CRM platform, by the API of the same browser session."""
    answer = visitor.page.evaluate(
        """async (title) => {
            const csrf = document.querySelector("meta[name=csrf-token]").content;
            const answer = await fetch("/api/v1/requests/", {
                method: "POST",
                headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
                body: JSON.stringify({
                    title, customer_need: "Kundinnen fragen danach.", outcome: "Sie finden es.",
                    type: "automation", requesting_team: "campaigns", serving_team: "crm-platform",
                    submit: true,
                }),
            });
            return answer.status;
        }""",
        title,
    )
    assert answer == 201


def prepared(visit: Visit, count: int, title: str) -> Visitor:
    marketing = visit("marketing")
    marketing.open("/teams/")
    for number in range(count):
        file_one(marketing, f"{title} {number}")
    return marketing


def test_the_whole_queue_goes_by_the_keyboard(visit: Visit) -> None:
    prepared(visit, 5, "Tastatur")
    it = visit("it")
    page = it.page
    page.goto(f"{ALL}&order=rank")
    order = numbers(page)
    assert len(order) >= 5
    # Walk to the newest five, which nobody else of the demo works on.
    for number in order[1:-4]:
        page.keyboard.press("j")
        expect(page.locator(f"[data-one='{number}']")).to_be_visible()
    mine = order[-5:]
    expect(page.locator(f"[data-one='{mine[0]}']")).to_be_visible()
    expect(page.locator("#chosen-title")).to_be_focused()
    expect(page.locator("#queue [aria-current=true]")).to_have_attribute("data-pick", mine[0])
    assert f"request={mine[0]}" in page.url
    page.keyboard.press("j")
    expect(page.locator(f"[data-one='{mine[1]}']")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(f"[data-one='{mine[0]}']")).to_be_visible()

    # Take: the next one comes by itself, and the step can be taken back.
    page.keyboard.press("t")
    expect(page.locator("#toasts")).to_contain_text(
        german("You have taken %(key)s.") % {"key": f"T-{mine[0]}"}
    )
    expect(page.locator(f"[data-one='{mine[1]}']")).to_be_visible()
    expect(page.locator("#chosen-title")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"[data-one='{mine[0]}']")).to_be_visible()
    expect(page.locator("#chosen-title")).to_be_focused()

    # Park, with the form in a dialog that takes the focus.
    page.keyboard.press("p")
    expect(page.locator("#step")).to_be_visible()
    page.locator("#step [name=reason]").fill("Erst nach dem Winter.")
    page.locator("#step [name=revisit_on]").fill((date.today() + timedelta(days=90)).isoformat())
    page.locator("#step [type=submit]").press("Enter")
    expect(page.locator("#step")).to_be_hidden()
    expect(page.locator(f"[data-one='{mine[1]}']")).to_be_visible()
    expect(page.locator(f"[data-pick='{mine[0]}']")).to_have_count(0)

    # Put aside, ask, decline.
    page.keyboard.press("z")
    page.locator("#step [type=submit]").press("Enter")
    expect(page.locator(f"[data-one='{mine[2]}']")).to_be_visible()
    page.keyboard.press("q")
    page.locator("#step [name=body]").fill("Wer liest das?")
    page.locator("#step [type=submit]").press("Enter")
    expect(page.locator(f"[data-one='{mine[3]}']")).to_be_visible()
    page.keyboard.press("d")
    page.locator("#step [name=reason]").fill("Das gibt es schon.")
    page.locator("#step [type=submit]").press("Enter")
    expect(page.locator(f"[data-one='{mine[4]}']")).to_be_visible()
    expect(page.locator(f"[data-pick='{mine[3]}']")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text(german("In triage: take, assign, ask, start shaping"))


def test_two_people_see_what_the_other_does(visit: Visit) -> None:
    marketing = prepared(visit, 2, "Zu zweit")
    it, lead = visit("it"), visit("it.lead")
    for one in (it, lead):
        one.page.goto(f"{ALL}&order=rank")
        expect(one.page.locator("html[data-stream]")).to_be_attached()
    first, second = numbers(it.page)[-2:]
    for one in (it, lead):
        one.page.locator(f"[data-pick='{first}']").first.click()
        expect(one.page.locator(f"[data-one='{first}']")).to_be_visible()
    it.page.keyboard.press("t")
    expect(it.page.locator(f"[data-one='{second}']")).to_be_visible()
    # The other one reads on, and is told above the request who has it.
    expect(lead.page.locator("[data-moved]")).to_be_visible()
    expect(lead.page.locator("[data-moved]")).to_contain_text(re.compile("übernommen"))
    expect(lead.page.locator(f"[data-one='{first}']")).to_be_visible()
    lead.page.keyboard.press("t")
    expect(lead.page.locator("#triage [role=alert]")).to_contain_text(f"T-{first}")
    # A new one comes in by itself.
    file_one(marketing, "Zu zweit, noch eine")
    expect(lead.page.locator("#queue")).to_contain_text("Zu zweit, noch eine")
    # What is declined leaves the list of the other.
    it.page.keyboard.press("d")
    it.page.locator("#step [name=reason]").fill("Nein.")
    it.page.locator("#step [type=submit]").press("Enter")
    expect(lead.page.locator(f"[data-pick='{second}']")).to_have_count(0)


def test_on_a_phone_the_list_comes_first_and_back_leads_to_it(visit: Visit) -> None:
    prepared(visit, 1, "Unterwegs")
    page = visit("it").page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(ALL)
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("#one")).to_be_hidden()
    rows(page).first.click()
    expect(page.locator("[data-one]")).to_be_visible()
    expect(page.locator("#queue")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("#one")).to_be_hidden()
