"""Which channels are told of which events: those of the two teams concerned, of what every member may see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from activity import clock
from activity.models import Event, Origin
from notifications.chat.kinds import KIND_OF
from notifications.chat.models import ChatChannel
from notifications.models import Channel, Delivery
from notifications.taken_back import undo_window
from requests_app.models import Request
from teams.models import Person

TEST_KEY = "chat:test:"
QUIET_ORIGINS = (Origin.DEMO, Origin.IMPORT)


def deliveries(events: Iterable[Event], now: datetime) -> list[Delivery]:
    """A delivery for each event and channel that is to be told of it. Two queries, or none."""
    wanted = [event for event in events if event.kind in KIND_OF and event.origin not in QUIET_ORIGINS]
    if not wanted:
        return []
    teams = _teams_of({event.object_id for event in wanted})
    channels = _channels_of({team for pair in teams.values() for team in pair})
    return [
        _delivery(event, channel, now)
        for event in wanted
        for channel in _told(event, teams.get(event.object_id, ()), channels)
    ]


def _teams_of(numbers: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The teams concerned by each request that every member may see."""
    rows = Request.objects.for_everyone().filter(number__in=list(numbers))
    found = rows.values_list("number", "requesting_team", "serving_team")
    return {number: tuple(team for team in teams if team) for number, *teams in found}


def _channels_of(teams: Iterable[int]) -> dict[int, list[ChatChannel]]:
    found: dict[int, list[ChatChannel]] = defaultdict(list)
    for channel in ChatChannel.objects.told().filter(team__in=list(teams)).order_by("pk"):
        found[channel.team_id].append(channel)
    return found


def _told(event: Event, teams: Sequence[int], channels: dict[int, list[ChatChannel]]) -> list[ChatChannel]:
    near = [channel for team in dict.fromkeys(teams) for channel in channels.get(team, ())]
    return [channel for channel in near if KIND_OF[event.kind] in channel.kinds]


def _delivery(event: Event, channel: ChatChannel, now: datetime) -> Delivery:
    return Delivery(
        event=event,
        chat=channel,
        person_id=channel.added_by_id,
        channel=Channel.CHAT,
        dedupe_key=f"chat:{event.pk}:{channel.pk}",
        due_at=event.recorded_at + undo_window(event),
        created_at=now,
    )


def taken_back(reached: Iterable[tuple[Event, int]], now: datetime) -> list[Delivery]:
    """That a step was taken back, for the channels that had been told of the step."""
    pairs = list(reached)
    found = ChatChannel.objects.told().in_bulk([channel for _event, channel in pairs])
    return [_delivery(event, found[channel], now) for event, channel in pairs if channel in found]


def send_test(channel: ChatChannel, asking: Person) -> Delivery:
    """Put a test message on the way of all messages."""
    now = clock.now()
    return Delivery.objects.create(
        chat=channel,
        person=asking,
        channel=Channel.CHAT,
        dedupe_key=f"{TEST_KEY}{channel.pk}:{uuid4().hex}",
        due_at=now,
        created_at=now,
    )
