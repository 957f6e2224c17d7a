"""The way out to chat: what a receiver gets, what its answers mean, and that one never holds up another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from activity.models import Event
from notifications import leases
from notifications.chat import sending, telling
from notifications.chat.models import ChatChannel, Vendor
from notifications.chat.sending import MOST_FAILURES, deliver_chat
from notifications.chat.setting import remove_channel
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery, State
from notifications.news import tell
from notifications.outgoing import Answer, post
from requests_app.models import Comment, Request
from teams.models import Team
from tests.factories import make_comment, make_team
from tests.notifications.chat.channels import let_all_be_due, make_channel, states, tell_chats
from tests.notifications.receivers import Said, deaf_port, receiver
from tests.notifications.telling import Cast, happened, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_house(settings: Settings) -> None:
    settings.OUTGOING_ALLOWED_HOSTS = ["127.0.0.1"]


def team_of(cast: Cast) -> Team:
    assert cast.request.serving_team is not None
    return cast.request.serving_team


def commented(body: str = "A thought.", **fields: Any) -> Cast:
    cast = make_cast(title="Newsletter topics", **fields)
    comment = make_comment(cast.request, cast.it_owner, body)
    happened("request.commented", cast.request, cast.it_owner, comment=comment.pk)
    return cast


def channel_now() -> ChatChannel:
    return ChatChannel.objects.get()


@pytest.mark.parametrize("vendor", Vendor.values)
def test_each_program_gets_its_own_body_with_the_news_in_it(vendor: str) -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url, vendor)
        assert tell_chats().sent == 1
    (body,) = there.bodies
    for words in (cast.request.key, f"/requests/{cast.request.number}/", "A thought", "commented"):
        assert words in body.decode()
    assert there.headers[0]["Content-Type"] == "application/json"
    assert there.paths == ["/hook/secret"]
    assert channel_now().last_told_at is not None


def test_a_channel_reads_its_own_language() -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url, language="de")
        tell_chats()
    assert "hat kommentiert" in there.payloads[0]["text"]


def restrict(cast: Cast) -> None:
    Request.objects.filter(pk=cast.request.pk).update(restricted=True)


def switch_off(_cast: Cast) -> None:
    ChatChannel.objects.update(is_on=False)


@pytest.mark.parametrize("change", [restrict, switch_off])
def test_what_not_every_member_may_see_any_more_is_not_sent(change: Callable[[Cast], None]) -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        fan_out()
        change(cast)
        assert deliver_chat().skipped == 1
    assert there.bodies == []
    assert states() == [State.SKIPPED]


def test_a_deleted_comment_is_told_without_its_words() -> None:
    cast = commented("Secret plans.")
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        fan_out()
        Comment.objects.update(body="", deleted_at=timezone.now())
        deliver_chat()
    assert "Secret plans" not in there.bodies[0].decode()


def test_the_comment_of_another_request_is_not_told() -> None:
    cast, other = make_cast(), make_cast(restricted=True)
    comment = make_comment(other.request, other.it_owner, "Sealed words.")
    happened("request.commented", cast.request, cast.it_owner, comment=comment.pk)
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        tell_chats()
    assert "Sealed words" not in there.bodies[0].decode()


def undo(cast: Cast, step: Event) -> None:
    happened("request.undone", cast.request, cast.it_owner, undone_event=step.pk)


def test_a_step_that_is_undone_in_its_minute_is_never_told() -> None:
    cast = make_cast()
    step = happened("request.parked", cast.request, cast.it_owner)
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        fan_out()
        undo(cast, step)
        tell_chats()
    assert there.bodies == []
    assert states() == [State.SKIPPED]


def test_a_step_that_was_told_and_is_undone_is_taken_back_once() -> None:
    cast = make_cast()
    step = happened("request.parked", cast.request, cast.it_owner)
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        tell_chats()
        undo(cast, step)
        tell_chats()
        tell_chats()
    assert len(there.bodies) == 2
    assert "took the last step back" in there.bodies[1].decode()


@pytest.mark.parametrize("said", [Said(500), Said(503), Said(429, b"slow down")])
def test_a_receiver_in_trouble_is_asked_again_later(said: Said) -> None:
    cast = commented()
    with receiver(said, Said()) as there:
        make_channel(team_of(cast), there.url)
        assert tell_chats().failed == 1
        assert states() == [State.WAITING]
        assert channel_now().failures == 1
        assert str(said.status) in channel_now().last_error
        let_all_be_due()
        assert deliver_chat().sent == 1
    assert (channel_now().failures, channel_now().last_error) == (0, "")


def test_it_is_not_asked_before_the_time_that_it_names() -> None:
    cast = commented()
    with receiver(Said(429, headers={"Retry-After": "1200"})) as there:
        make_channel(team_of(cast), there.url)
        tell_chats()
    pause = Delivery.objects.get(channel=Channel.CHAT).due_at - timezone.now()
    assert 1_100 < pause.total_seconds() <= 1_200


@pytest.mark.parametrize("asked", ["soon", "-5", "99999999999", "١٢"])
def test_a_time_that_is_none_is_not_waited_for(asked: str) -> None:
    assert sending._pause(Answer(429, {"retry-after": asked}, b"")) is None


def test_microsoft_says_too_much_with_a_yes() -> None:
    cast = commented()
    with receiver(Said(200, b"Webhook message delivery failed with error: 429")) as there:
        make_channel(team_of(cast), there.url, Vendor.TEAMS)
        assert tell_chats().failed == 1
    assert states() == [State.WAITING]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_yes_is_a_yes(status: int) -> None:
    cast = commented()
    with receiver(Said(status, b"" if status == 204 else b"1")) as there:
        make_channel(team_of(cast), there.url, Vendor.TEAMS)
        assert tell_chats().sent == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_channel_that_is_gone_is_switched_off_with_an_event(status: int) -> None:
    cast = commented()
    with receiver(Said(status, b"channel_not_found")) as there:
        make_channel(team_of(cast), there.url)
        tell_chats()
    assert states() == [State.DEAD]
    assert not channel_now().is_on
    assert "channel_not_found" in channel_now().last_error
    assert Event.objects.filter(kind="chat_channel.switched_off", actor=None).count() == 1


@pytest.mark.parametrize("status", [302, 400, 413])
def test_a_body_that_is_refused_ends_and_the_channel_stays(status: int) -> None:
    cast = commented()
    with receiver(Said(status, b"invalid_blocks")) as there:
        make_channel(team_of(cast), there.url)
        tell_chats()
    assert states() == [State.DEAD]
    assert channel_now().is_on


@pytest.mark.parametrize("status", [400, 500])
def test_after_many_failures_in_a_row_it_is_switched_off(status: int) -> None:
    cast = commented()
    with receiver(Said(status)) as there:
        make_channel(team_of(cast), there.url, failures=MOST_FAILURES - 1)
        tell_chats()
    assert not channel_now().is_on


def test_a_channel_that_was_removed_while_it_was_told_stays_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = commented()
    channel = make_channel(team_of(cast))

    def gone(*_args: Any) -> Answer:
        remove_channel(channel, by=channel.added_by)
        return Answer(404, {}, b"no such hook")

    monkeypatch.setattr(sending, "post", gone)
    assert tell_chats().failed == 1
    assert states() == [State.DEAD]
    assert channel_now().removed_at is not None


def test_what_cannot_be_put_into_words_waits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = commented("Poison.")
    poison = Event.objects.get(kind="request.commented")
    for _ in range(2):
        happened("request.commented", cast.request, cast.it_owner)

    def told(event: Event, *args: Any) -> Any:
        if event == poison:
            raise ValueError("unspeakable")
        return tell(event, *args)

    monkeypatch.setattr(sending, "tell", told)
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        assert tell_chats().sent == 2
    row = Delivery.objects.get(event=poison, channel=Channel.CHAT)
    assert (row.state, row.last_error) == (State.WAITING, "ValueError('unspeakable')")
    assert row.due_at > timezone.now()
    assert channel_now().failures == 0


def test_an_inner_address_is_refused_at_sending_too(settings: Settings) -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url.replace("http://", "https://"))
        settings.OUTGOING_ALLOWED_HOSTS = []
        tell_chats()
    assert there.bodies == []
    assert states() == [State.DEAD]
    assert not channel_now().is_on


def test_an_address_sealed_with_another_key_says_so(settings: Settings) -> None:
    cast = commented()
    make_channel(team_of(cast))
    settings.SECRET_KEY = "another key"
    tell_chats()
    assert "SECRET_KEY" in channel_now().last_error


def test_a_receiver_that_hangs_costs_one_wait_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten messages for one that never answers, one for another: one wait, and the other is told."""
    hanging, other = make_cast(), commented()
    for _ in range(10):
        happened("request.commented", hanging.request, hanging.it_owner)
    with deaf_port() as port, receiver() as there, monkeypatch.context() as patch:
        waited: list[str] = []

        def impatient(url: str, *args: Any) -> Answer:
            waited.append(url)
            return post(url, *args, seconds=60 if url == there.url else 0.3)

        patch.setattr(sending, "post", impatient)
        deaf = f"http://127.0.0.1:{port}/"
        make_channel(team_of(hanging), deaf)
        make_channel(team_of(other), there.url)
        tally = tell_chats()
        assert sorted(waited) == sorted([deaf, there.url])
        assert (tally.sent, tally.failed) == (1, 1)
        assert deliver_chat().total == 0
    assert len(there.bodies) == 1
    assert Delivery.objects.filter(channel=Channel.CHAT, state=State.WAITING).count() == 10


def test_what_a_killed_worker_held_is_sent_once_its_lease_ends() -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        fan_out()
        leases.claim([Channel.CHAT], 10)
        assert deliver_chat().total == 0
        Delivery.objects.update(leased_until=timezone.now())
        assert deliver_chat().sent == 1
    assert len(there.bodies) == 1


def test_a_row_that_kills_its_workers_is_given_up() -> None:
    cast = commented()
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        fan_out()
        Delivery.objects.update(attempts=len(leases.BACK_OFF) + 1)
        deliver_chat()
    assert states() == [State.DEAD]
    assert there.bodies == []


def test_a_test_message_takes_the_same_way() -> None:
    team = make_team()
    with receiver() as there:
        channel = make_channel(team, there.url)
        telling.send_test(channel, channel.added_by)
        deliver_chat()
    assert "This is a test" in there.bodies[0].decode()


def test_a_poisonous_title_and_a_huge_comment_are_told_in_short() -> None:
    cast = make_cast()
    Request.objects.filter(pk=cast.request.pk).update(title="A\nB\x0bC\u2028 <!channel>")
    comment = make_comment(cast.request, cast.it_owner, "word " * 3_000)
    happened("request.commented", cast.request, cast.it_owner, comment=comment.pk)
    with receiver() as there:
        make_channel(team_of(cast), there.url)
        assert tell_chats().sent == 1
    assert len(there.bodies[0]) < 5_000
    assert b"<!channel>" not in there.bodies[0]


def test_a_deleted_request_ends_its_row() -> None:
    cast = commented()
    make_channel(team_of(cast))
    fan_out()
    gone = happened("request.commented", Request(number=2**40), cast.it_owner)
    Delivery.objects.filter(channel=Channel.CHAT).update(event=gone)
    deliver_chat()
    assert states() == [State.SKIPPED]
    assert not Delivery.objects.filter(channel=Channel.CHAT, state=State.WAITING).exists()
