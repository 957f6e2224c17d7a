"""What goes out as one mail, with one Message-ID that a repeat keeps; and that nothing is said twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from activity import log
from notifications import bundles, delivery, leases, news
from notifications.bundles import APART, gather
from notifications.delivery import deliver_mail
from notifications.fanout import BUNDLED_FOR, fan_out, fan_out_batch
from notifications.inbox import deliver_inbox
from notifications.mail import MOST_NEWS, MOST_THINGS, message_id
from notifications.models import Channel, Delivery, State
from notifications.postbox import Postbox
from requests_app.lists.bulk import change_all
from requests_app.models import Request, Watcher
from requests_app.reminding import say_what_is_due
from teams.models import Person
from tests.factories import make_comment, make_person, make_request, make_team
from tests.notifications.telling import happened, let_a_minute_pass, make_cast, tell_all

pytestmark = pytest.mark.django_db


def mails_to(person: Person) -> list[Any]:
    return [one for one in mail.outbox if one.to == [person.email]]


def rows_of(person: Person, **which: Any) -> list[Delivery]:
    return list(Delivery.objects.filter(person=person, channel=Channel.MAIL, **which).order_by("id"))


def let_ten_minutes_pass() -> None:
    """As time passes: what was due then is due now, and what was mailed then was mailed then."""
    for row in Delivery.objects.all():
        row.due_at -= BUNDLED_FOR
        row.ready_at = row.ready_at and row.ready_at - BUNDLED_FOR
        row.finished_at = row.finished_at and row.finished_at - BUNDLED_FOR
        row.save()


def test_comments_within_ten_minutes_are_one_mail_that_tells_them_all() -> None:
    cast = make_cast()
    Person.objects.update(language="en")
    for _ in range(3):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    assert deliver_mail().total == 0
    let_ten_minutes_pass()
    deliver_mail()
    (sent,) = mails_to(cast.watcher)
    assert str(sent.body).count("commented.") == 3
    rows = rows_of(cast.watcher)
    assert {row.state for row in rows} == {State.DONE}
    assert {row.message_id for row in rows} == {message_id(rows[0].dedupe_key)}
    assert sent.message()["Message-ID"] == rows[0].message_id


def test_what_goes_out_at_once_takes_along_what_waits_but_not_what_can_be_undone() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    happened("request.parked", cast.request, cast.it_owner)
    happened("request.asked", cast.request, cast.it_owner, question_to="marketing")
    fan_out()
    deliver_mail()
    assert len(mails_to(cast.watcher)) == 1
    waiting = rows_of(cast.watcher, state=State.WAITING)
    assert [row.event.kind for row in waiting if row.event] == ["request.parked"]


def test_a_second_mail_about_the_same_thing_waits_five_minutes() -> None:
    cast = make_cast()
    happened("request.asked", cast.request, cast.it_owner, question_to="marketing")
    fan_out()
    deliver_mail()
    happened("request.answered", cast.request, cast.it_owner)
    fan_out()
    deliver_mail()
    assert len(mails_to(cast.watcher)) == 1
    (late,) = rows_of(cast.watcher, state=State.WAITING)
    (done,) = rows_of(cast.watcher, state=State.DONE)
    assert done.finished_at is not None
    assert late.due_at == done.finished_at + APART
    assert (late.attempts, late.leased_until) == (0, None)
    let_ten_minutes_pass()
    deliver_mail()
    assert len(mails_to(cast.watcher)) == 2


def test_mails_about_two_things_do_not_wait_for_each_other() -> None:
    cast, other = make_cast(), make_request()
    Watcher.objects.create(request=other, person=cast.watcher, since=timezone.now())
    for request in (cast.request, other):
        happened("request.asked", request, cast.it_owner, question_to="marketing")
    fan_out()
    deliver_mail()
    assert len(mails_to(cast.watcher)) == 2


def bulk(requests: int, watcher: Person) -> None:
    rows = [make_request() for _ in range(requests)]
    now = timezone.now()
    Watcher.objects.bulk_create(Watcher(request=row, person=watcher, since=now) for row in rows)

    def decline(number: int, person: Person) -> Request:
        with transaction.atomic():
            request = Request.objects.get(pk=number)
            log.record("request.declined", request, by=person)
            return request

    change_all(rows, decline, make_person())


def test_one_act_on_many_requests_is_one_mail_for_each_person() -> None:
    watcher = make_person(language="en")
    bulk(12, watcher)
    tell_all()
    (sent,) = mails_to(watcher)
    assert sent.subject.endswith(" (and news of 11 more)")
    assert sent.body.startswith("12 things have news\n")
    assert {row.message_id for row in rows_of(watcher)} == {sent.message()["Message-ID"]}


def test_an_act_of_a_long_time_is_mailed_when_all_of_it_is_fanned_out() -> None:
    watcher = make_person()
    bulk(3, watcher)
    fan_out()
    assert deliver_mail().total == 0
    assert {row.together for row in rows_of(watcher)} == {f"batch:{_batch()}"}


def _batch() -> Any:
    from activity.models import Event

    return Event.objects.filter(kind="request.declined").values_list("batch", flat=True).first()


def test_an_act_of_which_only_a_part_is_fanned_out_waits_for_the_rest_however_late_it_is() -> None:
    watcher = make_person()
    bulk(4, watcher)
    fan_out_batch(2)
    let_a_minute_pass()
    assert deliver_mail().sent == 0
    fan_out()
    let_a_minute_pass()
    deliver_mail()
    assert len(mails_to(watcher)) == 1


def test_what_the_portal_says_of_many_requests_at_once_is_one_mail() -> None:
    team = make_team()
    owner = make_person(team)
    ago = timezone.now() - timedelta(days=9)
    for _ in range(3):
        make_request("in_progress", serving_team=team, it_owner=owner, progress_at=ago)
    assert say_what_is_due(timezone.now()) == 3
    tell_all()
    assert len(mails_to(owner)) == 1


def claimed(size: int = 20) -> tuple[leases.Claim, list[bundles.Bundle]]:
    return gather(leases.claim([Channel.MAIL], size))


def test_a_claim_takes_in_what_belongs_to_what_it_holds() -> None:
    cast = make_cast()
    for _ in range(3):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    Delivery.objects.exclude(person=cast.watcher).delete()
    let_a_minute_pass()
    claim, found = claimed(size=1)
    assert [len(bundle) for bundle in found] == [3]
    assert leases.claim([Channel.MAIL], 20).rows == []
    leases.release(claim)
    assert len(leases.claim([Channel.MAIL], 20).rows) == 3


def test_a_bundle_that_failed_takes_nothing_new_in_so_that_its_repeat_misses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = make_cast()
    for _ in range(2):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    Delivery.objects.exclude(person=cast.watcher).delete()
    let_a_minute_pass()

    def refuse(*_args: Any) -> None:
        raise ConnectionRefusedError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(Postbox, "send", refuse)
        assert deliver_mail().failed == 1
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    Delivery.objects.exclude(person=cast.watcher).delete()
    let_a_minute_pass()
    _claim, found = claimed()
    assert sorted(len(bundle) for bundle in found) == [1, 2]
    again = next(bundle for bundle in found if len(bundle) == 2)
    assert {row.attempts for row in again} == {1}
    assert {row.message_id for row in again} == {message_id(again[0].dedupe_key)}


def test_one_that_cannot_be_written_holds_up_no_other_of_its_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    events = [happened("request.commented", cast.request, cast.it_owner) for _ in range(3)]
    fan_out()
    Delivery.objects.exclude(person=cast.watcher).delete()
    let_a_minute_pass()
    original = news.tell

    def poisoned(event: Any, *args: Any) -> Any:
        if event == events[0]:
            raise ZeroDivisionError
        return original(event, *args)

    monkeypatch.setattr(delivery, "tell", poisoned)
    deliver_mail()
    bad, *good = rows_of(cast.watcher)
    assert (bad.state, bad.attempts) == (State.WAITING, 1)
    assert "ZeroDivisionError" in bad.last_error
    assert {row.state for row in good} == {State.DONE}
    (sent,) = mails_to(cast.watcher)
    assert sent.message()["Message-ID"] == good[0].message_id != bad.message_id


def muted(cast: Any) -> None:
    from requests_app.models import Mute

    Mute.objects.create(request=cast.request, person=cast.watcher, since=timezone.now())


def deactivated(cast: Any) -> None:
    Person.objects.filter(pk=cast.watcher.pk).update(is_active=False)


@pytest.mark.parametrize("change", [muted, deactivated])
def test_a_bundle_that_nobody_wants_or_may_read_any_more_is_not_sent(change: Callable[[Any], None]) -> None:
    cast = make_cast()
    for _ in range(2):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    change(cast)
    let_a_minute_pass()
    deliver_mail()
    deliver_inbox()
    assert mails_to(cast.watcher) == []
    assert set(Delivery.objects.filter(person=cast.watcher).values_list("state", flat=True)) == {
        State.SKIPPED
    }


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_share_what_one_mail_should_tell() -> None:
    """Six of them claim one row each; what belongs to one person and thing has only one of them then."""
    cast = make_cast()
    for _ in range(30):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    let_a_minute_pass()
    found: list[bundles.Bundle] = []
    barrier = threading.Barrier(6)

    def work() -> None:
        barrier.wait()
        try:
            for _ in range(4):
                found.extend(claimed(size=5)[1])
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    held = [bundle for bundle in found if bundle]
    keys = [(bundle[0].person_id, bundle[0].event_id and bundle[0].event.object_id) for bundle in held]  # type: ignore[union-attr]
    assert len(keys) == len(set(keys))
    told = [row.pk for bundle in held for row in bundle]
    assert len(told) == len(set(told))


def test_nothing_is_gathered_for_whom_nothing_is_claimed() -> None:
    empty = leases.Claim(uuid4(), [], leases.LEASE)
    assert gather(empty)[1] == []


def test_a_mail_says_why_it_comes_and_where_that_is_changed() -> None:
    cast = make_cast()
    Person.objects.update(language="en")
    happened("request.parked", cast.request, cast.it_owner)
    tell_all()
    (sent,) = mails_to(cast.watcher)
    for body in (str(sent.body), str(sent.alternatives[0][0])):
        assert "You watch this request." in body
        assert "/settings/notifications/" in body


def test_a_mail_of_very_many_things_names_some_and_counts_the_others() -> None:
    watcher = make_person(language="en")
    bulk(MOST_THINGS + 2, watcher)
    tell_all()
    (sent,) = mails_to(watcher)
    assert "And 2 more stand in your inbox." in str(sent.body)
    assert str(sent.body).count("declined this request") == MOST_THINGS
    assert {row.state for row in rows_of(watcher)} == {State.DONE}


def test_of_very_much_news_of_one_thing_the_latest_is_told_and_the_rest_counted() -> None:
    cast = make_cast()
    for n in range(MOST_NEWS + 3):
        comment = make_comment(cast.request, cast.requester, f"Said as number {n}.")
        happened("request.commented", cast.request, cast.requester, comment=comment.pk)
    Person.objects.update(language="en")
    tell_all()
    (sent,) = mails_to(cast.watcher)
    for body in (str(sent.body), str(sent.alternatives[0][0])):
        assert body.count("Said as number") == MOST_NEWS
        assert f"Said as number {MOST_NEWS + 2}." in body
        assert "3 earlier pieces of news stand in your inbox." in body
