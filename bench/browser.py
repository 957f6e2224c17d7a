"""What a browser needs for a board: Chromium opens it and drags a card, beside an empty page."""

import os
import shutil
import statistics
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench.client import HOST
from bench.scenarios import Actor, biggest_team, lead
from requests_app.boards.making import make_board

VIEW: ViewportSize = {"width": 1440, "height": 900}
STEPS = 40
# Notes each frame's time while a card is dragged.
RECORD = """() => {
  window.frameTimes = [];
  let last = performance.now();
  const note = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    window.going && requestAnimationFrame(note);
  };
  window.going = true;
  requestAnimationFrame(note);
}"""
FRAMES = "() => { window.going = false; return window.frameTimes; }"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
FIRST_BYTE = "() => performance.getEntriesByType('navigation')[0].responseStart"


@dataclass(frozen=True)
class Look:
    """Milliseconds; ``frame`` is the 95th percentile of the frames of a drag, 0 where nothing is dragged."""

    first_byte: float
    paint: float
    script: float
    frame: float


def program() -> str | None:
    """The path of Chromium; None where there is none."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium") or shutil.which("chromium-browser")


def measured(port: int, looks: int) -> dict[str, dict[str, float]]:
    """The median of so many looks at each page; empty without Chromium."""
    path = program()
    if path is None:
        return {}
    by = lead()
    cookie, team = Actor(by).reads["Cookie"], biggest_team()
    everything = make_board({"name": "All teams"}, by=by)
    pages = {
        "empty page": "/bench/bare/",
        "board of 300 cards": f"/boards/{team.slug}/",
        "board of all teams": f"/boards/{everything.slug}/",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        found = {
            name: _median(browser, f"http://{HOST}:{port}{page}", cookie, looks)
            for name, page in pages.items()
        }
        browser.close()
    return found


def _median(browser: Browser, url: str, cookie: str, looks: int) -> dict[str, float]:
    seen = [_look(browser, url, cookie) for _look_number in range(looks)]
    return {name: statistics.median(getattr(look, name) for look in seen) for name in vars(seen[0])}


def _look(browser: Browser, url: str, cookie: str) -> Look:
    context = browser.new_context(viewport=VIEW)
    context.add_cookies([_cookie(pair, url) for pair in cookie.split("; ")])
    page = context.new_page()
    metrics = context.new_cdp_session(page)
    metrics.send("Performance.enable")
    page.goto(url, wait_until="load")
    page.wait_for_timeout(500)
    script = 1000 * _metric(metrics.send("Performance.getMetrics"), "ScriptDuration")
    look = Look(page.evaluate(FIRST_BYTE), page.evaluate(PAINTED), script, _drag(page))
    context.close()
    return look


def _cookie(pair: str, url: str) -> Any:
    name, _, value = pair.partition("=")
    return {"name": name, "value": value, "url": url}


def _metric(found: dict[str, Any], name: str) -> float:
    return float(next(one["value"] for one in found["metrics"] if one["name"] == name))


def _drag(page: Page) -> float:
    """Carry the first card over the column beside it and back, and let it go where it was."""
    cards = page.locator("[data-board][data-ready] [data-n]")
    if not cards.count():
        return 0.0
    box = cards.first.bounding_box()
    if box is None:
        return 0.0
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 4, steps=4)
    page.evaluate(RECORD)
    page.mouse.move(x + 1.2 * box["width"], y + 80, steps=STEPS)
    page.mouse.move(x, y, steps=STEPS)
    frames = sorted(page.evaluate(FRAMES))
    page.keyboard.press("Escape")
    page.mouse.up()
    return float(frames[int(0.95 * len(frames))]) if frames else 0.0
