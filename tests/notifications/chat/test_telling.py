"""Which channels are told of which events, and what they never get."""

import pytest
from django.db import IntegrityError, transaction

from activity import log
from activity.models import Origin
from notifications.audience import TOLD_OF
from notifications.chat.kinds import KIND_OF, Kind
from notifications.chat.models import ChatChannel
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery
from teams.models import Team
from tests.factories import make_person
from tests.notifications.chat.channels import make_channel
from tests.notifications.telling import Cast, happened, make_cast

pytestmark = pytest.mark.django_db


def serving(cast: Cast) -> Team:
    assert cast.request.serving_team is not None
    return cast.request.serving_team


def told() -> list[tuple[str, int | None]]:
    rows = Delivery.objects.filter(channel=Channel.CHAT).order_by("pk")
    return [(row.event.kind if row.event else "", row.chat_id) for row in rows]


def test_the_channels_of_both_teams_are_told_and_no_other() -> None:
    cast = make_cast()
    assert cast.request.requesting_team is not None
    one, other = make_channel(serving(cast)), make_channel(cast.request.requesting_team)
    make_channel(make_cast().request.serving_team or serving(cast))
    happened("request.parked", cast.request, cast.it_owner)
    fan_out()
    assert sorted(told(), key=str) == sorted(
        [("request.parked", one.pk), ("request.parked", other.pk)], key=str
    )


def test_a_channel_is_told_only_of_the_kinds_that_it_wants() -> None:
    cast = make_cast()
    make_channel(serving(cast), kinds=[Kind.DECISIONS])
    happened("request.commented", cast.request, cast.it_owner)
    happened("request.declined", cast.request, cast.it_owner)
    fan_out()
    assert [kind for kind, _channel in told()] == ["request.declined"]


def test_every_kind_of_event_belongs_to_one_kind_and_is_one_that_people_are_told_of() -> None:
    assert set(KIND_OF.values()) == set(Kind.values)
    assert set(KIND_OF) <= TOLD_OF


@pytest.mark.parametrize("blind", ["request.scored", "request.score_proposed", "request.edited"])
def test_scores_and_edits_are_not_told(blind: str) -> None:
    cast = make_cast()
    make_channel(serving(cast))
    happened(blind, cast.request, cast.it_owner, side="it")
    fan_out()
    assert told() == []


def test_a_restricted_request_is_told_to_no_channel() -> None:
    cast = make_cast(restricted=True)
    make_channel(serving(cast))
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    assert told() == []


def test_a_channel_that_is_off_or_removed_is_not_told() -> None:
    cast = make_cast()
    make_channel(serving(cast), is_on=False)
    gone = make_channel(serving(cast))
    ChatChannel.objects.filter(pk=gone.pk).update(removed_at=gone.created_at, is_on=False, sealed_url="")
    happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    assert told() == []


@pytest.mark.parametrize("origin", [Origin.DEMO, Origin.IMPORT])
def test_the_past_is_not_told(origin: Origin) -> None:
    cast = make_cast()
    make_channel(serving(cast))
    with log.origin(origin):
        happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    assert told() == []


def test_what_can_be_undone_waits_a_minute_and_talk_does_not() -> None:
    cast = make_cast()
    make_channel(serving(cast))
    step = happened("request.parked", cast.request, cast.it_owner)
    said = happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    due = dict(Delivery.objects.filter(channel=Channel.CHAT).values_list("event", "due_at"))
    assert (due[step.pk] - step.recorded_at).total_seconds() == 60
    assert due[said.pk] == said.recorded_at


def test_fanning_out_twice_tells_once() -> None:
    cast = make_cast()
    channel = make_channel(serving(cast))
    event = happened("request.commented", cast.request, cast.it_owner)
    fan_out()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            event=event,
            chat=channel,
            person=channel.added_by,
            channel=Channel.CHAT,
            dedupe_key=f"chat:{event.pk}:{channel.pk}",
            due_at=event.recorded_at,
            created_at=event.recorded_at,
        )
    assert len(told()) == 1


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.INBOX])
def test_only_a_delivery_to_chat_has_a_channel(channel: Channel) -> None:
    chat = make_channel(make_cast().request.serving_team or Team.objects.get())
    now = chat.created_at
    for wrong in ({"channel": channel, "chat": chat}, {"channel": Channel.CHAT, "chat": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(
                person=make_person(), dedupe_key="wrong", due_at=now, created_at=now, **wrong
            )
