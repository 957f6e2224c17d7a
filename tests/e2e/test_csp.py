"""No page breaks the content security policy or says anything in the browser's console."""

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.conftest import Visit
from tests.e2e.menu import FOREIGN, PAGES

LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
# The page itself was asked for; its status is no defect of it.
ASKED_FOR = ("status of 403 (Forbidden)", "status of 404 (Not Found)")


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


@pytest.mark.parametrize("account", PAGES)
def test_no_page_makes_the_browser_complain(visit: Visit, account: str) -> None:
    visitor = visit(account, service_workers="allow")
    said = complaints(visitor.page)
    for path in [*PAGES[account], *FOREIGN.get(account, [])]:
        visitor.page.goto(path, wait_until="load")
    assert said == []


def test_a_breach_of_the_policy_would_be_noticed(visit: Visit) -> None:
    visitor = visit()
    said = complaints(visitor.page)
    visitor.open("/accounts/login/")
    visitor.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
    }""")
    visitor.page.wait_for_timeout(0)
    assert any("script-src" in words for words in said)
    assert visitor.page.evaluate("window.injected") is None
