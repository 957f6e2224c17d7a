"""On a phone that has lost its connection, and as an app of its own."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.axe import EVERYTHING, violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import german, in_language

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  return found;
}"""


def wait_for_the_worker(page: Page) -> None:
    page.evaluate(
        "navigator.serviceWorker.ready.then((found) => new Promise((go) => {"
        "  if (found.active.state === 'activated') go();"
        "  found.active.addEventListener('statechange', go, { once: true }); }))"
    )


def test_without_a_connection_a_page_says_so_and_tries_again(visit: Visit) -> None:
    page = visit("marketing", service_workers="allow", **PHONE).page
    page.goto("/inbox/")
    wait_for_the_worker(page)
    page.context.set_offline(True)
    page.goto("/requests/85/")
    expect(page.get_by_role("heading", level=1)).to_have_text(german("You are offline"))
    expect(page.get_by_text(in_language("en", "You are offline"))).to_be_visible()
    assert violations(page, EVERYTHING) == []
    assert page.evaluate("document.fonts.check('16px Inter') && document.styleSheets.length") == 2
    page.context.set_offline(False)
    page.get_by_role("link", name=german("Try again")).click()
    expect(page).to_have_url("/requests/85/")
    expect(page.locator("nav.bottom")).to_be_visible()


def test_nothing_that_belongs_to_anybody_is_kept(visit: Visit) -> None:
    page = visit("marketing", service_workers="allow").page
    for path in ("/", "/requests/85/", "/inbox/"):
        page.goto(path)
        wait_for_the_worker(page)
    kept = page.evaluate(KEPT)
    assert "/offline/" in kept
    assert all(path.startswith("/static/") for path in kept if path != "/offline/")


def test_the_browser_finds_nothing_wrong_with_the_manifest(visit: Visit) -> None:
    page = visit("marketing", service_workers="allow").page
    page.goto("/")
    wait_for_the_worker(page)
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"].endswith("/manifest.webmanifest?language=de")
    reasons = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A private window, as tests use it, can never install.
    assert {one["errorId"] for one in reasons} <= {"in-incognito"}


def test_the_bar_around_the_page_follows_light_and_dark(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/")
    bar = page.locator("meta[name=theme-color]")
    expect(bar).to_have_attribute("content", "#f4f5f8")
    page.emulate_media(color_scheme="dark")
    expect(bar).to_have_attribute("content", "#11151b")
