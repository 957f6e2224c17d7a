"""What the chat channels of a person's teams already tell, beside what the person chooses for themselves.

A channel has no single reader, so it is nobody's own choice: leads set it, and its teams see it here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.chat.kinds import Kind as ChatKind
from notifications.chat.models import ChatChannel
from notifications.choosing.kinds import Kind
from teams.models import Person, Role

# As which kind somebody would choose what a channel is told of; of each the most part is.
BESIDE: Mapping[Kind, Sequence[ChatKind]] = {
    Kind.QUESTION: (ChatKind.QUESTIONS,),
    Kind.DECISION: (ChatKind.DECISIONS, ChatKind.RESULTS),
    Kind.STEP: (ChatKind.NEW, ChatKind.WORK),
    Kind.TALK: (ChatKind.COMMENTS,),
}


@dataclass(frozen=True)
class ToldThere:
    """A channel that tells of a kind, what of it in words, and whether the reader may change that."""

    channel: ChatChannel
    words: str
    may_change: bool


def told_in_chats(person: Person) -> Mapping[str, Sequence[ToldThere]]:
    """The channels of the person's teams that are told, by kind; empty where there are none. Two queries."""
    teams = person.own_teams()
    led = {team.pk for team in teams if person.is_admin or team.role == Role.LEAD}
    channels = list(
        ChatChannel.objects.told()
        .filter(team__in=[team.pk for team in teams])
        .select_related("team")
        .order_by("team__sort_key", "name", "pk")
    )
    return {kind: told for kind, beside in BESIDE.items() if (told := _told(channels, beside, led))}


def _told(channels: Sequence[ChatChannel], beside: Sequence[ChatKind], led: set[int]) -> list[ToldThere]:
    found = []
    for channel in channels:
        words = " · ".join(str(kind.label) for kind in beside if kind in channel.kinds)
        if words:
            found.append(ToldThere(channel, words, channel.team_id in led))
    return found
