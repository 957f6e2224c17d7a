"""A person before the browser: signed in, reading German, using words instead of addresses where they can."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from re import Pattern

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from portal.embedded.programs import wait_until

# The demo works on two cores that may be busy; an assertion ends as soon as it holds. Pages that hear of
# nothing ask for themselves after a minute: before that, what comes has been told.
expect.set_options(timeout=30_000)
# Seconds, for what no assertion of Playwright's waits for.
PATIENCE = 60.0

NEED = "Familien fragen vor Weihnachten in den Filialen nach einer Liste, die sie weitergeben können."
OUTCOME = (
    "Mit zwei Handgriffen entsteht aus der Merkliste ein Wunschzettel, den auch Großeltern öffnen können."
)


def german(text: str, context: str | None = None) -> str:
    """What a German page says for ``text`` of the code, so that better words break no test."""
    return in_language("de", text, context)


def in_language(language: str, text: str, context: str | None = None) -> str:
    with translation.override(language):
        return translation.pgettext(context, text) if context else translation.gettext(text)


def exactly(text: str) -> Pattern[str]:
    """``text`` as a whole, whatever marks stand behind it ("…", a key)."""
    return re.compile(rf"^\s*{re.escape(text)}(\s*…|\s+\S+)?\s*$")


def comes(page: Page, expression: str, arg: object = None) -> bool:
    """Whether ``expression`` becomes true in the page.

    Playwright's own waiting evaluates text in the page, which the policy refuses where it looks twice.
    """
    return wait_until(lambda: bool(page.evaluate(expression, arg)), PATIENCE)


@dataclass
class Visitor:
    """One signed-in person, their page, and the language that they read."""

    page: Page
    language: str = "de"

    def sign_in(self, account: str) -> None:
        """Press the button of a demo account on the sign-in page."""
        self.page.goto("/accounts/login/")
        self.page.locator(f"button[value='{account}@demo.example']").click()
        expect(self.page.locator("nav.side")).to_be_attached()

    def reads(self, text: str, context: str | None = None) -> str:
        """What a page says to this person for ``text`` of the code."""
        return in_language(self.language, text, context)

    def choose_language(self, language: str) -> None:
        """Switch by the menu of the page; the choice is the person's, in whatever browser."""
        self.page.locator(".top details.drop > summary").click()
        self.page.locator(f".top button[name=language][value={language}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        self.language = language

    def open(self, path: str) -> None:
        self.page.goto(path)

    def button(self, text: str, context: str | None = None, within: Locator | None = None) -> Locator:
        """The button or link that says ``text``."""
        place, name = within or self.page, exactly(self.reads(text, context))
        return place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first

    def press(self, text: str, context: str | None = None, within: Locator | None = None) -> None:
        self.button(text, context, within).click()

    def fill(self, name: str, value: str, within: Locator | None = None) -> None:
        (within or self.page).locator(f"[name={name}]").fill(value)

    def choose(self, name: str, option: str) -> None:
        self.page.locator(f"[name={name}]").select_option(option)

    def describe(self, title: str) -> None:
        """Fill in what a request needs at least, except its outcome."""
        self.fill("customer_need", NEED)
        self.fill("title", title)
        self.choose("type", "website_app")
        self.fill("requesting_team", "Kampagnen")

    def submitted(self) -> int:
        """The number of the request whose page has just opened."""
        expect(self.page).to_have_url(re.compile(r"/requests/\d+/(#.*)?$"))
        return int(self.page.url.split("/requests/")[1].partition("/")[0])

    def drag(self, card: Locator, column: Locator) -> None:
        """Carry ``card`` with the mouse sideways over ``column`` and let it go there."""
        expect(self.page.locator("[data-board][data-ready]")).to_be_attached()
        card.scroll_into_view_if_needed()
        # Cards get their real height when they come into view and move those below; then all stand.
        self.page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
        start, end, mouse = card.bounding_box(), column.bounding_box(), self.page.mouse
        assert start is not None
        assert end is not None
        x, y, to = start["x"] + start["width"] / 2, start["y"] + 12, end["x"] + end["width"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 12, y + 4, steps=4)
        mouse.move(to, y + 4, steps=12)
        # Down a little, so that it ends over a card and not in the gap between two.
        mouse.move(to, y + 48, steps=12)
        mouse.up()


def days_ahead(days: int) -> str:
    """A day as a date input takes it."""
    return (date.today() + timedelta(days=days)).isoformat()
