"""Muting a request: silence, whatever one is to it, until one asks for the opposite."""

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client

from activity.models import Event
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Delivery, InboxEntry
from requests_app.discussion import comment, mute, unmute, watch
from requests_app.models import Mute, Watcher
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from teams.rules import RuleViolation
from tests.factories import holder, make_person, make_request
from tests.notifications.telling import Cast, make_cast, tell_all

pytestmark = pytest.mark.django_db


def test_muting_twice_is_muting_and_writes_no_event() -> None:
    request, person = make_request(), make_person()
    mute(request.pk, by=person)
    mute(request.pk, by=person)
    assert Mute.objects.get().person == person
    unmute(request.pk, by=person)
    unmute(request.pk, by=person)
    assert not Mute.objects.exists()
    assert not Event.objects.exists()


def test_hidden_requests_and_drafts_are_not_muted() -> None:
    with pytest.raises(Http404):
        mute(make_request(restricted=True).pk, by=make_person())
    draft = make_request("draft")
    with pytest.raises(RuleViolation):
        mute(draft.pk, by=holder(draft.requester))


def told(person: Person) -> tuple[int, int]:
    """Entries in the inbox and mails of ``person``."""
    return person.inbox_entries.count(), sum(person.email in one.to for one in mail.outbox)


@pytest.mark.parametrize("who", ["requester", "marketing_owner", "it_owner", "watcher", "supporter"])
def test_whoever_mutes_is_told_nothing_and_all_others_are(who: str) -> None:
    cast: Cast = make_cast()
    silent = getattr(cast, who)
    mute(cast.request.pk, by=silent)
    comment(cast.request.pk, "Anybody?", by=cast.stranger)
    perform("decline", cast.request.pk, by=cast.it_owner, inputs=Inputs(reason="No."))
    tell_all()
    assert told(silent) == (0, 0)
    others = {cast.requester, cast.marketing_owner, cast.watcher} - {silent}
    assert all(told(other) == (2, 1) for other in others)


def test_who_mutes_before_the_fan_out_ends_gets_nothing_of_what_waits() -> None:
    cast = make_cast()
    comment(cast.request.pk, "First", by=cast.stranger)
    fan_out()
    assert Delivery.objects.filter(person=cast.requester).count() == 2
    mute(cast.request.pk, by=cast.requester)
    tell_all()
    assert told(cast.requester) == (0, 0)
    assert told(cast.marketing_owner) == (1, 1)
    assert set(Delivery.objects.filter(person=cast.requester).values_list("state", flat=True)) == {"skipped"}


def test_after_unmuting_one_is_told_again() -> None:
    cast = make_cast()
    mute(cast.request.pk, by=cast.requester)
    comment(cast.request.pk, "Unheard", by=cast.stranger)
    tell_all()
    unmute(cast.request.pk, by=cast.requester)
    comment(cast.request.pk, "Heard", by=cast.stranger)
    tell_all()
    assert told(cast.requester) == (1, 1)


def test_muting_one_request_leaves_others_loud() -> None:
    cast, other = make_cast(), make_cast()
    mute(other.request.pk, by=cast.requester)
    comment(cast.request.pk, "Heard", by=cast.stranger)
    tell_all()
    assert told(cast.requester) == (1, 1)


def test_what_was_told_before_stays_in_the_inbox() -> None:
    cast = make_cast()
    comment(cast.request.pk, "Before", by=cast.stranger)
    fan_out()
    deliver_inbox()
    mute(cast.request.pk, by=cast.requester)
    assert InboxEntry.objects.visible_to(cast.requester).count() == 1


def test_following_ends_the_silence_but_being_named_does_not() -> None:
    cast = make_cast()
    mute(cast.request.pk, by=cast.stranger)
    watch(cast.request.pk, cast.stranger, by=cast.requester)
    assert Mute.objects.exists()
    watch(cast.request.pk, by=cast.stranger)
    assert not Mute.objects.exists()


def test_muting_keeps_the_sight_of_a_restricted_request() -> None:
    cast = make_cast(restricted=True)
    mute(cast.request.pk, by=cast.watcher)
    assert Watcher.objects.filter(person=cast.watcher).exists()
    client = Client()
    client.force_login(cast.watcher)
    assert client.get(f"/requests/{cast.request.pk}/").status_code == 200


def test_the_button_on_the_page_turns_it_on_and_off() -> None:
    request, person = make_request(), make_person(language="en")
    client = Client()
    client.force_login(person)
    page = f"/requests/{request.pk}/"
    for wanted, muted, words in (("yes", True, "Unmute"), ("no", False, "Mute")):
        answer = client.post(f"{page}mute/", {"wanted": wanted}, headers={"hx-request": "true"})
        assert Mute.objects.exists() == muted
        assert f"{words}</button>" in answer.content.decode()
    assert client.post(f"{page}mute/", {"wanted": "yes"}).headers["Location"] == page
