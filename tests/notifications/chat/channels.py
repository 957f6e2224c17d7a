"""What the tests of chat share: a channel of a team that leads to a receiver of the test's own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from activity import clock
from notifications.chat.kinds import Kind
from notifications.chat.models import ChatChannel, Vendor
from notifications.chat.sending import deliver_chat
from notifications.delivery import Tally
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery, State
from notifications.sealed import seal
from teams.models import Person, Team
from tests.factories import make_person

PUBLIC = "https://hooks.example.org/services/T0/B0/very-secret"


def make_channel(
    team: Team,
    url: str = PUBLIC,
    vendor: str = Vendor.SLACK,
    kinds: Sequence[str] = tuple(Kind.values),
    added_by: Person | None = None,
    **more: Any,
) -> ChatChannel:
    """A channel as its domain function makes it."""
    return ChatChannel.objects.create(
        team=team,
        vendor=vendor,
        name="#crm",
        sealed_url=seal(url),
        host="hooks.example.org",
        language=more.pop("language", "en"),
        kinds=list(kinds),
        added_by=added_by or make_person(lead_of=team),
        created_at=clock.now(),
        **more,
    )


def let_all_be_due() -> None:
    """The undo window, and every pause after a failure, is over."""
    waiting = Delivery.objects.filter(state=State.WAITING, channel=Channel.CHAT)
    waiting.update(due_at=timezone.now() - timedelta(seconds=1))


def tell_chats() -> Tally:
    """Fan out and send all that is meant for chat."""
    fan_out()
    let_all_be_due()
    return deliver_chat()


def states() -> list[str]:
    """What became of the chat deliveries, in their order."""
    rows = Delivery.objects.filter(channel=Channel.CHAT).order_by("pk")
    return list(rows.values_list("state", flat=True))
