"""S11: the exchange of competence and know-how goes beyond talking."""

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, days_ahead

TITLE = "Mit dem Segmentbau beginnen"


def plan(host: Visitor) -> str:
    """Plan an exchange with one seat by the form; returns its address."""
    host.open("/exchanges/")
    host.press("Plan an exchange")
    host.fill("title", TITLE)
    host.fill("ability", "Sie bauen ein Segment mit zwei Bedingungen.")
    host.fill("topic", "CRM")
    host.fill("day", days_ahead(40))
    host.fill("begins", "14:00")
    host.fill("ends", "15:00")
    host.fill("place", "Raum Elbe")
    host.fill("seats", "1")
    host.press("Plan it")
    # A second run on the same data finds the host busy with the exchange of the first one.
    again = host.page.locator("[name=anyway]:not([type=hidden])")
    if again.count():
        again.check()
        host.press("Plan it")
    expect(host.page.locator("h1")).to_have_text(TITLE)
    return host.page.url


def test_s11_know_how_moves_from_it_to_marketing_at_an_hour_that_stands_in_the_calendar(visit: Visit) -> None:
    it, marketing, outsider = visit("it"), visit("marketing"), visit("outsider")
    address = plan(it)
    marketing.open(f"/exchanges/?q={TITLE}")
    marketing.page.get_by_role("link", name=TITLE).first.click()
    marketing.open(address)
    marketing.press("Sign up", "exchange")
    expect(marketing.page.locator(".next")).to_contain_text(marketing.reads("you have a seat"))
    with marketing.page.expect_download() as file:
        marketing.press("Into my calendar (.ics)")
    content = file.value.path().read_text()
    assert f"SUMMARY:{TITLE}" in content
    assert "DTSTART;TZID=Europe/Berlin:" in content
    # The only seat is taken: the next one waits, and moves up as soon as it is free.
    outsider.open(address)
    outsider.press("Join the waiting list")
    expect(outsider.page.locator(".next .pill.warn")).to_be_visible()
    marketing.press("Sign off")
    expect(marketing.button("Join the waiting list")).to_be_visible()
    outsider.page.reload()
    expect(outsider.page.locator(".next")).to_contain_text(outsider.reads("you have a seat"))
    it.page.reload()
    expect(it.page.locator("main")).to_contain_text("Olaf Winter")


def test_s11_it_takes_part_in_what_marketing_wishes_for_and_says_whether_it_helped(visit: Visit) -> None:
    marketing, it = visit("marketing.lead"), visit("bridge")
    marketing.open("/exchanges/?show=past")
    marketing.page.get_by_role("link", name="Was die App über Filialbesuche weiß").click()
    marketing.press("Yes", "feedback")
    expect(marketing.button("Yes", "feedback")).to_have_attribute("aria-pressed", "true")
    it.language = "en"
    it.open("/exchanges/?show=wished")
    it.page.get_by_role("link", name="Testgruppen richtig bilden").click()
    if it.button("I would come").count():
        it.press("I would come")
    expect(it.page.locator(".next")).to_contain_text("5 would come: it needs a host.")
    expect(it.page.locator("main")).to_contain_text("Felix Ott")
