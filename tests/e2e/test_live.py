"""What one person does appears on the open pages of others, without a reload and never under their hands."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor, german

# The tab that holds the browser's one stream.
LISTENS = "html[data-stream]"


def open_request(visitor: Visitor) -> str:
    """Open the first request that is in work; returns its address."""
    visitor.open("/requests/?status=in_progress")
    visitor.page.locator("main .list td a").first.click()
    expect(visitor.page.locator("#news")).to_be_attached()
    return visitor.page.url.partition("#")[0]


def test_a_new_comment_is_offered_and_shown_without_losing_what_is_typed(visit: Visit) -> None:
    reader, writer = visit("it"), visit("marketing")
    url = open_request(reader)
    reader.page.locator("#comment-form [name=body]").fill("Halb geschrieben")
    writer.open(url)
    writer.page.locator("#comment-form [name=body]").fill("Das sollen alle gleich sehen")
    writer.press("Send", "button")
    news = reader.page.locator("#news")
    expect(news).to_be_visible()
    expect(news).to_contain_text(german("There is a new comment."))
    reader.press("Show", within=news)
    expect(reader.page.locator("#talk .talk")).to_contain_text("Das sollen alle gleich sehen")
    expect(reader.page.locator("#comment-form [name=body]")).to_have_value("Halb geschrieben")
    expect(news).to_be_hidden()
    writer.page.wait_for_timeout(3000)
    expect(writer.page.locator("#news")).to_be_hidden()


def test_the_inbox_counts_by_itself(visit: Visit) -> None:
    reader, writer = visit("marketing.lead"), visit("marketing")
    reader.open("/inbox/")
    everything = reader.page.locator("form[action$='/inbox/read/'] button")
    if everything.count():
        everything.click()
    reader.open("/teams/")
    bell = reader.page.locator(".tool-inbox [data-counter=inbox]")
    expect(bell).to_be_hidden()
    url = open_request(writer)
    reader.open(url)
    reader.press("Follow")
    expect(reader.button("No longer follow")).to_be_visible()
    reader.open("/teams/")
    writer.page.locator("#comment-form [name=body]").fill("Das zählt der Posteingang")
    writer.press("Send", "button")
    expect(bell).to_be_visible()
    expect(bell).to_contain_text("1")


def test_one_browser_has_one_stream_however_many_tabs(visit: Visit) -> None:
    first = visit("it.lead")
    first.open("/teams/")
    expect(first.page.locator(LISTENS)).to_be_attached()
    second = Visitor(first.page.context.new_page())
    second.open("/goals/")
    second.page.wait_for_timeout(2000)
    expect(second.page.locator(LISTENS)).not_to_be_attached()
    first.page.close()
    expect(second.page.locator(LISTENS)).to_be_attached()


def test_a_page_says_that_it_is_no_longer_live_and_whose_session_ended(visit: Visit) -> None:
    person = visit("outsider", alone=True)
    person.open("/teams/")
    expect(person.page.locator(LISTENS)).to_be_attached()
    other = Visitor(person.page.context.new_page())
    other.open("/accounts/logout/")
    other.page.locator("main form button").first.click()
    mark = person.page.locator("#live")
    expect(mark).to_be_visible()
    words, _, _ = german("You have been signed out. This page shows what was true at {time}.").partition("{")
    expect(mark).to_contain_text(words)


def test_a_moved_card_moves_on_the_board_of_the_other(visit: Visit) -> None:
    mover, watcher = visit("it.lead"), visit("marketing")
    for person in (watcher, mover):
        person.open("/boards/crm-platform/")
        expect(person.page.locator("[data-board][data-live]")).to_be_attached()
    cards = mover.page.locator("[data-status=ready] [data-n]")
    number = cards.last.get_attribute("data-n")
    link = cards.last.locator("a")
    link.focus()
    link.press("m")
    for _ in range(cards.count() - 1):
        mover.page.keyboard.press("ArrowUp")
    mover.page.keyboard.press("Enter")
    first = watcher.page.locator("[data-status=ready] [data-n]").first
    expect(first).to_have_attribute("data-n", str(number))
    # What is carried stays under the hands; the other's move comes when it is let go.
    held = watcher.page.locator("[data-status=shaping] [data-n]").first
    held.locator("a").focus()
    held.locator("a").press("m")
    expect(held).to_have_class(re.compile("picked"))
    mover.page.locator(f"[data-n='{number}'] a").focus()
    mover.page.keyboard.press("m")
    mover.page.keyboard.press("ArrowDown")
    mover.page.keyboard.press("Enter")
    expect(mover.page.locator("[data-status=ready] [data-n]").nth(1)).to_have_attribute("data-n", str(number))
    watcher.page.wait_for_timeout(1500)
    expect(first).to_have_attribute("data-n", str(number))
    expect(held).to_have_class(re.compile("picked"))
    watcher.page.keyboard.press("Escape")
    expect(watcher.page.locator("[data-status=ready] [data-n]").nth(1)).to_have_attribute(
        "data-n", str(number)
    )
