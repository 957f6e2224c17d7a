"""The page that documents the API works under the strict content security policy."""

from playwright.sync_api import Page

NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def test_the_api_is_shown_and_tried_out_without_a_violation(page: Page, base_url: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(NOTE_VIOLATIONS)
    page.goto(f"{base_url}/accounts/login/?next=/api/v1/docs/")
    page.fill("[name=login]", "it@demo.example")
    page.fill("[name=password]", "tandem-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/api/v1/docs/")
    page.locator(".opblock-summary-get").first.click()
    page.locator(".try-out__btn").first.click()
    page.locator("button.execute").first.click()
    status = page.locator(".live-responses-table .response .response-col_status").first
    status.wait_for()
    assert "200" in status.inner_text()
    assert page.evaluate("window.violations") == []
    assert errors == []
