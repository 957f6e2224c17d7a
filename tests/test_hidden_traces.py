"""A hidden request leaves no trace: no number moves, no search answers otherwise, no mail goes out.

Where ``test_canaries`` looks for words, this compares what somebody gets with and without them.
"""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from activity import clock
from activity.models import Event
from notifications.delivery import deliver_mail
from notifications.digest.send import deliver_digests
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import InboxEntry
from requests_app.attachments.keeping import attach
from requests_app.intake.edit import edit
from teams.models import Person
from tests.canary_crawl import FULL, SEARCHES, lists, quiet, text_of
from tests.canary_words import NOWHERE, NUMBERS, found_in, words
from tests.canary_world import (
    DRAFT,
    HIDDEN,
    MAIL,
    ONCE,
    OTHERS,
    PRIVATE,
    SHARED,
    Canaries,
    build_before,
    leave,
    live_openly,
    open_again,
    restrict,
    speak_of_them,
    tell,
)
from tests.requests_app.attachments.samples import upload
from tests.requests_app.test_blind import clean
from tests.test_permissions import ask

pytestmark = pytest.mark.django_db
# Pages about oneself, and what counts.
OWN = ("/", "/inbox/", "/triage/", "/requests/", "/requests/views/", "/boards/", "/matrix/", "/digests/")
MORE = (
    "/requests/?team=asking-team",
    "/requests/hit-rate/",
    "/search/",
    "/goals/",
    "/teams/",
    "/api/v1/boards/",
    "/api/v1/events/",
)
# A request that there never was.
ABSENT = 987_654
# Some that do count what is open.
MOVE = ("/requests/", "/matrix/", "/api/v1/events/", "/boards/serving-team/", "/requests/?team=asking-team")
MADE_AT = re.compile(r"^Expires: .*$", re.MULTILINE)
# Those whose pages are counted: who knew the requests; a stranger, and a lead who triages.
COUNTED = ("mentioned", *(("outsider", "it.lead", "once.watcher") if FULL else ()))


@pytest.fixture(autouse=True)
def _one_moment() -> Iterator[None]:
    """Everything is read at the same time, so that no age differs."""
    with clock.moved_to(datetime.now(UTC)), quiet():
        yield


@pytest.fixture
def hidden() -> Canaries:
    c = build_before()
    live_openly(c)
    tell(c)
    leave(c)
    restrict(c)
    return c


def browser(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def counted(c: Canaries, name: str) -> dict[str, str]:
    """Everything that counts or lists, as the person gets it."""
    week = f"/digests/{timezone.localtime(clock.now()):%G-W%V}/"
    slugs = [f"/teams/{team.slug}/" for team in (c.serving, c.asking, c.world.crm)]
    addresses = {*OWN, *MORE, *slugs, f"/goals/{c.world.goal.pk}/", week, *lists(c)}
    return get(browser(c.person(name)), addresses)


def get(client: Client, addresses: Iterable[str]) -> dict[str, str]:
    return {path: settled(text_of(ask(client, "get", path))) for path in sorted(addresses)}


def settled(text: str) -> str:
    """Without what is random, or says only when it was made."""
    return MADE_AT.sub("", clean(text))


@pytest.mark.parametrize("name", COUNTED)
def test_no_number_moves(name: str) -> None:
    """Ages, facets, totals, places, events: all as if the requests had never been there."""
    c = build_before()
    # What is told of others is told before.
    fan_out()
    deliver_inbox()
    before = counted(c, name)
    live_openly(c)
    fan_out()
    deliver_inbox()
    in_the_open = get(browser(c.person(name)), MOVE)
    restrict(c)
    after = counted(c, name)
    assert [path for path in before if after[path] != before[path]] == []
    # The comparison is not blind itself.
    assert [path for path in MOVE if in_the_open[path] == before[path]] == []
    assert len(before) > 60


def test_a_search_for_a_hidden_word_answers_as_for_one_that_is_nowhere(hidden: Canaries) -> None:
    client = browser(hidden.person("it.lead"))
    number = hidden.world.requests["open"].number
    planted = words()
    wanted = planted if FULL else ("second title", "main: need", "main: label", "draft: title", "file name")
    different = [
        f"{path} for {place}"
        for path in SEARCHES
        for place in wanted
        if answered(client, path, planted[place], number) != answered(client, path, NOWHERE, number)
    ]
    assert different == []
    asker = browser(hidden.person("requester"))
    told = [path for path in SEARCHES if _finds(asker, path, planted["second title"], number)]
    assert {"/requests/?q={words}", "/search/?q={words}", "/api/v1/similar/?q={words}"} <= set(told)


def answered(client: Client, path: str, words_: str, number: int) -> str:
    answer = text_of(ask(client, "get", path.format(words=words_, number=number)))
    return settled(answer).replace(words_, NOWHERE)


def _finds(client: Client, path: str, words_: str, number: int) -> bool:
    return answered(client, path, words_, number) != answered(client, path, NOWHERE, number)


def test_what_is_typed_finds_nothing_hidden_beside_the_form(hidden: Canaries) -> None:
    def helped(person: str, title: str) -> str:
        typed = {"title": title, "customer_need": title}
        answer = browser(hidden.person(person)).post(
            "/requests/new/help/", typed, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200
        return clean(answer.content.decode()).replace(title, NOWHERE)

    planted = words()["main: need"]
    assert helped("outsider", planted) == helped("outsider", NOWHERE)
    assert helped("requester", planted) != helped("requester", NOWHERE)


@pytest.mark.parametrize("kind", ["main", "private"])
def test_naming_a_hidden_number_answers_as_one_that_is_absent(hidden: Canaries, kind: str) -> None:
    """In forms and calls that take the number of another request."""
    lead = hidden.person("it.lead")
    client, api = browser(lead), "/api/v1/requests"
    own, target = hidden.world.requests["open"].number, hidden.world.requests[kind].number
    forms = {
        f"/requests/{own}/links/": {"relation": "blocks", "other": "T-{}"},
        f"/requests/{own}/actions/merge/": {"into": "T-{}", "reason": "The same."},
        "/requests/bulk/": {"numbers": "{}", "action": "watch"},
        f"/boards/{hidden.world.crm.slug}/move/": {"number": "{}", "status": "shaping", "version": "1"},
    }
    calls: dict[str, dict[str, object]] = {
        f"{api}/{own}/links/": {"relation": "blocks", "other": 0},
        f"{api}/{own}/merge/": {"into": 0},
        f"{api}/{own}/position/": {"status": "submitted", "after": 0, "before": None},
    }

    either = re.compile(rf"\b({target}|{ABSENT})\b")

    def sent(number: int) -> dict[str, str]:
        answers = {}
        for path, form in forms.items():
            answers[path] = client.post(path, {name: text.format(number) for name, text in form.items()})
        for path, call in calls.items():
            body = {name: number if value == 0 else value for name, value in call.items()}
            answers[path] = client.post(path, body, content_type="application/json")
        for path in ("/triage/?request={}", "/palette/?on={}", "/requests/{}/", "/search/?q=T-{}"):
            answers[path] = client.get(path.format(number))
        texts = {path: f"{one.status_code} {clean(one.content.decode())}" for path, one in answers.items()}
        return {path: either.sub("NUMBER", text) for path, text in texts.items()}

    assert sent(target) == sent(ABSENT)


def test_what_waits_in_the_queue_is_not_sent_any_more(hidden: Canaries) -> None:
    """Mails, inbox and digests that were made while everybody could see the requests."""
    deliver_inbox()
    assert deliver_mail().sent
    assert deliver_digests(now=clock.now()).sent
    by_person = {name: found_in("".join(_sent_to(hidden.person(name)))) for name in hidden.people}
    assert {name: found for name, found in by_person.items() if name in (*OTHERS, *ONCE) and found} == {}
    # The control: those concerned do get the words, in the text and in the HTML.
    titles = {words()["main: title"], words()["second title"], words()["twin: title"]}
    for name in ("requester", "owner", "it_owner"):
        assert titles & by_person[name]
    assert {words()["comment among few"], words()["block reason"]} & by_person["owner"]
    assert not {one for place, one in words().items() if place.startswith((DRAFT, PRIVATE, SHARED, MAIL))} & (
        set().union(*by_person.values())
    )


def _sent_to(person: Person) -> Iterator[str]:
    for letter in mail.outbox:
        if person.email in letter.to:
            yield f"{letter.subject} {letter.extra_headers} {letter.body}"
            assert isinstance(letter, EmailMultiAlternatives)
            yield from (str(content) for content, _kind in letter.alternatives)


def test_an_inbox_counts_nothing_hidden(hidden: Canaries) -> None:
    for name in ("mentioned", "once.watcher"):
        person = hidden.person(name)
        assert InboxEntry.objects.filter(person=person).exists(), name
        assert not InboxEntry.objects.visible_to(person).exists(), name
    assert InboxEntry.objects.visible_to(hidden.person("owner")).exists()


def test_making_it_restricted_and_open_again_names_no_content(hidden: Canaries) -> None:
    open_again(hidden)
    for kind, before, after in (("restricted", False, True), ("opened_up", True, False)):
        event = Event.objects.filter(kind=f"request.{kind}", object_id=hidden.main.number).latest("id")
        assert event.data["changes"] == {"restricted": {"from": before, "to": after}}
        assert set(event.data) == {"changes", "reason", "version"}
        row = _events(hidden, "outsider")[event.pk]
        assert (row["changed"], row["status"]) == (["restricted"], None)
        told = {name: value for name, value in row.items() if name != "reason"}
        assert found_in(str(told)) == set()


def _events(c: Canaries, name: str) -> dict[int, dict[str, object]]:
    answer = browser(c.person(name)).get(f"/api/v1/requests/{c.main.number}/events/?limit=200")
    return {row["id"]: row for row in answer.json()["results"]}


def test_opened_again_it_shows_as_before(hidden: Canaries) -> None:
    client, number = browser(hidden.person("outsider")), hidden.main.number
    assert client.get(f"/requests/{number}/").status_code == 404
    open_again(hidden)
    found = found_in(client.get(f"/requests/{number}/?all=1").content.decode())
    assert {words()["second title"], words()["answer"], words()["comment among few"], *NUMBERS} <= found
    # Who watched before it was restricted has to ask for it again.
    assert not hidden.main.watchers.filter(person=hidden.person("once.watcher")).exists()


@pytest.mark.parametrize("restricted", [False, True])
def test_what_is_open_names_the_hidden_ones_only_to_those_who_see_them(restricted: bool) -> None:
    """Keys in texts, links and merges fall to what anybody may read."""
    c = build_before()
    live_openly(c)
    speak_of_them(c)
    if restricted:
        restrict(c)
    number, main, twin = c.world.requests["open"].number, c.main.number, c.world.requests["twin"].number
    page = browser(c.person("outsider")).get(f"/requests/{number}/?all=1").content.decode()
    links = browser(c.person("outsider")).get(f"/api/v1/requests/{number}/links/").json()["results"]
    assert f"T-{main}, I think." in html.unescape(re.sub(r"<[^>]+>", "", page))
    shown = [f"/requests/{main}/" in page, f"T-{twin}" in page, bool(links), bool(found_in(page))]
    assert shown == [not restricted] * len(shown)
    seen = browser(c.person("requester")).get(f"/requests/{number}/?all=1").content.decode()
    assert f"/requests/{main}/" in seen
    assert f"T-{twin}" in seen


def test_a_duplicate_of_a_hidden_request_does_not_tell_which(hidden: Canaries) -> None:
    """Only the original is restricted; the duplicate was opened again."""
    twin, main = hidden.world.requests["twin"].number, hidden.main.number
    edit(twin, {"restricted": False}, by=hidden.person("requester"))
    client = browser(hidden.person("outsider"))
    for path in (f"/requests/{twin}/?all=1", f"/requests/{twin}/?own=1", f"/requests/{twin}/timeline/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not re.search(rf"T-{main}\b|/requests/{main}/", answer.content.decode())
    assert client.get(f"/api/v1/requests/{twin}/").json()["duplicate_of"] is None


def test_files_close_in_the_same_moment(hidden: Canaries) -> None:
    file = attach(hidden.main.number, [upload("plan.txt", b"plan")], by=hidden.person("owner"))[0]
    path = f"/requests/{hidden.main.number}/attachments/{file.pk}/"
    assert browser(hidden.person("owner")).get(path).status_code == 200
    assert [browser(hidden.person(name)).get(path).status_code for name in (*OTHERS, *ONCE)] == [404] * 10


def test_the_hidden_requests_are_the_ones_that_are_meant(hidden: Canaries) -> None:
    stands = {kind: (one.status, one.restricted) for kind, one in hidden.hidden.items()}
    assert stands == {
        "main": ("in_progress", True),
        "twin": ("declined", True),
        "sealed": ("submitted", True),
        "private": ("draft", False),
    }
    assert set(stands) == set(HIDDEN)
