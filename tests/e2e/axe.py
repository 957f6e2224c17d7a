"""axe-core on a page as it stands."""

from typing import Any

from playwright.sync_api import Page

from tests import servers

AXE = servers.VAR.parent / "node_modules" / "axe-core" / "axe.min.js"
# What passes is not written down: on a page with many elements that takes most of the time.
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
# Colours are what differs between the themes; everything else is the same markup.
CONTRAST: dict[str, Any] = {**EVERYTHING, "runOnly": ["color-contrast"]}
# A change of theme begins with the next frame; a colour caught half-way has no contrast. What moves for ever
# (longer than these milliseconds) is not waited for.
AT_REST = """async () => {
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  const ends = (one) => one.effect.getComputedTiming().endTime < 2000;
  const ending = () => document.getAnimations().filter(ends);
  do {
    await frame(); await frame();
    await Promise.allSettled(ending().map((one) => one.finished));
  } while (ending().length);
}"""


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """One line for each element that breaks a rule, once nothing moves any more."""
    page.evaluate(AT_REST)
    if not page.evaluate("Boolean(window.axe)"):
        # By the debugger: the page's own policy would refuse the script.
        page.evaluate(AXE.read_text())
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{page.url} {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def violations_in_both_themes(page: Page) -> list[str]:
    found = violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += violations(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return found
