"""What Tandem says of goals and understanding, done by a person of each side in their own browser."""

import re
from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

GOAL = "Einwilligungen von 1,8 auf 3 % heben"


def goal_page(page: Page) -> str:
    """The address of the goal that Campaigns and the CRM platform hold together."""
    page.goto("/goals/")
    page.get_by_role("link", name=GOAL, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GOAL)
    return page.url


def test_s4_goals_are_owned_by_both_sides_and_either_side_says_how_they_stand(visit: Visit) -> None:
    marketing, it = visit("marketing.lead"), visit("it")
    address = goal_page(marketing.page)
    expect(marketing.page.get_by_text("gemeinsames Ziel").first).to_be_visible()
    for team in ("CRM-Plattform", "Kampagnen"):
        expect(marketing.page.get_by_role("link", name=team, exact=True)).to_be_visible()
    marketing.page.goto("/goals/")
    in_tree = marketing.page.locator("#goal-tree li", has_text=GOAL)
    before = in_tree.locator(".progress-line b").inner_text()
    it.page.goto(address)
    it.page.get_by_role("link", name=re.compile("^Stand eintragen Besuche")).click()
    it.page.get_by_label("Wie steht es?").fill("2,7")
    it.page.get_by_label("Warum?").fill("Die neue Anmeldung ist online.")
    it.page.get_by_role("button", name="Speichern").click()
    # The other side sees it in the tree without loading the page again.
    expect(in_tree.locator(".progress-line b")).not_to_have_text(before)
    marketing.page.goto(address)
    result = marketing.page.locator(".key-result").first
    expect(result).to_contain_text("jetzt 2,7")
    result.get_by_text(re.compile(r"\d+ Werte")).click()
    expect(result.get_by_role("row").nth(1)).to_contain_text("Die neue Anmeldung ist online.")


def test_s6_a_request_without_a_goal_is_seen_by_both_sides_and_gets_one_in_place(visit: Visit) -> None:
    page, sides = visit("admin").page, [visit("marketing").page, visit("it").page]
    page.goto("/goals/")
    pile = page.locator("#without-goal")
    row = pile.locator("li").filter(has=page.get_by_role("combobox")).first
    key = row.locator(".number").inner_text()
    for side in sides:
        side.goto(f"/requests/{key.removeprefix('T-')}/")
        expect(side.locator("dl.facts").first).to_contain_text("kein Ziel")
    row.get_by_role("combobox").select_option(label=GOAL)
    row.get_by_role("button", name=re.compile("^Zuordnen")).click()
    expect(pile.get_by_role("status")).to_contain_text(f"{key} dient jetzt „{GOAL}“.")
    expect(pile.locator(".number", has_text=re.compile(f"^{key}$"))).to_have_count(0)
    for side in sides:
        goal_page(side)
        expect(side.locator("#served")).to_contain_text(key)


def test_s8_each_side_sees_what_the_teams_of_the_other_work_on(visit: Visit) -> None:
    for account, team in (("marketing", "crm-platform"), ("it", "campaigns"), ("outsider", "crm-platform")):
        page = visit(account).page
        page.goto(f"/teams/{team}/")
        work = page.locator("#work")
        for heading in ("Woran wir gerade arbeiten", "Was als Nächstes kommt"):
            expect(work.get_by_role("heading", name=heading)).to_be_visible()
        expect(work.locator("a[href^='/requests/']").first).to_be_visible()
    expect(work.get_by_role("heading", name="Auslastung")).to_be_visible()
    expect(page.get_by_text("mittwochs 11 Uhr vor unserem Board")).to_be_visible()


def test_s9_a_team_answers_for_being_understood(visit: Visit) -> None:
    """The other side asks and understands, the owner answers, and a change of meaning asks again."""
    reader, owner = visit("outsider"), visit("it.lead")
    address = goal_page(reader.page)
    # Its own words in each run, because the demo may run on.
    question, reply = f"Gilt das auch für Filiale {token_hex(3)}?", f"Ja, auch dort ({token_hex(3)})."
    place = reader.page.locator("#understanding")
    place.get_by_text("Fragen, was unklar ist").click()
    place.get_by_label("Was ist unklar?").fill(question)
    place.get_by_role("button", name="Fragen", exact=True).click()
    expect(place.get_by_role("status")).to_contain_text("Ihre Frage steht da.")
    owner.page.goto(address)
    theirs = owner.page.locator("#understanding li", has_text=question)
    theirs.get_by_text("Antworten", exact=True).first.click()
    theirs.get_by_label("Ihre Antwort").fill(reply)
    theirs.get_by_role("button", name="Antworten").click()
    reader.page.reload()
    answer = place.locator("dd", has_text=reply)
    answer.get_by_role("button", name="Das beantwortet meine Frage").click()
    expect(answer).to_contain_text("geklärt")
    place.get_by_label("In Ihren Worten, in einem Satz").fill("Nur wer Ja sagt, bekommt Post.")
    place.get_by_role("button", name="Das verstehe ich").click()
    expect(place).to_contain_text("Sie verstehen das")
    owner.page.goto(f"{address}edit/")
    owner.page.get_by_label("Was wir erreichen wollen").fill("Fünf von hundert sollen Ja sagen.")
    owner.page.get_by_label("Inhaltlich geändert").check()
    owner.page.get_by_label("Was sich geändert hat, in einem Satz").fill("Fünf statt drei")
    owner.page.get_by_role("button", name="Speichern").click()
    reader.page.reload()
    expect(place).to_contain_text("Fünf statt drei")
    expect(place.get_by_role("button", name="Das verstehe ich")).to_be_visible()
