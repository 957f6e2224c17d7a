"""Two people change the same request: both texts stand side by side, and nothing of either is lost."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import CONTRAST, EVERYTHING, violations
from tests.e2e.conftest import Visit
from tests.e2e.visitor import NEED, OUTCOME, Visitor, german

THEIRS = "Wunschzettel aus der Merkliste teilen"
MINE = "Merkliste als Wunschzettel verschicken"
LONGER = "Die Liste soll auch ausgedruckt gut zu lesen sein.\nGroßeltern drucken sie gern aus."


@pytest.fixture
def editing(visit: Visit) -> tuple[int, Visitor, Visitor]:
    """A request that two people are about to change: its requester, and an administrator."""
    requester, admin = visit("marketing.lead"), visit("admin")
    requester.open("/requests/new/")
    requester.describe("Wunschzettel")
    requester.fill("outcome", OUTCOME)
    requester.press("Submit request")
    number = requester.submitted()
    for visitor in (requester, admin):
        visitor.open(f"/requests/{number}/edit/")
    return number, requester, admin


def clash(number: int, requester: Visitor, admin: Visitor) -> None:
    """The requester saves first, so the administrator gets to see both texts."""
    requester.fill("title", THEIRS)
    requester.fill("outcome", LONGER)
    requester.press("Save changes")
    requester.submitted()
    admin.fill("title", MINE)
    admin.fill("customer_need", f"{NEED} Auch im Sommer.")
    admin.press("Save changes")
    expect(admin.page.locator(".errors-summary h2")).to_have_text(
        german("Changed meanwhile: compare both texts")
    )


def test_both_texts_stand_side_by_side_and_nothing_is_lost(editing: tuple[int, Visitor, Visitor]) -> None:
    number, requester, admin = editing
    clash(number, requester, admin)
    page = admin.page
    expect(page.locator("[name=title]")).to_have_value(MINE)
    expect(page.locator("#id_title_theirs")).to_have_text(THEIRS)
    mine, theirs = (page.locator(f".both {one}").bounding_box() for one in (".mine", ".theirs"))
    assert mine is not None
    assert theirs is not None
    assert mine["x"] + mine["width"] <= theirs["x"]
    # What only one of the two has changed is there as well.
    expect(page.locator("[name=customer_need]")).to_have_value(f"{NEED} Auch im Sommer.")
    expect(page.locator("[name=outcome]")).to_have_value(LONGER)
    admin.press("Save changes")
    admin.submitted()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MINE)
    for text in ("Auch im Sommer.", "Großeltern drucken sie gern aus."):
        expect(page.get_by_role("main")).to_contain_text(text)
    assert f"/requests/{number}/" in page.url


def test_the_page_is_accessible_and_fits_a_phone(editing: tuple[int, Visitor, Visitor]) -> None:
    clash(*editing)
    page = editing[2].page
    assert violations(page, EVERYTHING) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, CONTRAST) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
