"""What PRODUCT claims of solutions and touchpoints, used by people of both sides."""

import re

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german

GAP = "wishes, but no solution"
PURPOSE = (
    "Partner tragen ihre Angebote selbst ein. Sie prüfen sie mit einem Klick. "
    "Danach stehen sie im Shop und in der App, mit Namen und Ablaufdatum des Partners."
)


def tile(page: Page, touchpoint: str) -> Locator:
    return page.locator(f"a.place[href='#touchpoint-{touchpoint}']")


def row(page: Page, touchpoint: str) -> Locator:
    return page.locator(f"#touchpoint-{touchpoint}")


def describes(it: Visitor, title: str) -> None:
    """A solution at the touchpoint of partners; the hint beside the form reads along."""
    it.open("/solutions/new/")
    reading = it.page.locator(".reading [role=status]")
    it.page.locator("[name=title]").fill(title)
    it.page.locator("[name=purpose]").press_sequentially(PURPOSE)
    expect(reading).to_contain_text(german("reads easily"))
    it.fill("limits", "Es rechnet nichts ab.")
    it.fill("what_to_do", "Ein Angebot ist falsch: sperren und den Partner anrufen.")
    it.page.get_by_label("Partner", exact=True).check()
    it.press("Save")
    expect(it.page.locator("h1")).to_have_text(title)


def test_s3_a_personal_experience_over_all_touchpoints_has_a_map_that_shows_its_gaps(visit: Visit) -> None:
    """S3: touchpoints on every request and solution, and a touchpoint map."""
    marketing, it = visit("marketing"), visit("it")
    page = marketing.page
    marketing.open("/touchpoints/")
    expect(page.locator(".journey > li")).to_have_count(5)
    expect(tile(page, "partner")).to_contain_text(german(GAP))

    # By the keyboard alone: from the tile to its row, and on to the requests behind the number.
    tile(page, "partner").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/touchpoints/#touchpoint-partner$"))
    wishes = row(page, "partner").locator("a[href*='touchpoint=partner']")
    count = int(re.findall(r"\d+", wishes.inner_text())[0])
    page.keyboard.press("Tab")
    expect(wishes).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("Partner")
    expect(page.locator("table.requests tbody tr[data-row]")).to_have_count(count)

    # IT closes the gap; Marketing sees with what.
    describes(it, "Partnerportal")
    marketing.open("/touchpoints/")
    expect(tile(page, "partner")).not_to_contain_text(german(GAP))
    row(page, "partner").get_by_role("link", name="Partnerportal").click()
    expect(page.locator("h1")).to_have_text("Partnerportal")
    expect(page.locator("main")).to_contain_text("Es rechnet nichts ab.")
    expect(marketing.button("Edit")).to_have_count(0)


def in_words(understood: int, of: int) -> str:
    """What the step of delivering says of a solution."""
    one = "Understood so far by %(number)s of %(of)s person whose work it shapes."
    many = "Understood so far by %(number)s of %(of)s people whose work it shapes."
    with translation.override("de"):
        return translation.ngettext(one, many, of) % {"number": understood, "of": of}


def hands_over(it: Visitor, number: int, title: str) -> None:
    """Without what the solution cannot do it is not handed over."""
    dialog = it.page.get_by_role("dialog")
    it.open(f"/requests/{number}/")
    it.press("Hand over for review", within=it.page.locator(".next"))
    it.fill("explainer_title", title, within=dialog)
    it.fill("explainer_text", "Kundinnen tauschen Punkte gegen Bäume.", within=dialog)
    it.press("Hand over for review", within=dialog)
    expect(dialog).to_contain_text(
        german("Say as well what it cannot do and what to do when something is unusual.")
    )
    it.fill("explainer_limits", "Punkte kommen nicht zurück.", within=dialog)
    it.fill("explainer_what_to_do", "Jemand bereut es: den Dienst anrufen.", within=dialog)
    it.press("Hand over for review", within=dialog)
    expect(it.page.locator(".life [aria-current=step]")).to_have_text(german("In review"))


def in_progress(it: Visitor) -> int:
    """A request that ``it`` may hand over and whose asking team is that of ``marketing``."""
    answer = it.page.evaluate(
        """async () => (await (await fetch(
            "/api/v1/requests/?status=in_progress&team=campaigns&owner=me&blocked=false&ordering=number"
        )).json()).results"""
    )
    return next(int(one["number"]) for one in answer if one["serving_team"] == "crm-platform")


def test_s13_nobody_builds_on_what_only_few_master_and_those_concerned_understand(visit: Visit) -> None:
    """S13: explainer, number of experts, understanding coverage; no delivery without an explainer."""
    it, marketing = visit("it"), visit("marketing")
    it.open("/solutions/")
    number = in_progress(it)
    hands_over(it, number, "Punkte gegen Bäume")

    # Marketing reads and understands it; nobody masters it yet, and two candidates are named.
    page = marketing.page
    marketing.open(f"/requests/{number}/")
    page.get_by_role("link", name="Punkte gegen Bäume").click()
    expect(page.locator("main")).to_contain_text("Punkte kommen nicht zurück.")
    expect(page.locator("main")).to_contain_text(
        german("Nobody keeps this running alone. If something is wrong, nobody can help.")
    )
    expect(page.locator("[aria-labelledby=experts-title] .checks li")).to_have_count(2)
    marketing.press("I understand this", within=page.locator("#understanding"))
    expect(page.locator("#understanding")).to_contain_text(german("You understand this"))

    # Whoever delivers sees how many understand it so far.
    owner = visit("marketing.lead")
    owner.open(f"/requests/{number}/actions/deliver/")
    people = owner.page.locator("main .note")
    expect(people).to_contain_text(re.compile(re.escape(in_words(1, 99)).replace("99", r"\d+")))

    # IT names two who master it, and the warning is gone.
    it.open("/solutions/punkte-gegen-baume/")
    for account, level in (("it@demo.example", "3"), ("ida.schwarz@demo.example", "4")):
        it.page.get_by_text(german("Name somebody")).click()
        it.fill("person", account)
        it.choose("level", level)
        it.press("Save", within=it.page.locator("[aria-labelledby=experts-title]"))
        expect(it.page.locator("[aria-labelledby=experts-title]")).to_contain_text(
            {"3": german("keeps it running alone"), "4": german("teaches it to others")}[level]
        )
    expect(it.page.locator("[aria-labelledby=experts-title] .note")).to_have_count(0)
