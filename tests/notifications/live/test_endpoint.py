"""`/live/` as a browser meets it: what it refuses, what it sends, and when it ends."""

import asyncio
import json

import pytest
import redis.asyncio

from activity import broadcast
from activity.broadcast import RESYNC, Message
from notifications.live import endpoint, hub
from notifications.live.hub import MOST_OF_A_PERSON
from teams.sessions import end_sessions
from tests.factories import make_person, make_request, make_team
from tests.notifications.live.browser import answer_to, arrives, run, said, scope, subscribed
from tests.notifications.telling import make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_hub")]

STRANGERS: list[tuple[dict[str, str], int]] = [
    ({}, 401),
    ({"cookie": "sessionid=made-up"}, 401),
    ({"method": "POST"}, 405),
    ({"host": "elsewhere.example"}, 400),
    ({"host": ""}, 400),
    ({"sec_fetch_site": "cross-site"}, 403),
]
# As the house has it.
CHECKED_EVERY = hub.CHECK_SECONDS
NO_BOARDS = {
    "board=no-such-board": 404,
    "board=" + "x" * 5000: 404,
    "board=%00": 404,
    "a=1&" * 20: 400,
}


def test_strangers_are_refused_with_a_problem() -> None:
    for asked, status in STRANGERS:
        answer = answer_to(scope(None, **asked))
        assert answer.status == status
        assert json.loads(answer.text)["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_board_that_is_none_is_refused() -> None:
    person = make_person()
    assert {query: answer_to(scope(person, query)).status for query in NO_BOARDS} == NO_BOARDS


def test_every_answer_carries_the_headers_that_keep_browsers_safe() -> None:
    for answer in (answer_to(scope()), answer_to(scope(make_person(), "board=nothing"))):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


def test_an_open_page_hears_of_a_change_whatever_it_heard_last() -> None:
    request, person = make_request(), make_person()

    async def story() -> None:
        odd = [await arrives(person, last_event_id=last) for last in ("-1", "x", "9" * 400, "';--")]
        for one in odd:
            await one.reads("event: hello")
            await one.leaves()
        browser = await arrives(person, last_event_id="17")
        await subscribed(browser)
        assert browser.status == 200
        assert browser.headers["content-type"] == "text/event-stream"
        await said(request)
        await browser.reads(f'"number": {request.number}')
        await browser.leaves()
        assert endpoint.hub.streams == set()

    run(story)


def test_a_restricted_request_is_heard_of_by_those_inside_alone() -> None:
    cast, open_to_all = make_cast(restricted=True), make_request()

    async def story() -> None:
        inside, outside = await arrives(cast.watcher), await arrives(cast.stranger)
        await subscribed(inside)
        await subscribed(outside)
        await said(cast.request)
        await said(open_to_all)
        for browser in (inside, outside):
            await browser.reads(f'"number": {open_to_all.number}')
        assert f'"number": {cast.request.number}' in inside.text
        assert f'"number": {cast.request.number}' not in outside.text

    run(story)


def test_a_board_is_told_of_its_own_requests_alone() -> None:
    team = make_team()
    here, there, person = make_request(serving_team=team), make_request(), make_person()

    async def story() -> None:
        browser = await arrives(person, f"board={team.slug}")
        await subscribed(browser)
        await said(there)
        await said(here)
        await browser.reads(f'"number": {here.number}')
        assert f'"number": {there.number}' not in browser.text

    run(story)


def test_signing_out_ends_the_stream_and_says_so() -> None:
    assert CHECKED_EVERY < 5
    person = make_person()

    async def story() -> None:
        browser = await arrives(person)
        await browser.reads("event: hello")
        await endpoint.hub.ask(end_sessions, person)
        await browser.ends()
        assert browser.text.endswith("event: bye\ndata:\n\n")

    run(story)


def test_one_person_cannot_take_all_streams() -> None:
    person, other = make_person(), make_person()

    async def story() -> None:
        browsers = [await arrives(person) for _ in range(MOST_OF_A_PERSON)]
        for browser in browsers:
            await browser.reads("event: hello")
        refused, welcome = await arrives(person), await arrives(other)
        await refused.ends()
        assert (refused.status, refused.headers["retry-after"]) == (429, "30")
        await welcome.reads("event: hello")
        await browsers[0].leaves()
        again = await arrives(person)
        await again.reads("event: hello")

    run(story)


def test_a_process_that_stops_ends_its_streams_and_opens_no_more() -> None:
    person = make_person()

    async def story() -> None:
        browser = await arrives(person)
        await browser.reads("event: hello")
        endpoint.hub.close()
        await browser.ends()
        late = await arrives(person)
        await late.ends()
        assert late.status == 429

    run(story)


def test_what_redis_says_that_is_none_of_ours_harms_nobody() -> None:
    request, person = make_request(), make_person()

    def nonsense() -> None:
        for words in (b"not json", b"[1]", b'[{"kind": "x"}]', b"{}"):
            broadcast.client().publish(broadcast.channel(), words)

    async def story() -> None:
        browser = await arrives(person)
        await subscribed(browser)
        await endpoint.hub.ask(nonsense)
        await said(request)
        await browser.reads(f'"number": {request.number}')

    run(story)


def test_while_nothing_happens_redis_says_nothing_that_is_worth_a_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person()
    monkeypatch.setattr(hub, "POLL_SECONDS", 1.0)

    async def story() -> None:
        browser = await arrives(person)
        await subscribed(browser)
        # Twice as long as it takes to ask Redis whether it is still there.
        await asyncio.sleep(2.5)

    run(story)
    assert caplog.messages == []


def test_where_the_database_cannot_say_who_may_hear_all_look_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> dict[int, list[Message]]:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(hub, "heard", fails)
    person = make_person()

    async def story() -> None:
        browser = await arrives(person)
        await browser.reads("event: hello")
        await endpoint.hub.tell([Message("request.moved", "request", 1, 1)])
        await browser.reads("event: resync")

    run(story)


def test_while_redis_is_away_a_page_is_greeted_and_looks_anew_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, usual = make_person(), hub._client
    monkeypatch.setattr(hub, "READY_SECONDS", 0.1)
    monkeypatch.setattr(hub, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(hub, "_client", lambda: redis.asyncio.Redis(unix_socket_path="/nowhere"))

    async def story() -> None:
        browser = await arrives(person)
        await browser.reads("event: hello")
        monkeypatch.setattr(hub, "_client", usual)
        await browser.reads("event: resync")

    run(story)


def test_a_crowd_of_changes_at_once_says_only_look_anew() -> None:
    person = make_person()

    async def story() -> None:
        browser = await arrives(person)
        await subscribed(browser)
        many = [Message("request.moved", "request", n, n) for n in range(1, broadcast.MOST_AT_ONCE + 2)]
        await endpoint.hub.ask(broadcast.publish, many)
        await browser.reads("event: resync")
        assert "event: change" not in browser.text
        assert RESYNC.number == 0

    run(story)
