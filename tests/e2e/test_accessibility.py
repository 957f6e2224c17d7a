"""axe-core finds nothing on any page, light or dark; nothing is wider than a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.e2e.conftest import Visit
from tests.e2e.menu import PAGES

AXE = servers.VAR.parent / "node_modules" / "axe-core" / "axe.min.js"
# Colours are what differs between the themes; everything else is the same markup.
RULES: dict[str, dict[str, Any]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """One line for each element that breaks a rule."""
    # By the debugger: the page's own policy would refuse the script.
    page.evaluate(AXE.read_text())
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{page.url} {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", RULES)
@pytest.mark.parametrize("account", PAGES)
def test_axe_finds_nothing(visit: Visit, account: str, theme: str) -> None:
    visitor, found = visit(account, color_scheme=theme, reduced_motion="reduce"), []
    for path in PAGES[account]:
        visitor.open(path)
        found += violations(visitor.page, RULES[theme])
    assert found == []


def writes_vaguely(page: Page) -> None:
    page.locator("[name=title]").press_sequentially("Newsletter-Themen wählen")
    page.locator("[name=outcome]").press_sequentially("Alles wird besser.")
    expect(page.locator("#similar li").first).to_be_visible()
    expect(page.locator("#hint-outcome .hint")).to_be_visible()


def opens_everything(page: Page) -> None:
    """All folds of a request's page, and the dialog for an item of its checklist."""
    for closed in page.locator("main details:not([open]) > summary").all():
        if closed.is_visible():
            closed.click()
    page.locator("#item-add").click()
    expect(page.get_by_role("dialog").locator("[name=person]")).to_be_visible()


# What only shows once somebody has done something: by whom, where, what. Lists, keys and palette: test_lists.
OPENED: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "intake with hints": ("marketing", "/requests/new/?type=website_app", writes_vaguely),
    "request with all folds": ("it.lead", "/requests/91/", opens_everything),
}


@pytest.mark.parametrize("theme", RULES)
def test_axe_finds_nothing_in_what_opens(visit: Visit, theme: str) -> None:
    found = []
    for account, path, open_it in OPENED.values():
        page = visit(account, color_scheme=theme, reduced_motion="reduce").page
        page.goto(path)
        open_it(page)
        found += violations(page, RULES[theme])
    assert found == []


@pytest.mark.parametrize("account", PAGES)
def test_nothing_is_wider_than_a_phone(visit: Visit, account: str) -> None:
    page = visit(account, viewport={"width": 390, "height": 844}).page
    wide = []
    for path in PAGES[account]:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []
