"""A stranger is spoken to in the browser's language; everybody else chooses."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import german


def test_a_person_switches_to_english_and_back(visit: Visit) -> None:
    visitor = visit("outsider")
    visitor.open("/requests/?status=ready")
    page = visitor.page
    visitor.choose_language("de")
    expect(page.locator("h1")).to_have_text(german("Requests"))
    visitor.choose_language("en")
    expect(page).to_have_url(re.compile(r"/requests/\?status=ready$"))
    expect(page.locator("h1")).to_have_text("Requests")
    visitor.open("/boards/crm-platform/")
    expect(page.get_by_role("list", name="In progress")).to_be_visible()
    visitor.choose_language("de")
    expect(page.get_by_role("list", name=german("In progress"))).to_be_visible()


@pytest.mark.parametrize("locale", ["de-AT", "en-GB"])
def test_the_first_page_speaks_the_browsers_language(visit: Visit, locale: str) -> None:
    page = visit(locale=locale).page
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
