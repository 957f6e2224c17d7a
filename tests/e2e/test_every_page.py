"""Every page of the menu, loaded once for each person: axe in both themes, a phone's width, the console."""

from dataclasses import dataclass, field
from functools import partial

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from tests.e2e.axe import CONTRAST, EVERYTHING, violations
from tests.e2e.conftest import WIDE, Visit
from tests.e2e.menu import FOREIGN, PAGES

LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
# The page itself was asked for; its status is no defect of it.
ASKED_FOR = ("status of 403 (Forbidden)", "status of 404 (Not Found)")
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Found:
    """What is wrong with a person's pages, a line for each."""

    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def complaints(page: Page) -> list[str]:
    """What the browser complains about, collected from now on."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        own = message.location.get("url", "") == page.url and any(
            status in message.text for status in ASKED_FOR
        )
        if message.type in ("error", "warning") and not own:
            said.append(f"{page.url}: {message.text}")

    page.add_init_script(LISTEN)
    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    return said


def look_at(page: Page, path: str, found: Found) -> None:
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    found.light += violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found.dark += violations(page, CONTRAST)
    page.set_viewport_size(PHONE)
    if page.evaluate(WIDER):
        found.wide.append(path)


@pytest.fixture(scope="module")
def seen() -> dict[str, Found]:
    return {}


@pytest.fixture
def found(visit: Visit, account: str, seen: dict[str, Found]) -> Found:
    """What is wrong with the pages of ``account``, looked at once for all tests of this module."""
    if account not in seen:
        page, here = visit(account, service_workers="allow").page, Found()
        here.said = complaints(page)
        for path in PAGES[account]:
            look_at(page, path, here)
        for path in FOREIGN.get(account, []):
            page.goto(path, wait_until="load")
        seen[account] = here
    return seen[account]


every_account = partial(pytest.mark.parametrize, "account", list(PAGES))


@every_account()
def test_axe_finds_nothing(found: Found) -> None:
    assert found.light == []


@every_account()
def test_every_colour_has_contrast_in_the_dark(found: Found) -> None:
    assert found.dark == []


@every_account()
def test_nothing_is_wider_than_a_phone(found: Found) -> None:
    assert found.wide == []


@every_account()
def test_no_page_makes_the_browser_complain(found: Found) -> None:
    """Nor does any break the content security policy."""
    assert found.said == []


def test_a_breach_of_the_policy_would_be_noticed(visit: Visit) -> None:
    visitor = visit()
    said = complaints(visitor.page)
    visitor.open("/accounts/login/")
    with visitor.page.expect_event("console", lambda one: "script-src" in one.text):
        visitor.page.evaluate("""() => {
          const script = document.createElement("script");
          script.textContent = "window.injected = true";
          document.body.append(script);
        }""")
    assert any("script-src" in words for words in said)
    assert visitor.page.evaluate("window.injected") is None
