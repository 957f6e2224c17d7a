"""Deliveries that came to their end are forgotten in time; what still matters is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import forgetting, inbox
from notifications.forgetting import KEPT, forget_old_deliveries
from notifications.models import Channel, Delivery, State
from notifications.tasks import SCHEDULES
from teams.models import Person
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def ended(person: Person, state: State, age: timedelta) -> Delivery:
    at = timezone.now() - age
    return Delivery.objects.create(
        person=person,
        channel=Channel.INBOX,
        dedupe_key=f"{state}:{age}",
        state=state,
        due_at=at,
        created_at=at,
        finished_at=None if state == State.WAITING else at,
    )


def test_what_ended_long_ago_is_forgotten_and_nothing_else() -> None:
    person, hour = make_person(), timedelta(hours=1)
    for state in State:
        ended(person, state, KEPT + hour)
    young = ended(person, State.DONE, KEPT - hour)
    assert forget_old_deliveries(timezone.now()) == 2
    left = Delivery.objects.exclude(pk=young.pk).values_list("state", flat=True)
    assert set(left) == {State.WAITING, State.DEAD}
    assert Delivery.objects.filter(pk=young.pk).exists()


def test_it_goes_by_batches_and_leaves_the_rest_for_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(forgetting, "MOST_IN_ALL", 4)
    person = make_person()
    for days in range(1, 8):
        ended(person, State.DONE, KEPT + timedelta(days=days))
    assert [forget_old_deliveries(timezone.now()) for _ in range(3)] == [4, 3, 0]


def test_it_is_done_each_day_and_keeps_what_the_inbox_shows() -> None:
    assert KEPT > inbox.KEPT
    (found,) = [one for one in SCHEDULES if one.run is forget_old_deliveries]
    assert found.every == timedelta(days=1)
