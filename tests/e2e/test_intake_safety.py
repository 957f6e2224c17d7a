"""What somebody typed is neither lost nor filed twice."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import NEED, OUTCOME, Visitor, german


@pytest.fixture
def marketing(visit: Visit) -> Visitor:
    visitor = visit("marketing.lead")
    visitor.open("/requests/new/")
    return visitor


def unused(title: str) -> str:
    """``title`` with something that no request has, whatever an earlier run has left."""
    return f"{title} {secrets.token_hex(4)}"


def filed(visitor: Visitor, title: str) -> int:
    """How many requests bear ``title``."""
    visitor.open(f"/requests/?q={title}")
    return visitor.page.get_by_role("main").get_by_role("link", name=title).count()


def assert_typed(visitor: Visitor, title: str) -> None:
    expect(visitor.page.locator("[name=title]")).to_have_value(title)
    expect(visitor.page.locator("[name=customer_need]")).to_have_value(NEED)
    expect(visitor.page.locator("[name=outcome]")).to_have_value(OUTCOME)
    expect(visitor.page.locator("[name=type]")).to_have_value("website_app")


def test_a_double_click_files_one_request(marketing: Visitor) -> None:
    title = unused("Beleg gleich nach dem Kauf als Datei")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    marketing.button("Submit request").dblclick()
    marketing.submitted()
    assert filed(marketing, title) == 1


def test_enter_in_a_line_keeps_the_draft_and_hands_nothing_in(marketing: Visitor) -> None:
    title, page = unused("Merkzettel für die ganze Familie"), marketing.page
    marketing.describe(title)
    page.locator("[name=title]").press("Enter")
    expect(page).to_have_url(re.compile(r"/requests/\d+/edit/$"))
    page.locator("[name=serving_team]").press("Enter")
    expect(page).to_have_url(re.compile(r"/requests/\d+/edit/$"))
    page.reload()
    expect(page.locator("[name=title]")).to_have_value(title)


def test_a_draft_is_thrown_away_after_a_second_question(marketing: Visitor) -> None:
    title, page = unused("Rabatt für das zweite Paar"), marketing.page
    marketing.describe(title)
    marketing.press("Throw away")
    dialog = page.locator("#throw-away")
    marketing.press("Keep the draft", within=dialog)
    expect(page.locator("[name=title]")).to_have_value(title)
    draft = page.url
    marketing.press("Throw away")
    marketing.press("Throw away", within=dialog)
    expect(page.locator("#content")).to_contain_text(german("The draft is gone."))
    answer = page.request.get(draft)
    assert answer.status == 404


def test_back_and_submit_again_leads_to_the_same_request(marketing: Visitor) -> None:
    # Without it the page becomes that of the draft; tests/e2e/test_intake_help.py goes that way.
    marketing.page.route("**/requests/new/save/", lambda route: route.abort())
    title = unused("Größenberater merkt sich die Füße")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    marketing.press("Submit request")
    first = marketing.submitted()
    marketing.page.go_back()
    assert_typed(marketing, title)
    marketing.press("Submit request")
    assert marketing.submitted() == first
    assert filed(marketing, title) == 1


def test_what_was_typed_is_there_after_signing_in_again(marketing: Visitor) -> None:
    title = unused("Abholzeit in der Filiale selbst wählen")
    page = marketing.page
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    page.context.clear_cookies(name="sessionid")
    marketing.press("Submit request")
    kept = german("Your session had ended. Sign in again: what you typed is kept.")
    expect(page.locator("body")).to_contain_text(kept)
    page.locator("button[value='marketing.lead@demo.example']").click()
    assert_typed(marketing, title)
    marketing.press("Submit request")
    marketing.submitted()
    assert filed(marketing, title) == 1


def test_signing_in_again_in_another_tab_loses_nothing(visit: Visit) -> None:
    """Another sign-in changes the secret that guards forms; the old form has the former one."""
    marketing = visit("marketing.lead", alone=True)
    marketing.open("/requests/new/")
    title = unused("Ersatzteile zur Kaffeemühle finden")
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    signed_in_beside(marketing, "marketing.lead")
    marketing.press("Submit request")
    marketing.submitted()
    assert filed(marketing, title) == 1


def sign_in_again(visitor: Visitor, account: str) -> None:
    kept = german("Your session had ended. Sign in again: what you typed is kept.")
    expect(visitor.page.locator("body")).to_contain_text(kept)
    visitor.page.locator(f"button[value='{account}@demo.example']").click()


def test_a_button_leads_back_to_its_page_after_signing_in_again(marketing: Visitor) -> None:
    """Its own address has no page; with scripts the form says for whom it was drawn, and holds no text."""
    page = marketing.page
    marketing.open("/inbox/?show=unread")
    page.context.clear_cookies(name="sessionid")
    page.locator("form[action='/inbox/read/'] button").click()
    page.locator("button[value='marketing.lead@demo.example']").click()
    expect(page.locator("nav.side")).to_be_attached()
    expect(page).to_have_url(re.compile(r"/inbox/\?show=unread$"))


def test_a_comment_is_there_after_signing_in_again(marketing: Visitor) -> None:
    words, page = unused("Das haben wir im Sommer schon einmal besprochen"), marketing.page
    marketing.open("/requests/?status=open")
    page.locator("main .list td a").first.click()
    page.locator("[name=body]").fill(words)
    page.context.clear_cookies(name="sessionid")
    marketing.press("Send", "button")
    sign_in_again(marketing, "marketing.lead")
    expect(page.locator("[name=body]")).to_have_value(words)
    expect(page.locator(".talk", has_text=words)).to_have_count(0)
    marketing.press("Send", "button")
    expect(page.locator(".talk", has_text=words)).to_be_visible()


def test_a_reason_in_the_dialog_is_there_after_signing_in_again(visit: Visit) -> None:
    it, words = visit("it.lead"), unused("Warten auf die neue Schnittstelle")
    it.open("/requests/?team=crm-platform&status=ready")
    it.page.locator("main .list td a").first.click()
    it.page.locator(".other-steps > summary").click()
    it.press("Park", "action")
    it.fill("reason", words, within=it.page.locator("dialog[open]"))
    it.page.context.clear_cookies(name="sessionid")
    it.press("Park", "action", within=it.page.locator("dialog[open]"))
    sign_in_again(it, "it.lead")
    expect(it.page.locator("[name=reason]")).to_have_value(words)
    expect(it.page).to_have_url(re.compile(r"/actions/park/$"))


def test_a_step_that_is_opened_after_the_session_ended_leads_to_the_sign_in_and_back(visit: Visit) -> None:
    it = visit("it.lead")
    it.open("/requests/?team=crm-platform&status=ready")
    it.page.locator("main .list td a").first.click()
    it.page.locator(".other-steps > summary").click()
    before = it.page.url
    it.page.context.clear_cookies(name="sessionid")
    it.press("Park", "action")
    it.page.locator("button[value='it.lead@demo.example']").click()
    expect(it.page).to_have_url(before)


def test_a_reason_for_a_move_is_there_after_signing_in_again_in_another_tab(visit: Visit) -> None:
    it, words = visit("it.lead"), unused("Das Jahresende hat Vorrang")
    it.open("/boards/crm-platform/")
    expect(it.page.locator("[data-board][data-ready]")).to_be_attached()
    card = it.page.locator("[data-status=ready] [data-n]").first
    number = card.get_attribute("data-n")
    card.locator("a").focus()
    for key in ("m", *["ArrowRight"] * 4, "Space"):
        it.page.keyboard.press(key)
    dialog = it.page.locator("#move-dialog")
    it.fill("reason", words, within=dialog)
    it.fill("revisit_on", "2031-02-03", within=dialog)
    it.page.context.clear_cookies(name="sessionid")
    it.press("Park", "action", within=dialog)
    said = german("You have been signed out. Sign in again in another tab, then try again here.")
    expect(dialog).to_contain_text(said)
    expect(dialog.locator("[name=reason]")).to_have_value(words)
    Visitor(it.page.context.new_page()).sign_in("it.lead")
    it.press("Park", "action", within=dialog)
    expect(it.page.locator(f"[data-status=parked] [data-n='{number}']")).to_be_attached()


def signed_in_beside(visitor: Visitor, account: str) -> None:
    """Another tab of the same browser, in which ``account`` signs in."""
    other = Visitor(visitor.page.context.new_page())
    other.open("/")
    other.page.locator(".top details.drop > summary").click()
    other.press("Sign out")
    # Its way there would be cut short by the next.
    other.page.wait_for_url("**/accounts/login/?signed_out=1")
    other.sign_in(account)
    other.page.close()


def not_sent() -> re.Pattern[str]:
    words = german(
        "You were signed in as %(then)s when you wrote this; now you are %(now)s. Nothing was done and "
        "nothing is lost: sign in as %(then)s in another tab and send it again here, or copy it, load the "
        "page again and send it as %(now)s."
    )
    return re.compile(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(words)))


def test_a_form_is_not_sent_as_somebody_else_who_has_signed_in_beside_it(visit: Visit) -> None:
    marketing, title = visit("marketing.lead", alone=True), unused("Reparaturtermin im Laden buchen")
    marketing.open("/requests/new/")
    marketing.page.route("**/requests/new/save/", lambda route: route.abort())
    marketing.describe(title)
    marketing.fill("outcome", OUTCOME)
    signed_in_beside(marketing, "it.lead")
    marketing.press("Submit request")
    note = marketing.page.locator("#intake [role=alert]")
    expect(note).to_have_text(not_sent())
    assert_typed(marketing, title)
    marketing.press("Submit request")
    expect(note).to_have_count(1)
    signed_in_beside(marketing, "marketing.lead")
    marketing.press("Submit request")
    marketing.submitted()
    expect(marketing.page.locator("#content")).to_contain_text("Jonas Sander")
    assert filed(marketing, title) == 1


def test_a_draft_stops_saving_itself_when_somebody_else_signs_in(visit: Visit) -> None:
    marketing, title = visit("marketing.lead", alone=True), unused("Gutscheine an der Kasse teilen")
    marketing.open("/requests/new/")
    signed_in_beside(marketing, "it.lead")
    marketing.describe(title)
    expect(marketing.page.locator("[data-saved]")).to_have_text(
        german("Not saved: somebody else is signed in by now.")
    )
    expect(marketing.page.locator("[name=title]")).to_have_value(title)
    assert filed(marketing, title) == 0


def test_the_dialog_of_a_step_keeps_its_reason_when_somebody_else_signs_in(visit: Visit) -> None:
    it, words = visit("it.lead", alone=True), unused("Erst nach der Inventur")
    it.open("/requests/?team=crm-platform&status=ready")
    it.page.locator("main .list td a").first.click()
    it.page.locator(".other-steps > summary").click()
    it.press("Park", "action")
    dialog = it.page.locator("dialog[open]")
    it.fill("reason", words, within=dialog)
    it.fill("revisit_on", "2031-02-03", within=dialog)
    signed_in_beside(it, "admin")
    it.press("Park", "action", within=dialog)
    expect(dialog.locator("[data-not-sent]")).to_have_text(not_sent())
    expect(dialog.locator("[name=reason]")).to_have_value(words)
    it.page.reload()
    expect(it.page.locator("main")).not_to_contain_text(words)


def test_a_card_goes_back_when_somebody_else_has_signed_in(visit: Visit) -> None:
    it, words = visit("it.lead", alone=True), unused("Der Winter hat Vorrang")
    it.open("/boards/crm-platform/")
    expect(it.page.locator("[data-board][data-ready]")).to_be_attached()
    card = it.page.locator("[data-status=ready] [data-n]").first
    number = card.get_attribute("data-n")
    card.locator("a").focus()
    for key in ("m", *["ArrowRight"] * 4, "Space"):
        it.page.keyboard.press(key)
    dialog = it.page.locator("#move-dialog")
    it.fill("reason", words, within=dialog)
    it.fill("revisit_on", "2031-02-03", within=dialog)
    signed_in_beside(it, "admin")
    it.press("Park", "action", within=dialog)
    expect(dialog.locator("[role=alert]")).to_have_text(not_sent())
    expect(dialog.locator("[name=reason]")).to_have_value(words)
    it.page.reload()
    expect(it.page.locator(f"[data-status=ready] [data-n='{number}']")).to_be_attached()


def test_a_button_says_in_a_toast_that_somebody_else_has_signed_in(visit: Visit) -> None:
    it = visit("it.lead", alone=True)
    it.open("/requests/?team=crm-platform&status=ready")
    it.page.locator("main .list td a").first.click()
    button = it.page.locator("form[action$='/mute/'] button").first
    before = button.text_content()
    signed_in_beside(it, "admin")
    button.click()
    expect(it.page.locator("#toasts")).to_contain_text(not_sent())
    expect(button).to_have_text(before or "")
