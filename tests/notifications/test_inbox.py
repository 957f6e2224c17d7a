"""The inbox: exactly one entry each, only what may be seen, marking, and its page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from notifications import inbox
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox, deliver_inbox_batch, unread_count
from notifications.inboxes.acting import mark_all_read, mark_read
from notifications.inboxes.page import page as page_of
from notifications.models import Delivery, InboxEntry, State
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_comment, make_person, make_request, make_team
from tests.notifications.telling import Cast, happened, make_cast, tell_all

pytestmark = pytest.mark.django_db


def told_cast(kind: str = "request.parked", **data: Any) -> Cast:
    cast = make_cast()
    happened(kind, cast.request, cast.it_owner, **data)
    fan_out()
    deliver_inbox()
    return cast


def entry_of(person: Person) -> InboxEntry:
    return InboxEntry.objects.get(person=person)


def signed_in(client: Client, person: Person, language: str = "en") -> Client:
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    client.force_login(person)
    return client


def test_everybody_told_has_one_entry_and_the_actor_none() -> None:
    cast = told_cast()
    people = {entry.person_id for entry in InboxEntry.objects.all()}
    assert people == {cast.requester.pk, cast.marketing_owner.pk, cast.watcher.pk, cast.supporter.pk}
    assert InboxEntry.objects.count() == len(people)


def test_an_entry_bears_the_time_of_its_event() -> None:
    cast = make_cast()
    with clock.moved_to(timezone.now() - timedelta(days=3)):
        event = happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    deliver_inbox()
    assert entry_of(cast.watcher).created_at == event.occurred_at


def test_a_repeated_delivery_writes_no_second_entry() -> None:
    cast = told_cast()
    Delivery.objects.filter(channel="inbox").update(state=State.WAITING, finished_at=None)
    assert deliver_inbox() == 4
    assert InboxEntry.objects.filter(person=cast.watcher).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["still_told", "_entry", "_settle"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_loses_and_doubles_nothing(
    step: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    fan_out()
    with monkeypatch.context() as patch:
        patch.setattr(inbox, step, crashing(getattr(inbox, step), when))
        with pytest.raises(ZeroDivisionError):
            deliver_inbox_batch(10)
    assert not InboxEntry.objects.exists()
    deliver_inbox()
    assert InboxEntry.objects.count() == 4


def crashing(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    def crash(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            function(*args, **kwargs)
        raise ZeroDivisionError

    return crash


def test_who_may_not_see_any_more_gets_no_entry() -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    fan_out()
    Request.objects.update(restricted=True)
    deliver_inbox()
    assert not InboxEntry.objects.filter(person=cast.supporter).exists()
    assert Delivery.objects.get(person=cast.supporter, channel="inbox").state == State.SKIPPED


def test_the_count_is_of_what_may_be_seen_now() -> None:
    cast = told_cast()
    assert unread_count(cast.supporter) == 1
    Request.objects.update(restricted=True)
    assert unread_count(cast.supporter) == 0
    assert unread_count(cast.watcher) == 1


def test_marking_one_and_all_as_read() -> None:
    cast = told_cast()
    happened("request.commented", cast.request, cast.it_owner)
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    deliver_inbox()
    first = InboxEntry.objects.filter(person=cast.watcher).earliest("pk")
    assert mark_read(cast.watcher, first.pk) == cast.request.get_absolute_url()
    assert unread_count(cast.watcher) == 2
    assert mark_all_read(cast.watcher) == 2
    assert unread_count(cast.watcher) == 0
    assert unread_count(cast.requester) == 3


def test_nobody_marks_the_entry_of_somebody_else() -> None:
    cast = told_cast()
    with pytest.raises(Http404):
        mark_read(cast.requester, entry_of(cast.watcher).pk)


def test_all_as_read_leaves_what_came_in_since_the_page_was_drawn() -> None:
    cast = told_cast()
    newest = entry_of(cast.watcher).pk
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    deliver_inbox()
    assert mark_all_read(cast.watcher, up_to=newest) == 1
    assert unread_count(cast.watcher) == 1


def test_the_page_shows_who_did_what_and_why(client: Client) -> None:
    cast = told_cast(reason="Nobody asked for it.")
    page = signed_in(client, cast.watcher).get(reverse("notifications:inbox")).content.decode()
    assert cast.request.title in page
    assert f"{cast.it_owner.name} parked this request." in page
    assert "Nobody asked for it." in page


def test_the_page_shows_what_was_said(client: Client) -> None:
    cast = make_cast()
    comment = make_comment(cast.request, cast.it_owner, "Which <b>topics</b> come first?")
    happened("request.commented", cast.request, cast.it_owner, comment=comment.pk)
    tell_all()
    page = signed_in(client, cast.watcher).get(reverse("notifications:inbox")).content.decode()
    assert "Which &lt;b&gt;topics&lt;/b&gt; come first?" in page


def test_a_hidden_request_is_on_no_page_and_cannot_be_opened(client: Client) -> None:
    cast = told_cast()
    Request.objects.update(restricted=True, title="A secret")
    signed_in(client, cast.supporter)
    assert "A secret" not in client.get(reverse("notifications:inbox")).content.decode()
    assert (
        client.get(reverse("notifications:inbox_read", args=[entry_of(cast.supporter).pk])).status_code == 404
    )


def test_following_an_entry_marks_it_and_leads_to_its_request(client: Client) -> None:
    cast = told_cast()
    answer = signed_in(client, cast.watcher).get(
        reverse("notifications:inbox_read", args=[entry_of(cast.watcher).pk])
    )
    assert answer["Location"] == f"/requests/{cast.request.number}/"
    assert unread_count(cast.watcher) == 0


def test_the_button_marks_and_stays(client: Client) -> None:
    cast = told_cast()
    answer = signed_in(client, cast.watcher).post(
        reverse("notifications:inbox_read", args=[entry_of(cast.watcher).pk])
    )
    assert answer["Location"] == reverse("notifications:inbox")
    assert unread_count(cast.watcher) == 0


@pytest.mark.parametrize(("newest", "left"), [("", 1), ("-1", 1), ("²", 1), ("9" * 40, 1), ("9" * 18, 0)])
def test_all_as_read_takes_only_a_number(client: Client, newest: str, left: int) -> None:
    cast = told_cast()
    signed_in(client, cast.watcher).post(reverse("notifications:inbox_read_all"), {"newest": newest})
    assert unread_count(cast.watcher) == left


@pytest.mark.parametrize("entry", [0, 999_999, 2**63 - 1, 2**63, 2**80])
def test_an_entry_that_is_not_there_is_not_found(client: Client, entry: int) -> None:
    signed_in(client, make_person())
    assert client.post(f"/inbox/{entry}/").status_code == 404


def test_an_empty_inbox_invites(client: Client) -> None:
    page = signed_in(client, make_person()).get(reverse("notifications:inbox")).content.decode()
    assert "Nothing has happened yet" in page


def fill(person: Person, things: int, each: int = 1) -> None:
    team, actor = make_team(), make_person()
    for number in range(things):
        request = make_request(requester=person, serving_team=team)
        for minutes in range(each):
            with clock.moved_to(timezone.now() - timedelta(minutes=100 * number + minutes)):
                happened("request.commented", request, actor)
    fan_out()
    deliver_inbox()


def test_pages_lead_on_without_gap_or_repeat(client: Client) -> None:
    person = make_person()
    fill(person, 30, each=2)
    seen: list[int] = []
    cursor = ""
    while True:
        found = page_of(person, cursor)
        seen += [group.place.pk for group in found.groups]
        assert all((group.count, group.unread) == (2, 2) for group in found.groups)
        if not found.older:
            break
        cursor = found.older
    newest_first = InboxEntry.objects.filter(person=person).order_by("-created_at", "-pk")
    assert seen == list(dict.fromkeys(newest_first.values_list("request", flat=True)))
    assert len(seen) == 30


@pytest.mark.parametrize("cursor", ["x", "2026-11-24_1", "_", "2026-11-24T00:00:00+00:00_-1", "a_b", "%00"])
def test_a_cursor_that_no_page_gave_out_is_not_found(client: Client, cursor: str) -> None:
    answer = signed_in(client, make_person()).get(reverse("notifications:inbox"), {"before": cursor})
    assert answer.status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_entries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person()
    signed_in(client, person)
    fill(person, 26, each=2)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("notifications:inbox")).status_code == 200


def test_only_unread_ones_on_wish(client: Client) -> None:
    cast = told_cast()
    signed_in(client, cast.watcher)
    assert cast.request.title in client.get("/inbox/?show=unread").content.decode()
    mark_all_read(cast.watcher)
    page = client.get("/inbox/?show=unread").content.decode()
    assert cast.request.title not in page
    assert "Nothing here" in page
