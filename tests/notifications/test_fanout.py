"""From events to deliveries: exactly once, only to those who may see, whatever breaks on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock, log
from activity.models import Event, FanOut, Origin
from notifications import fanout
from notifications.fanout import BUNDLED_FOR, fan_out, fan_out_batch
from notifications.models import Delivery
from notifications.tellings import Telling
from requests_app.models import Request, Watcher
from requests_app.workflow.conditions import UNDO_WITHIN
from teams.models import Person
from tests.factories import make_admin, make_person, make_request
from tests.notifications.telling import happened, make_cast

pytestmark = pytest.mark.django_db


def told(channel: str = "mail") -> set[Person]:
    return {row.person for row in Delivery.objects.filter(channel=channel).select_related("person")}


def test_everybody_concerned_gets_an_entry_and_a_mail() -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    assert fan_out() == 1
    expected = {cast.requester, cast.marketing_owner, cast.watcher, cast.supporter}
    assert told("inbox") == told("mail") == expected


def test_the_keys_name_channel_event_and_person() -> None:
    cast = make_cast()
    event = happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    keys = set(Delivery.objects.filter(person=cast.watcher).values_list("dedupe_key", flat=True))
    assert keys == {f"{channel}:{event.pk}:{cast.watcher.pk}" for channel in ("inbox", "mail")}


def test_a_second_fan_out_finds_nothing() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    before = Delivery.objects.count()
    assert fan_out() == 0
    assert Delivery.objects.count() == before


def test_an_event_that_was_fanned_out_before_doubles_nothing() -> None:
    """The unique key holds even where somebody opens the row again."""
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    before = Delivery.objects.count()
    FanOut.objects.update(done_at=None)
    assert fan_out() == 1
    assert Delivery.objects.count() == before


def test_who_may_not_see_a_restricted_request_is_not_told() -> None:
    cast = make_cast(restricted=True)
    happened("request.parked", cast.request, None)
    fan_out()
    assert cast.supporter not in told()
    assert cast.watcher in told()


def test_who_left_is_not_told() -> None:
    cast = make_cast()
    Person.objects.filter(pk=cast.watcher.pk).update(is_active=False)
    happened("request.parked", cast.request, None)
    fan_out()
    assert cast.watcher not in told()


def test_imported_history_has_no_fan_out_and_tells_nobody() -> None:
    cast = make_cast()
    with log.origin(Origin.IMPORT):
        happened("request.parked", cast.request, None)
    assert not FanOut.objects.exists()
    assert fan_out() == 0
    assert not Delivery.objects.exists()


def test_the_demo_fills_the_inboxes_of_two_weeks_and_sends_no_mail() -> None:
    cast = make_cast()
    for days in (20, 13):
        with log.origin(Origin.DEMO), clock.moved_to(timezone.now() - timedelta(days=days)):
            happened("request.commented", cast.request, None)
    fan_out()
    assert not Delivery.objects.filter(channel="mail").exists()
    assert set(Delivery.objects.values_list("event", flat=True)) == {Event.objects.latest("pk").pk}


@pytest.mark.parametrize(
    ("kind", "wait", "data"),
    [
        ("request.parked", UNDO_WITHIN, {}),
        ("request.asked", timedelta(0), {"question_to": "it"}),
        ("request.commented", BUNDLED_FOR, {}),
    ],
)
def test_mail_waits_until_nothing_can_be_undone_or_for_more_of_its_kind(
    kind: str, wait: timedelta, data: dict[str, Any]
) -> None:
    cast = make_cast()
    event = happened(kind, cast.request, None, **data)
    fan_out()
    due = dict(Delivery.objects.filter(person=cast.watcher).values_list("channel", "due_at"))
    assert due == {"inbox": event.recorded_at, "mail": event.recorded_at + wait}


def test_positions_are_stamped() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, None)
    happened("team.edited", cast.request, None)
    fan_out()
    assert set(Event.objects.values_list("position", flat=True)) == {1, 2}


def test_the_number_of_queries_does_not_grow_with_the_events(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(30):
        cast = make_cast()
        happened("request.parked", cast.request, cast.it_owner)
    with django_assert_max_num_queries(22):
        assert fan_out_batch(100) == 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["_deliveries", "choices_of", "kind_of", "_ways", "_delivery"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_loses_and_doubles_nothing(
    step: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    with monkeypatch.context() as patch:
        patch.setattr(fanout, step, crashing(getattr(fanout, step), when))
        with pytest.raises(Crash):
            fan_out_batch(10)
    assert not Delivery.objects.exists()
    assert FanOut.objects.filter(done_at=None).count() == 1
    fan_out()
    assert Delivery.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_crash_while_the_rows_are_closed_leaves_no_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)

    def crash() -> None:
        raise Crash

    # The second one looks for who is away.
    ticks = iter([clock.now, clock.now, clock.now, crash])
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: next(ticks)())
        with pytest.raises(Crash):
            fan_out_batch(10)
    assert not Delivery.objects.exists()
    fan_out()
    assert Delivery.objects.count() == 8


class Crash(Exception):
    pass


def crashing(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    def crash(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            function(*args, **kwargs)
        raise Crash

    return crash


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_fanned_out_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison = happened("request.parked", make_cast().request, None)
    sound = happened("request.parked", make_cast().request, None)
    original = fanout._delivery

    def refuse(told: Telling, *args: Any, **options: Any) -> Any:
        if told.event.pk == poison.pk:
            raise Crash
        return original(told, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(fanout, "_delivery", refuse)
        assert fan_out() == 1
    assert set(Delivery.objects.values_list("event", flat=True)) == {sound.pk}
    assert f"Event {poison.pk} could not be fanned out" in caplog.text
    assert fan_out() == 1
    assert poison.pk in set(Delivery.objects.values_list("event", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_rows_without_waiting_for_each_other() -> None:
    for _ in range(4):
        happened("request.commented", make_cast().request, None)
    with transaction.atomic():
        mine = fanout._claim(2, (), None)
        other = connections["default"].copy()
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT event_id FROM activity_fanout WHERE done_at IS NULL FOR UPDATE SKIP LOCKED"
            )
            theirs = {row[0] for row in cursor.fetchall()}
        other.close()
    assert len(mine) == 2
    assert len(theirs) == 2
    assert theirs.isdisjoint({event.pk for event in mine})


def test_an_admin_is_told_only_where_it_concerns_them() -> None:
    admin = make_admin()
    cast = make_cast()
    happened("request.parked", cast.request, None)
    fan_out()
    assert admin not in told()


def test_whom_a_merge_moved_away_is_told_of_it() -> None:
    cast, stays = make_cast(), make_request()
    Watcher.objects.filter(request=cast.request).update(request=stays)
    rows = [{"person": cast.watcher.pk, "since": "", "new": True}]
    happened("request.merged", cast.request, None, watchers=rows, supporters=[], into=stays.number)
    fan_out()
    assert cast.watcher in told()


def test_drafts_are_told_to_nobody() -> None:
    draft = make_request("draft", requester=make_person())
    happened("request.commented", draft, None)
    assert fan_out() == 1
    assert not Delivery.objects.exists()
    assert Request.objects.get(pk=draft.pk).status == "draft"
