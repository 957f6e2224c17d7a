"""axe-core finds nothing on any page, light or dark; nothing is wider than a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests import servers
from tests.e2e.conftest import Visit
from tests.e2e.menu import PAGES

AXE = servers.VAR.parent / "node_modules" / "axe-core" / "axe.min.js"
# Colours are what differs between the themes; everything else is the same markup.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}


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


@pytest.mark.parametrize("account", PAGES)
def test_axe_finds_nothing(visit: Visit, account: str) -> None:
    # A colour on its way from one theme to the other is no colour of the design.
    visitor, found = visit(account, reduced_motion="reduce"), []
    for path in PAGES[account]:
        visitor.open(path)
        for theme, options in RULES.items():
            visitor.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found += violations(visitor.page, options)
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
