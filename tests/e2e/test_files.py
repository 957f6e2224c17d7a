"""Files of a request by hand: chosen, dropped, pasted, refused, removed; and without JavaScript."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.axe import EVERYTHING, violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german
from tests.requests_app.attachments.samples import PDF, SVG, picture

# As a hand does it: the browser makes a file of what comes, and tells the page.
HAND_OVER = """([kind, target, name, type, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const detail = { bubbles: true, cancelable: true };
  const events = kind === "drop"
    ? ["dragover", "drop"].map((one) => new DragEvent(one, { ...detail, dataTransfer: carried }))
    : [new ClipboardEvent("paste", { ...detail, clipboardData: carried })];
  for (const event of events) document.querySelector(target).dispatchEvent(event);
}"""

OFFER: FilePayload = {"name": "Angebot.pdf", "mimeType": "application/pdf", "buffer": PDF}
LOGO: FilePayload = {"name": "Logo.png", "mimeType": "image/png", "buffer": SVG}


def a_request(visitor: Visitor) -> str:
    """The address of a request that has room for files."""
    visitor.open("/requests/?status=open")
    addresses = visitor.page.locator("main a[href^='/requests/']").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))"
    )
    for address in filter(re.compile(r"/requests/\d+/$").match, addresses):
        visitor.open(address)
        if visitor.page.locator(".files li").count() == 0:
            return str(address)
    pytest.fail("no request of the demo is without files")


def files(page: Page) -> Locator:
    return page.locator("#attachments .files li")


def hand_over(page: Page, kind: str, target: str, name: str, content: bytes) -> None:
    page.evaluate(HAND_OVER, [kind, target, name, "image/png", list(content)])


def test_files_are_chosen_dropped_pasted_refused_and_removed(visit: Visit) -> None:
    visitor = visit("it.lead")
    page = visitor.page
    a_request(visitor)
    expect(page.locator("#attachments form.upload button")).to_be_hidden()
    page.fill("#comment-form [name=body]", "Noch nicht fertig")
    page.locator("#upload-files").set_input_files([OFFER, LOGO])
    expect(files(page)).to_have_count(1)
    expect(page.locator(".uploading [role=alert]")).to_contain_text("Logo.png")
    hand_over(page, "drop", "#attachments", "Startseite.png", picture(size=(900, 500)))
    expect(files(page)).to_have_count(2)
    hand_over(page, "paste", "#comment-form textarea", "image.png", picture())
    expect(files(page)).to_have_count(3)
    expect(files(page).last).to_contain_text(german("Pasted image"))
    # What was refused, and what was being written, is still there.
    expect(page.locator(".uploading [role=alert]")).to_be_visible()
    expect(page.locator("#comment-form [name=body]")).to_have_value("Noch nicht fertig")
    assert violations(page, EVERYTHING) == []
    with page.expect_download() as started:
        page.get_by_role("link", name="Angebot.pdf").click()
    assert started.value.path().read_bytes() == PDF
    page.on("dialog", lambda dialog: dialog.accept())
    for left in (2, 1, 0):
        files(page).first.get_by_role("button").click()
        expect(files(page)).to_have_count(left)


def test_a_file_that_is_too_large_is_told_without_being_sent(visit: Visit) -> None:
    visitor = visit("it.lead")
    a_request(visitor)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.method))
    visitor.page.evaluate("document.querySelector('[data-uploads]').dataset.largest = '10'")
    hand_over(visitor.page, "drop", "#attachments", "Film.png", picture())
    expect(visitor.page.locator(".uploading [role=alert]")).to_contain_text("Film.png")
    assert "POST" not in sent


def test_without_javascript_the_form_does_the_same(visit: Visit) -> None:
    address = a_request(visit("it.lead"))
    page = visit("it.lead", java_script_enabled=False).page
    page.goto(address)
    page.locator("#upload-files").set_input_files(OFFER)
    page.locator("#attachments form.upload button").click()
    expect(files(page)).to_have_count(1)
    files(page).first.get_by_role("button").click()
    expect(files(page)).to_have_count(0)
