"""Working on the list of requests: by keys, with many at once, with views of one's own, with the palette."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import violations_in_both_themes
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, days_ahead, german

LIST = "/requests/?status=ready&team=crm-platform&ordering=number"
PHONE = {"width": 390, "height": 844}


def rows(page: Page) -> Locator:
    return page.locator("[data-row]")


def title(row: Locator) -> Locator:
    return row.locator("td.main > a")


def palette(page: Page) -> Locator:
    return page.locator("#palette")


def open_palette(page: Page, words: str = "") -> Locator:
    """The chosen option, after the server has answered."""
    box = page.get_by_role("combobox", name=german("Go to or do"))
    with page.expect_response(lambda answer: f"/palette/?q={words}&" in answer.url):
        page.keyboard.press("Control+k")
        expect(box).to_be_focused()
        if words:
            box.press_sequentially(words)
    return palette(page).locator("[aria-selected=true]")


# Keys ---------------------------------------------------------------------------------------------
def test_letters_walk_choose_and_open(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto(LIST)
    page.keyboard.press("j")
    expect(title(rows(page).nth(0))).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(title(rows(page).nth(1))).to_be_focused()
    page.keyboard.press("x")
    expect(rows(page).nth(1).locator("[name=numbers]")).to_be_checked()
    expect(page.locator("[data-count]")).to_have_text(german("{n} chosen").replace("{n}", "1"))
    page.keyboard.press("a")
    expect(page.locator("[data-bulk] [name=action]")).to_be_focused()
    page.keyboard.press("Escape")
    title(rows(page).nth(1)).focus()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    address = title(rows(page).nth(1)).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(f"{address}edit/$"))


def test_keys_are_shown_and_can_be_switched_off(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/requests/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    with page.expect_response("**/people/me/keys/"):
        page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(rows(page).first.locator("a")).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.get_by_role("button", name=german("Keys")).click()
    with page.expect_response("**/people/me/keys/"):
        page.locator("[data-keys-switch]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(title(rows(page).first)).to_be_focused()


def test_letters_are_only_letters_where_one_types(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/requests/")
    page.keyboard.press("/")
    page.keyboard.type("jax?")
    expect(page.locator(".search input")).to_have_value("jax?")
    expect(page.locator("#keys")).to_be_hidden()


# Many at once -------------------------------------------------------------------------------------
def test_many_are_parked_together_and_taken_back(visit: Visit) -> None:
    visitor = visit("it.lead")
    page = visitor.page
    page.goto(LIST)
    before = [title(row).inner_text() for row in rows(page).all()][:2]
    for _row in before:
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.locator("[data-bulk] [name=action]").select_option("park")
    visitor.press("Go on")
    expect(page.locator("h1")).to_have_text(german("Park", "action"))
    visitor.fill("reason", "Erst nach der Messe")
    visitor.fill("revisit_on", days_ahead(40))
    visitor.press("Park", "action", within=page.locator("main"))
    for words in before:
        expect(page.locator("#done ~ ul, section[aria-labelledby=done]").first).to_contain_text(words)
    page.goto(LIST)
    for words in before:
        expect(page.locator("table.list")).not_to_contain_text(words)
    page.go_back()
    visitor.press("Take all of it back")
    expect(page.locator("section[aria-labelledby=done]")).to_contain_text(before[0])
    page.goto(LIST)
    for words in before:
        expect(page.locator("table.list")).to_contain_text(words)


def test_all_on_the_page_are_chosen_and_let_go(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/requests/")
    page.locator("[data-choose-all]").check()
    count = rows(page).count()
    expect(page.locator("[name=numbers]:checked")).to_have_count(count)
    page.locator("[data-choose-none]").click()
    expect(page.locator("[name=numbers]:checked")).to_have_count(0)


# Looks and views ----------------------------------------------------------------------------------
def show(page: Page, **chosen: str) -> None:
    page.locator("details:has(.look) > summary").click()
    for name, value in chosen.items():
        page.locator(f".look [name={name}]").last.select_option(value)
    page.locator(".look [name=columns][value=goal]").uncheck()
    page.locator(".look [type=submit]").click()


def test_a_look_is_kept_as_a_view_and_comes_back_by_its_name(visit: Visit) -> None:
    visitor = visit("marketing.lead")
    page = visitor.page
    page.goto("/requests/?status=open")
    show(page, group="status", density="compact")
    expect(page).to_have_url(
        re.compile("columns=status%2Cturn%2Cdifference%2Ceffort%2Cteams%2Ctandem%2Cdeadline.*group=status")
    )
    expect(page.locator("table.list.compact tr.group").first).to_be_visible()
    visitor.press("Keep as a view")
    visitor.fill("name", "Nach Stand")
    visitor.choose("team", german("Nobody, only I see it"))
    visitor.press("Keep")
    tab = page.locator(".tabs a", has_text="Nach Stand")
    expect(tab).to_have_attribute("aria-current", "page")
    page.goto("/requests/")
    tab.click()
    expect(page.locator("table.list.compact tr.group").first).to_be_visible()
    page.goto("/requests/views/")
    page.get_by_role("link", name=f"{german('Change')} Nach Stand").click()
    visitor.press("Remove this view")
    expect(page.locator("main .rows", has_text="Nach Stand")).to_have_count(0)


def test_heads_sort_and_shift_adds(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/requests/")
    head = page.locator("thead").get_by_role("link", name=german("Deadline"))
    head.click()
    expect(page).to_have_url(re.compile(r"ordering=deadline$"))
    page.locator("thead").get_by_role("link", name=german("Title")).click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile(r"ordering=deadline%2Ctitle$"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(german("Deadline"))


def test_the_link_is_copied(visit: Visit) -> None:
    page = visit("marketing", permissions=["clipboard-read", "clipboard-write"]).page
    page.goto("/requests/?status=open")
    page.get_by_role("button", name=german("Copy link")).click()
    expect(page.locator("#toasts")).to_contain_text(german("The link is copied."))
    assert page.evaluate("navigator.clipboard.readText()").endswith("/requests/?status=open")


def test_the_list_goes_out_as_a_file(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/requests/?status=ready&columns=deadline")
    page.locator("summary", has_text=german("Export")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=german("CSV for spreadsheets")).click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.splitlines()[0] == f'"{german("Number")}";"{german("Title")}";"{german("Deadline")}"'
    assert len(text.splitlines()) > 2


def test_on_paper_the_list_is_a_table_without_tools(visit: Visit) -> None:
    page = visit("marketing", viewport=PHONE).page
    page.goto("/requests/")
    page.emulate_media(media="print")
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator(".list-tools")).to_be_hidden()
    expect(page.locator("td.choose").first).to_be_hidden()
    for element, display in (("table.list", "table"), ("[data-row]", "table-row"), ("td.main", "table-cell")):
        shown = page.locator(element).first.evaluate("(element) => getComputedStyle(element).display")
        assert shown == display


# The palette --------------------------------------------------------------------------------------
def test_the_palette_goes_anywhere(visit: Visit) -> None:
    page = visit("it.lead").page
    page.goto("/")
    expect(open_palette(page, "Boards")).to_have_attribute("href", "/boards/")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/boards/$"))
    expect(open_palette(page, "T-104")).to_have_attribute("href", "/requests/104/")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/requests/104/$"))


def test_arrows_move_and_the_combobox_names_the_active_option(visit: Visit) -> None:
    page = visit("marketing").page
    page.goto("/")
    open_palette(page)
    box = page.get_by_role("combobox", name=german("Go to or do"))
    options = palette(page).get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    second = options.nth(1).get_attribute("id")
    assert second is not None
    expect(box).to_have_attribute("aria-activedescendant", second)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-said")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()


def test_the_palette_takes_a_step_of_the_open_request(visit: Visit) -> None:
    visitor: Visitor = visit("it.lead")
    page = visitor.page
    page.goto(LIST)
    title(rows(page).first).click()
    expect(page.locator("#request")).to_be_visible()
    page.keyboard.press("a")
    expect(palette(page)).to_be_visible()
    page.keyboard.press("Escape")
    option = open_palette(page, german("Park", "action"))
    expect(option).to_have_attribute("href", re.compile(r"/actions/park/$"))
    page.keyboard.press("Enter")
    expect(page.locator("#step")).to_be_visible()
    expect(page.locator("#step [name=revisit_on]")).to_be_visible()


def test_on_a_phone_the_palette_opens_by_its_button(visit: Visit) -> None:
    page = visit("marketing", viewport=PHONE).page
    page.goto("/")
    page.locator(".tool-palette").click()
    expect(page.get_by_role("combobox", name=german("Go to or do"))).to_be_focused()
    palette(page).get_by_role("option", name=german("Goals")).click()
    expect(page).to_have_url(re.compile("/goals/$"))


# For everybody ------------------------------------------------------------------------------------
def test_axe_finds_nothing_in_what_opens(visit: Visit) -> None:
    page = visit("it.lead", reduced_motion="reduce").page
    found: list[str] = []
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("x")
    found += violations_in_both_themes(page)
    page.locator("details:has(.look) > summary").click()
    found += violations_in_both_themes(page)
    page.goto("/requests/104/")
    open_palette(page)
    found += violations_in_both_themes(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += violations_in_both_themes(page)
    for path in ("/requests/views/?status=open", "/requests/?group=status&density=compact"):
        page.goto(path)
        found += violations_in_both_themes(page)
    page.goto(LIST)
    page.locator("[name=numbers]").first.check()
    page.locator("[data-bulk] [name=action]").select_option("park")
    page.locator("[data-bulk] [type=submit]").click()
    expect(page.locator("[name=revisit_on]")).to_be_visible()
    found += violations_in_both_themes(page)
    assert found == []


@pytest.mark.parametrize(
    "query", ["", "?group=status&density=compact", "?columns=labels,blocked,deadline_reason,requester,type"]
)
def test_nothing_is_wider_than_a_phone(visit: Visit, query: str) -> None:
    page = visit("it.lead", viewport=PHONE).page
    page.goto(f"/requests/{query}")
    page.locator("[name=numbers]").first.check()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("[data-unfolds]").click()
    page.locator("details:has(.look) > summary").click()
    box = page.locator(".look").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
