"""The inbox through the API: one's own entries, narrowed down, read, put away, put off."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity import clock
from knowhow.exchanges.planning import cancel
from notifications.inboxes.page import VIEWS
from notifications.models import InboxEntry
from requests_app.discussion import comment
from requests_app.models import Request
from teams.models import ApiToken, Person
from teams.zones import zone_of
from tests.api_client import bearer, machine, secret_of, send
from tests.factories import make_person
from tests.knowhow.exchanges.making import make_exchange, seat
from tests.notifications.telling import Cast, happened, make_cast, tell_all

pytestmark = pytest.mark.django_db
SHAPE = {
    *("id", "type", "kind", "text", "quote", "comment", "about", "actor", "acting_for", "why"),
    *("created_at", "read_at", "archived_at", "put_off_until"),
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def me(cast: Cast) -> Client:
    return machine(cast.watcher)


def told(cast: Cast, times: int = 1, kind: str = "request.started", **data: Any) -> list[int]:
    """The entries of the watcher after that, the newest first."""
    for _ in range(times):
        happened(kind, cast.request, cast.it_owner, **data)
    tell_all()
    return list(InboxEntry.objects.filter(person=cast.watcher).order_by("-pk").values_list("pk", flat=True))


def ids(client: Client, **asked: str) -> list[int]:
    return [row["id"] for row in send(client, "get", "notifications/", asked).json()["results"]]


def code_of(response: Any) -> tuple[int, str, str]:
    error = response.json()["errors"][0]
    return response.status_code, error["field"], error["code"]


def test_an_entry_says_what_happened_to_what_and_why_it_is_told(cast: Cast, me: Client) -> None:
    comment(cast.request.number, "Can readers be **told apart**?", by=cast.it_owner)
    (entry,) = told(cast, 0)
    (body,) = send(me, "get", "notifications/").json()["results"]
    assert set(body) == SHAPE
    assert (body["id"], body["type"], body["kind"]) == (entry, "request.commented", "talk")
    assert (body["text"], body["comment"]) == (
        f"{cast.it_owner.name} commented.",
        "Can readers be **told apart**?",
    )
    assert body["about"] == {
        "object": "request",
        "id": cast.request.number,
        "title": f"{cast.request.key} {cast.request.title}",
        "url": f"http://127.0.0.1:8000/requests/{cast.request.number}/",
    }
    assert body["actor"] == {"id": cast.it_owner.pk, "name": cast.it_owner.name, "side": "it"}
    assert (body["why"], body["acting_for"], body["read_at"]) == ("watching", None, None)
    assert send(me, "get", f"notifications/{entry}/").json() == body


def test_a_reason_is_quoted_and_an_exchange_is_about_one(cast: Cast, me: Client) -> None:
    told(cast, kind="request.parked", reason="The season is over.")
    (body,) = send(me, "get", "notifications/").json()["results"]
    assert (body["kind"], body["quote"]) == ("decision", "The season is over.")
    guest = make_person()
    exchange = make_exchange()
    seat(exchange, guest)
    cancel(exchange.pk, "The host is ill.", by=exchange.host)
    tell_all()
    (body,) = send(machine(guest), "get", "notifications/").json()["results"]
    assert (body["kind"], body["about"]["object"], body["about"]["id"]) == (
        "know_how",
        "exchange",
        exchange.pk,
    )


def test_the_newest_comes_first_page_by_page(cast: Cast, me: Client) -> None:
    entries = told(cast, 3)
    first = send(me, "get", "notifications/", {"limit": "2"}).json()
    assert [row["id"] for row in first["results"]] == entries[:2]
    second = me.get(first["next"]).json()
    assert ([row["id"] for row in second["results"]], second["next"]) == (entries[2:], None)
    assert [row["id"] for row in me.get(second["previous"]).json()["results"]] == entries[:2]


def test_each_view_of_the_page_can_be_asked_for(cast: Cast, me: Client) -> None:
    put_off, archived, read, mentioned, decided = (make_cast() for _ in range(5))
    for one in (put_off, archived, read, decided):
        InboxEntry.objects.filter(person=one.watcher).delete()
    watcher = cast.watcher
    found = {}
    for name, one in (("later", put_off), ("archive", archived), ("read", read)):
        event = happened("request.started", one.request, one.it_owner)
        found[name] = InboxEntry.objects.create(
            person=watcher, event=event, request=one.request, created_at=event.occurred_at
        ).pk
    for name, one, kind, data in (
        ("mentions", mentioned, "request.commented", {"mentions": [watcher.pk]}),
        ("decisions", decided, "request.parked", {}),
    ):
        event = happened(kind, one.request, one.it_owner, **data)
        found[name] = InboxEntry.objects.create(
            person=watcher, event=event, request=one.request, created_at=event.occurred_at
        ).pk
    send(me, "put", f"notifications/{found['later']}/later/", {"until": "tomorrow"})
    send(me, "put", f"notifications/{found['archive']}/archive/")
    send(me, "put", f"notifications/{found['read']}/read/")
    for view in ("later", "archive", "mentions", "decisions"):
        assert ids(me, show=view) == [found[view]]
    assert ids(me, show="unread") == [found["decisions"], found["mentions"]]
    assert ids(me) == [found["decisions"], found["mentions"], found["read"]]
    assert ids(me, show="know-how") == []
    assert ids(machine(cast.it_owner), show="turn") == []


def test_my_turn_is_what_waits_for_me(cast: Cast) -> None:
    comment(cast.request.number, "Well?", by=cast.requester)
    tell_all()
    owner = machine(cast.it_owner)
    Request.objects.filter(pk=cast.request.pk).update(turn="marketing")
    assert ids(owner, show="turn") == []
    Request.objects.filter(pk=cast.request.pk).update(turn="it")
    assert len(ids(owner, show="turn")) == 1


@pytest.mark.parametrize("show", ["", "all", "archived", "Unread", "\u0000"])
def test_another_view_is_refused_with_the_choices(me: Client, show: str) -> None:
    response = send(me, "get", "notifications/", {"show": show})
    assert response.status_code == 400
    message = response.json()["errors"][0]["message"]
    assert all(view in message for view in VIEWS)


def test_two_views_at_once_and_a_strange_cursor_are_refused(me: Client) -> None:
    assert send(me, "get", "notifications/?show=later&show=archive").status_code == 400
    assert code_of(send(me, "get", "notifications/", {"cursor": "x"})) == (400, "cursor", "invalid")


def test_what_belongs_to_others_or_is_hidden_now_is_not_there(cast: Cast, me: Client) -> None:
    (entry,) = told(cast)
    others = machine(cast.supporter)
    paths = [f"notifications/{entry}/{part}" for part in ("", "read/", "archive/", "later/")]
    for client, pk in ((others, entry), (me, 0), (me, 2**63), (me, 10**30)):
        assert send(client, "get", f"notifications/{pk}/").status_code == 404
    Request.objects.filter(pk=cast.request.pk).update(restricted=True)
    stranger = make_person()
    InboxEntry.objects.filter(pk=entry).update(person=stranger)
    assert ids(machine(stranger)) == []
    for path in paths:
        method = "put" if path.count("/") > 2 else "get"
        body = {"until": "hours"} if "later" in path else {}
        assert send(machine(stranger), method, path, body).status_code == 404
    assert InboxEntry.objects.get(pk=entry).read_at is None


def test_reading_one_reads_what_came_before_it_about_the_same_thing(cast: Cast, me: Client) -> None:
    newest, middle, oldest = told(cast, 3)
    other = make_cast()
    event = happened("request.started", other.request, other.it_owner)
    InboxEntry.objects.create(
        person=cast.watcher, event=event, request=other.request, created_at=event.occurred_at
    )
    body = send(me, "put", f"notifications/{middle}/read/").json()
    assert body["id"] == middle
    assert body["read_at"] is not None
    unread = set(InboxEntry.objects.filter(person=cast.watcher, read_at=None).values_list("event", "pk"))
    assert {pk for _event, pk in unread} == {newest, InboxEntry.objects.get(event=event).pk}
    assert send(me, "delete", f"notifications/{oldest}/read/").json()["read_at"] is None
    assert InboxEntry.objects.get(pk=middle).read_at is not None


def test_archiving_and_bringing_back(cast: Cast, me: Client) -> None:
    newest, older = told(cast, 2)
    body = send(me, "put", f"notifications/{newest}/archive/").json()
    assert body["archived_at"] is not None
    assert (ids(me), ids(me, show="archive")) == ([], [newest, older])
    assert send(me, "put", f"notifications/{newest}/archive/").status_code == 200
    assert send(me, "delete", f"notifications/{newest}/archive/").json()["archived_at"] is None
    assert ids(me) == [newest, older]


def test_putting_off_until_tomorrow_is_eight_by_ones_own_clock(cast: Cast, me: Client) -> None:
    Person.objects.filter(pk=cast.watcher.pk).update(time_zone="America/New_York")
    cast.watcher.refresh_from_db()
    (entry,) = told(cast)
    body = send(me, "put", f"notifications/{entry}/later/", {"until": "tomorrow"}).json()
    kept = InboxEntry.objects.get(pk=entry).snoozed_until
    assert kept is not None
    local = kept.astimezone(zone_of(cast.watcher))
    assert (local.hour, body["read_at"]) == (8, None)
    assert local.date() == (clock.now().astimezone(local.tzinfo) + timedelta(days=1)).date()
    assert (ids(me), ids(me, show="later")) == ([], [entry])
    assert send(me, "delete", f"notifications/{entry}/later/").json()["put_off_until"] is None
    assert ids(me) == [entry]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "until", "required"),
        ({"until": "never"}, "until", "invalid_choice"),
        ({"until": 3}, "until", "invalid_choice"),
        ({"until": None}, "until", "null"),
        ({"until": "hours", "at": "8:00"}, "at", "unknown_field"),
    ],
)
def test_another_moment_is_refused(
    cast: Cast, me: Client, body: dict[str, Any], field: str, code: str
) -> None:
    (entry,) = told(cast)
    assert code_of(send(me, "put", f"notifications/{entry}/later/", body)) == (400, field, code)
    assert InboxEntry.objects.get(pk=entry).snoozed_until is None


def test_reading_and_archiving_take_no_fields(cast: Cast, me: Client) -> None:
    (entry,) = told(cast)
    for part in ("read", "archive"):
        response = send(me, "put", f"notifications/{entry}/{part}/", {"all": True})
        assert code_of(response) == (400, "all", "unknown_field")
    assert InboxEntry.objects.get(pk=entry).read_at is None


def test_all_are_read_up_to_what_was_seen(cast: Cast, me: Client) -> None:
    newest, seen, _oldest = told(cast, 3)
    assert send(me, "get", "notifications/unread/").json() == {"unread": 3}
    assert send(me, "post", "notifications/unread/", {"up_to": seen}).json() == {"unread": 1}
    assert ids(me, show="unread") == [newest]
    assert send(me, "post", "notifications/unread/", {}).json() == {"unread": 0}


@pytest.mark.parametrize("up_to", [0, -1, "3", 1.5, None, True, 2**63])
def test_an_id_that_is_none_reads_nothing(cast: Cast, me: Client, up_to: Any) -> None:
    told(cast)
    response = send(me, "post", "notifications/unread/", {"up_to": up_to})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "up_to")
    assert send(me, "get", "notifications/unread/").json() == {"unread": 1}


def test_who_holds_an_older_state_changes_nothing(cast: Cast, me: Client) -> None:
    (entry,) = told(cast)
    path = f"notifications/{entry}/"
    tag = send(me, "get", path).headers["ETag"]
    assert send(me, "get", path, if_none_match=tag).status_code == 304
    assert send(me, "put", f"{path}read/", {}, if_match=f"W/{tag}").status_code == 200
    stale = send(me, "put", f"{path}archive/", {}, if_match=tag)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:tandem:problem:changed-meanwhile")
    assert InboxEntry.objects.get(pk=entry).archived_at is None
    fresh = send(me, "get", path).headers["ETag"]
    assert (
        send(me, "put", f"{path}archive/", {}, if_match=f'"1-0000000000000000", {fresh}').status_code == 200
    )
    assert send(me, "delete", f"{path}archive/", {}, if_match="*").status_code == 200


def test_a_token_for_reading_marks_nothing(cast: Cast) -> None:
    (entry,) = told(cast)
    reader = bearer(secret_of(cast.watcher, ApiToken.Scope.READ))
    assert send(reader, "put", f"notifications/{entry}/read/").status_code == 403
    assert send(reader, "post", "notifications/unread/").status_code == 403
    assert InboxEntry.objects.get(pk=entry).read_at is None


def test_more_entries_take_no_more_queries(cast: Cast, me: Client) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert send(me, "get", "notifications/").status_code == 200
        return len(queries)

    told(cast, 2)
    comment(cast.request.number, "One.", by=cast.it_owner)
    tell_all()
    taken()
    few = taken()
    for _ in range(6):
        comment(cast.request.number, "More.", by=cast.it_owner)
    told(cast, 3)
    assert taken() == few
