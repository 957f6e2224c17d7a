"""What was given up: what is shown of it, and that trying again gives it all its attempts back."""

from typing import Any

import pytest

from notifications import test_mail
from notifications.leases import BACK_OFF
from notifications.models import Channel, Delivery, State
from notifications.operations import dead
from teams.models import Person
from tests.factories import make_person, make_team
from tests.notifications.chat.channels import make_channel
from tests.notifications.operations.test_state import row

pytestmark = pytest.mark.django_db


def given_up(person: Person, n: int, **more: Any) -> Delivery:
    return row(person, n, State.DEAD, attempts=len(BACK_OFF) + 1, last_error="550 no", **more)


def test_the_newest_come_first_and_no_more_than_a_page_of_them() -> None:
    person = make_person()
    rows = [given_up(person, n) for n in range(dead.SHOWN + 3)]
    shown = dead.shown()
    assert [one.pk for one in shown] == [one.pk for one in reversed(rows)][: dead.SHOWN]
    assert dead.given_up().count() == dead.SHOWN + 3


def test_one_way_out_is_shown_alone_and_one_that_is_none_counts_as_all() -> None:
    person = make_person()
    mail, chat = given_up(person, 1), given_up(person, 2)
    Delivery.objects.filter(pk=chat.pk).update(channel=Channel.CHAT, chat=make_channel(make_team()))
    assert [one.pk for one in dead.shown("chat")] == [chat.pk]
    assert [one.pk for one in dead.shown("mail")] == [mail.pk]
    assert len(dead.shown("pigeon")) == 2


def test_what_is_tried_again_has_all_its_attempts_and_is_due_at_once() -> None:
    one = given_up(make_person(), 1)
    assert dead.try_again([one.pk]) == 1
    one.refresh_from_db()
    assert (one.state, one.attempts, one.finished_at) == (State.WAITING, 0, None)
    assert dead.try_again([one.pk]) == 0


def test_what_is_done_or_waits_is_not_touched() -> None:
    person = make_person()
    done, waiting = row(person, 1, State.DONE), row(person, 2)
    assert dead.try_again([done.pk, waiting.pk, 2**62]) == 0
    assert dead.try_all_again() == 0


def test_everybody_sees_their_own_tests_alone() -> None:
    mine, other = make_person(), make_person()
    for _ in range(dead.LATEST_TESTS + 1):
        test_mail.send_test(mine)
    test_mail.send_test(other)
    assert len(dead.tests_of(mine, test_mail.KEY)) == dead.LATEST_TESTS
    assert {one.person_id for one in dead.tests_of(other, test_mail.KEY)} == {other.pk}
    assert dead.tests_of(mine, "chat:test:") == []
