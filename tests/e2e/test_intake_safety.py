"""What somebody typed is neither lost nor filed twice."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import NEED, OUTCOME, Visitor, german


@pytest.fixture
def marketing(visit: Visit) -> Visitor:
    visitor = visit("marketing.lead")
    visitor.open("/requests/new/")
    return visitor


def unused(title: str) -> str:
    """``title`` with something that no request has, whatever an earlier run has left."""
    return f"{title} {secrets.token_hex(4)}"


def filed(visitor: Visitor, title: str) -> int:
    """How many requests bear ``title``."""
    visitor.open(f"/requests/?q={title}")
    return visitor.page.get_by_role("main").get_by_role("link", name=title).count()


def assert_typed(visitor: Visitor, title: str) -> None:
    expect(visitor.page.locator("[name=title]")).to_have_value(title)
    expect(visitor.page.locator("[name=customer_need]")).to_have_value(NEED)
    expect(visitor.page.locator("[name=outcome]")).to_have_value(OUTCOME)
    expect(visitor.page.locator("[name=type]")).to_have_value("website_app")


def test_a_double_click_files_one_request(marketing: Visitor) -> None:
    title = unused("Beleg gleich nach dem Kauf als Datei")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    marketing.button("Submit request").dblclick()
    marketing.submitted()
    assert filed(marketing, title) == 1


def test_back_and_submit_again_leads_to_the_same_request(marketing: Visitor) -> None:
    # Without it the page becomes that of the draft; tests/e2e/test_intake_help.py goes that way.
    marketing.page.route("**/requests/new/save/", lambda route: route.abort())
    title = unused("Größenberater merkt sich die Füße")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    marketing.press("Submit request")
    first = marketing.submitted()
    marketing.page.go_back()
    assert_typed(marketing, title)
    marketing.press("Submit request")
    assert marketing.submitted() == first
    assert filed(marketing, title) == 1


def test_what_was_typed_is_there_after_signing_in_again(marketing: Visitor) -> None:
    title = unused("Abholzeit in der Filiale selbst wählen")
    page = marketing.page
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    page.context.clear_cookies(name="sessionid")
    marketing.press("Submit request")
    kept = german("Your session had ended. Sign in again: what you typed is kept.")
    expect(page.locator("body")).to_contain_text(kept)
    page.locator("button[value='marketing.lead@demo.example']").click()
    assert_typed(marketing, title)
    marketing.press("Submit request")
    marketing.submitted()
    assert filed(marketing, title) == 1


def test_signing_in_again_in_another_tab_loses_nothing(marketing: Visitor) -> None:
    """Another sign-in changes the secret that guards forms; the old form has the former one."""
    title = unused("Ersatzteile zur Kaffeemühle finden")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    other = Visitor(marketing.page.context.new_page())
    other.open("/")
    other.page.locator(".top details.drop > summary").click()
    other.press("Sign out")
    other.sign_in("marketing.lead")
    marketing.press("Submit request")
    marketing.submitted()
    assert filed(marketing, title) == 1
