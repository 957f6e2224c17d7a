"""S11 and S12 as people live them: what one can is found and passed on, and bridges are seen and asked in."""

import re
from time import monotonic

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

TEN = (
    "Datenschutz 1",
    "Verträge 1",
    "Statistik",
    "Figma 1",
    "Video 2",
    "Python 0",
    "Moderation 2",
    "Kerning 3",
)
LAST_TWO = "Übersetzen 1, Formulare 2"
SECONDS_FOR_TEN = 30


def row_of(visitor: Visitor, skill: str) -> Locator:
    return visitor.page.locator(".skill-row").filter(
        has=visitor.page.get_by_role("link", name=skill, exact=True)
    )


def beginning(visitor: Visitor, words: str, within: Locator) -> Locator:
    """The first button or link that begins with ``words``; the name of whom it is about follows."""
    name = re.compile(rf"^{re.escape(visitor.reads(words))}")
    return within.get_by_role("button", name=name).or_(within.get_by_role("link", name=name)).first


def test_s11_skills_are_entered_in_seconds_found_and_passed_on_across_the_sides(visit: Visit) -> None:
    mira, leyla = visit("marketing"), visit("it.lead")
    mira.open("/people/me/skills/")
    begun = monotonic()
    for words in (*TEN, LAST_TWO):
        mira.page.keyboard.type(words)
        mira.page.keyboard.press("Enter")
        expect(mira.page.locator("#id_skills")).to_have_value("")
    expect(row_of(mira, "Formulare")).to_be_visible()
    assert monotonic() - begun < SECONDS_FOR_TEN
    expect(row_of(mira, "Kerning")).to_contain_text(mira.reads("proposed", "skill"))
    wish = row_of(mira, "Datenschutz").get_by_label(mira.reads("I want to learn it"))
    with mira.page.expect_response(re.compile(r"/people/me/skills/\d+/")):
        wish.check()
    expect(wish).to_be_checked()
    leyla.open("/people/?skill=datenschutz")
    expect(leyla.page.locator(".rows li").filter(has_text="Mira Brandt")).to_be_visible()
    mira.open("/know-how/mentors/")
    mentor = mira.page.locator(".rows li").filter(has_text="Leyla Hoffmann")
    beginning(mira, "Ask as mentor", mentor).click()
    leyla.open("/know-how/")
    waiting = leyla.page.locator(".next .rows li").filter(has_text="Datenschutz")
    leyla.press("Yes, gladly", within=waiting)
    mira.open("/know-how/mentors/")
    expect(mira.page.locator(".rows li").filter(has_text="Datenschutz")).to_contain_text(
        mira.reads("running", "mentoring")
    )


def test_s12_bridges_decide_who_sees_it_are_found_and_asked_in(visit: Visit) -> None:
    tom, jonas = visit("it"), visit("marketing.lead")
    tom.open("/people/")
    tom.page.get_by_role("link", name="Tom Reiter").first.click()
    own = tom.page.url
    expect(tom.page.locator("#bridge-title")).to_be_visible()
    jonas.open(own)
    expect(jonas.page.locator("#skills-title")).to_be_visible()
    expect(jonas.page.locator("#bridge-title")).to_have_count(0)
    tom.press("Let leads see it")
    expect(tom.button("Take it back")).to_be_visible()
    jonas.open(own)
    expect(jonas.page.locator("#bridge-title")).to_be_visible()
    tom.press("Take it back")
    expect(tom.button("Let leads see it")).to_be_visible()
    jonas.open(own)
    expect(jonas.page.locator("#skills-title")).to_be_visible()
    expect(jonas.page.locator("#bridge-title")).to_have_count(0)
    jonas.open("/know-how/")
    potentials = jonas.page.locator("[aria-labelledby=potentials-title] .rows li")
    expect(potentials.filter(has_text="Anna Kling").first).to_contain_text(jonas.reads("Next step:"))
    jonas.open("/know-how/teams/")
    expect(jonas.page.locator(".note")).to_contain_text("Kundenservice")


def test_s12_somebody_who_knows_both_sides_is_asked_into_a_request(visit: Visit) -> None:
    mira = visit("marketing")
    number = with_translators(mira)
    mira.open(f"/requests/{number}/")
    card = mira.page.locator("[aria-labelledby=translators-title]")
    beginning(mira, "Ask them in", card).click()
    message = mira.page.locator("#step [name=body]")
    expect(message).to_have_value(re.compile(r"^@\[.+\]\(person:\d+\), "))
    name = re.match(r"@\[([^\]]+)\]", message.input_value())
    assert name
    mira.press("Ask", within=mira.page.locator("#step"))
    expect(mira.page.locator(".talk li").last).to_contain_text(f"@{name[1]}")


def with_translators(visitor: Visitor) -> int:
    """The number of an open request for which somebody could translate who has no part in it yet."""
    listed = visitor.page.request.get("/api/v1/requests/?status=open&limit=100").json()["results"]
    for row in listed:
        inside = {seat["id"] for seat in (row["marketing_owner"], row["it_owner"], row["requester"]) if seat}
        path = f"/api/v1/requests/{row['number']}/translators/"
        people = visitor.page.request.get(path).json()["people"]
        if people and not {one["person"]["id"] for one in people} & inside:
            return int(row["number"])
    raise AssertionError("nobody of the demo could translate anything")
