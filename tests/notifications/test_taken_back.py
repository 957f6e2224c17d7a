"""An undone step: its entries go, its mail is never sent, and only whom it had reached is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import leases
from notifications.delivery import deliver_mail
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Channel, Delivery, InboxEntry, State
from requests_app.choices import Status
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.notifications.telling import Cast, happened, let_a_minute_pass, make_cast, tell_all

pytestmark = pytest.mark.django_db


def park(cast: Cast) -> None:
    revisit = timezone.localdate() + timedelta(days=30)
    perform("park", cast.request.pk, by=cast.it_owner, inputs=Inputs(reason="Later.", revisit_on=revisit))


def undo(cast: Cast) -> None:
    perform("undo", cast.request.pk, by=cast.it_owner)


def tell_at_once() -> None:
    fan_out()
    deliver_inbox()
    deliver_mail()


def test_what_is_undone_within_the_minute_leaves_no_trace() -> None:
    cast = make_cast(Status.READY)
    park(cast)
    tell_at_once()
    assert InboxEntry.objects.count() == 4
    undo(cast)
    tell_at_once()
    let_a_minute_pass()
    deliver_mail()
    assert not InboxEntry.objects.exists()
    assert mail.outbox == []


def test_what_is_undone_before_it_is_fanned_out_is_told_to_nobody() -> None:
    cast = make_cast(Status.READY)
    park(cast)
    undo(cast)
    tell_all()
    assert not InboxEntry.objects.exists()
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SKIPPED}


def test_entries_written_late_never_appear() -> None:
    """Fanned out, then undone, and only then does the inbox worker come."""
    cast = make_cast(Status.READY)
    park(cast)
    fan_out()
    undo(cast)
    deliver_inbox()
    assert not InboxEntry.objects.exists()


def test_the_step_that_stands_is_told_although_an_earlier_one_was_undone() -> None:
    cast = make_cast(Status.READY)
    park(cast)
    undo(cast)
    park(cast)
    tell_all()
    assert InboxEntry.objects.filter(person=cast.watcher).count() == 1
    assert len([sent for sent in mail.outbox if sent.to == [cast.watcher.email]]) == 1


def test_whom_the_mail_had_reached_is_told_once_that_it_is_taken_back() -> None:
    cast = make_cast(Status.READY)
    park(cast)
    fan_out()
    let_a_minute_pass()
    Delivery.objects.filter(channel="mail").exclude(person=cast.watcher).update(
        due_at=timezone.now() + timedelta(hours=1)
    )
    deliver_mail()
    assert [sent.to for sent in mail.outbox] == [[cast.watcher.email]]
    Person.objects.update(language="en")
    undo(cast)
    tell_all()
    tell_all()
    assert [sent.to for sent in mail.outbox] == [[cast.watcher.email]] * 2
    assert "taken back" in mail.outbox[1].subject
    assert [entry.person for entry in InboxEntry.objects.all()] == [cast.watcher]


@pytest.mark.django_db(transaction=True)
def test_while_a_mail_of_the_step_is_being_sent_the_undoing_waits_for_its_end() -> None:
    cast = make_cast(Status.READY)
    park(cast)
    fan_out()
    let_a_minute_pass()
    under_way = leases.claim([Channel.MAIL], 1)
    undo(cast)
    assert fan_out() == 0
    leases.finish(under_way, under_way.rows, State.DONE)
    assert fan_out() == 1
    told = Delivery.objects.filter(event__kind="request.undone").values_list("person", flat=True)
    assert set(told) == {under_way.rows[0].person_id}


def test_a_malformed_undoing_takes_nothing_back() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    happened("request.undone", cast.request, cast.it_owner, undone_event="everything")
    tell_all()
    assert InboxEntry.objects.count() == 3
