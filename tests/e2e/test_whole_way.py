"""From the intake form to the weekly digest, as the people of both sides go it."""

import re
import secrets
import time

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import NEED, OUTCOME, Visitor, days_ahead, german
from tests.processes import PATIENCE

# Found again among what an earlier run has left.
TITLE = f"Wunschzettel mit der Familie teilen {secrets.token_hex(4)}"
WORDS = "Welche Angaben dürfen Fremde auf dem Wunschzettel sehen?"
BOARD = "/boards/crm-platform/"


def test_a_request_goes_all_the_way(visit: Visit) -> None:
    marketing, it = visit("marketing"), visit("it")
    number = files_it_with_one_error_first(marketing)
    takes_it(it, number)
    asks_a_question(it, number)
    shapes_it(it, number)
    scores_it(it, number, "it", {"best": "2", "likely": "3", "worst": "8"})
    scores_it(marketing, number, "marketing", {})
    completes_and_accepts_it(marketing, number)
    starts_it_by_dragging(it, number)
    hands_it_over_by_dragging(it, number)
    confirms_delivery(marketing, number)
    assert_that_all_are_told(marketing, it, number)


def files_it_with_one_error_first(marketing: Visitor) -> int:
    page = marketing.page
    marketing.open("/")
    marketing.press("New request")
    marketing.describe(TITLE)
    marketing.fill("serving_team", "CRM-Plattform")
    marketing.press("Submit request")
    summary = page.get_by_role("alert").filter(has=page.get_by_role("link"))
    expect(summary.get_by_role("link")).to_have_count(1)
    expect(summary).to_be_focused()
    expect(page.locator("[name=customer_need]")).to_have_value(NEED)
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    summary.get_by_role("link").click()
    expect(page.locator("[name=outcome]")).to_be_focused()
    page.keyboard.type(OUTCOME)
    marketing.press("Submit request")
    return marketing.submitted()


def takes_it(it: Visitor, number: int) -> None:
    it.open("/triage/")
    it.page.locator(".queue a", has_text=TITLE).click()
    expect(it.page.get_by_role("heading", name=TITLE)).to_be_visible()
    it.page.keyboard.press("t")
    expect(it.page.locator("#toasts")).to_contain_text(
        german("You have taken %(key)s.") % {"key": f"T-{number}"}
    )


def asks_a_question(it: Visitor, number: int) -> None:
    it.open(f"/requests/{number}/")
    # Who is mentioned is told at once; other talk is bundled for ten minutes.
    it.fill("body", f"@Mira Brandt {WORDS}")
    it.press("Send", "button")
    expect(it.page.locator("#talk .talk")).to_contain_text(WORDS)
    expect(it.page.locator("[name=body]")).to_have_value("")


def shapes_it(it: Visitor, number: int) -> None:
    it.press("Start shaping")
    expect(it.page.locator(".life [aria-current=step]")).to_have_text(german("Shaping"))


def scores_it(visitor: Visitor, number: int, side: str, days: dict[str, str]) -> None:
    """Each side for itself, on the page that works without JavaScript, too."""
    visitor.open(f"/requests/{number}/scores/{side}/")
    form = visitor.page.locator(f"#score-{side}")
    for choice in form.locator("input[type=radio][value='4']").all():
        choice.check(force=True)
    for name, value in days.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button[type=submit]").click()
    expect(visitor.page).to_have_url(re.compile(rf"/requests/{number}/(#.*)?$"))


def completes_and_accepts_it(marketing: Visitor, number: int) -> None:
    """Accepting waits until goal and expected result are named, and says so."""
    page = marketing.page
    marketing.open(f"/requests/{number}/")
    accept = marketing.button("Accept", within=page.locator(".next"))
    expect(accept).to_be_disabled()
    expect(page.locator("#next-checks .missing")).to_have_count(2)
    marketing.press("Change")
    page.locator("[name=goal]").select_option(index=1)
    marketing.fill("metric", "geteilte Wunschzettel je Woche")
    marketing.fill("baseline", "0")
    marketing.fill("target", "1.250,5")
    marketing.fill("measured_on", days_ahead(60))
    marketing.press("Save changes")
    expect(page).to_have_url(re.compile(rf"/requests/{number}/(#.*)?$"))
    expect(page.locator("#next-checks .missing")).to_have_count(0)
    accept.click()
    expect(page.locator(".life [aria-current=step]")).to_have_text(german("Ready"))


def column(visitor: Visitor, status: str) -> Locator:
    return visitor.page.locator(f"[data-status={status}]")


def card(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"[data-n='{number}']")


def starts_it_by_dragging(it: Visitor, number: int) -> None:
    it.open(BOARD)
    expect(column(it, "ready").locator(f"[data-n='{number}']")).to_be_visible()
    it.drag(card(it, number), column(it, "in_progress"))
    expect(column(it, "in_progress").locator(f"[data-n='{number}'].arrived")).to_be_visible()
    it.page.reload()
    expect(column(it, "in_progress").locator(f"[data-n='{number}']")).to_be_visible()


def hands_it_over_by_dragging(it: Visitor, number: int) -> None:
    """Handing over asks for what explains the solution; cancelling puts the card back."""
    dialog = it.page.get_by_role("dialog")
    review = column(it, "in_review")
    it.drag(card(it, number), review)
    it.press("Put the card back", within=dialog)
    expect(column(it, "in_progress").locator(f"[data-n='{number}']")).to_be_visible()
    it.drag(card(it, number), review)
    it.fill("explainer_title", "Wunschzettel zum Weitergeben", within=dialog)
    it.fill(
        "explainer_text", "Aus der Merkliste entsteht ein Verweis, den alle öffnen können.", within=dialog
    )
    it.fill("explainer_limits", "Der Verweis merkt sich nicht, wer schon gekauft hat.", within=dialog)
    it.fill("explainer_what_to_do", "Ein Verweis geht nicht mehr: neu teilen.", within=dialog)
    it.press("Hand over for review", within=dialog)
    expect(column(it, "in_review").locator(f"[data-n='{number}'].arrived")).to_be_visible()


def confirms_delivery(marketing: Visitor, number: int) -> None:
    page = marketing.page
    marketing.open("/")
    row = page.locator(".rows li", has=page.get_by_role("link", name=TITLE)).first
    marketing.press("Confirm delivery", within=row)
    expect(page).to_have_url(re.compile(rf"/requests/{number}/actions/deliver/$"))
    marketing.press("Confirm delivery", within=page.get_by_role("main"))
    expect(page).to_have_url(re.compile(rf"/requests/{number}/(#.*)?$"))
    expect(page.locator(".life [aria-current=step]")).to_have_text(german("Done"))


def assert_that_all_are_told(marketing: Visitor, it: Visitor, number: int) -> None:
    key = f"T-{number} {TITLE}"
    for visitor in (marketing, it):
        awaited(visitor, "/inbox/", key)
    # The question's mail leaves at once, that of steps only when they can no longer be undone.
    # Mails of other requests may leave meanwhile; the list shows the newest first.
    awaited(marketing, "/demo/mail/", TITLE).locator(".queue a", has_text=TITLE).last.click()
    mail = marketing.page.frame_locator("iframe.mail-body")
    expect(mail.locator("body")).to_contain_text(WORDS)
    marketing.open("/digests/")
    marketing.press("Preview my next digest")
    expect(marketing.page.get_by_role("main")).to_contain_text(TITLE)


def awaited(visitor: Visitor, path: str, words: str) -> Page:
    """The page at ``path``, loaded again until the worker has brought ``words`` there."""
    until = time.monotonic() + PATIENCE
    visitor.open(path)
    while words not in visitor.page.get_by_role("main").inner_text():
        assert time.monotonic() < until, f"{path} does not say {words!r}"
        visitor.page.reload()
    return visitor.page


def test_a_step_on_its_own_page_can_be_refused_and_taken(visit: Visit) -> None:
    """From triage and from one's work, steps open as pages; their forms work as in the dialog."""
    it = visit("it.lead")
    it.open("/requests/?status=ready&team=crm-platform")
    it.page.locator("table.list td.main a").first.click()
    expect(it.page.locator(".life [aria-current=step]")).to_have_text(german("Ready"))
    it.open(it.page.url + "actions/park/")
    it.press("Park", "action")
    expect(it.page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    it.fill("reason", "Erst nach dem Winter lohnt es sich.")
    it.fill("revisit_on", days_ahead(90))
    it.press("Park", "action")
    expect(it.page.get_by_role("main")).to_contain_text(german("Parked"))
