"""Which of what was said each listener may hear: asked anew for each message, by the one rule of seeing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from activity.broadcast import RESYNC, Message
from activity.models import Event
from notifications.live import inboxes, presence
from notifications.sight import sight
from requests_app.boards.scope import shown_on
from requests_app.events import LINKING
from requests_app.models import Board, Request
from teams.models import Person

# Every active person may see these.
OPEN_TO_ALL = frozenset({"team", "goal", "brief", "board", "round"})
# After these steps some no longer see the request. They learn only that there is something to look at.
CLOSING = frozenset({"request.restricted", "request.assigned", "request.seat_emptied", "request.unwatched"})
# After these steps a request may no longer be on a board that it was on.
LEAVING = frozenset({"request.assigned", "request.edited"})


def heard(messages: Sequence[Message], listeners: Collection[int]) -> dict[int, list[Message]]:
    """What each of ``listeners`` (ids of people) hears of ``messages``, in order. At most seven queries."""
    people = list(Person.objects.filter(pk__in=listeners, is_active=True))
    linked = _other_ends(messages)
    numbers = {message.number for message in messages if _is_of_request(message)}
    sees = sight(people, numbers.union(linked.values()))
    left = _who_left(messages)

    def hears(person: int) -> list[Message]:
        theirs = (one for one in messages if _sees_both(linked, one, sees[person]))
        return [said for one in theirs if (said := _for(one, person, sees[person], left))]

    return {person.pk: hears(person.pk) for person in people}


def _is_of_request(message: Message) -> bool:
    """Whether ``number`` is a request's: boards, where people are seen as well, are open to all."""
    return message.about == "request" or message.kind == presence.AT_REQUEST


def _sees_both(linked: Mapping[int, int], message: Message, sees: Callable[[int], bool]) -> bool:
    """Of a link those hear who see both its ends, as in the timeline."""
    return message.event not in linked or sees(linked[message.event])


def _other_ends(messages: Iterable[Message]) -> dict[int, int]:
    """The request at the other end of a link, by the event that tells of the link."""
    events = [message.event for message in messages if message.kind in LINKING]
    if not events:
        return {}
    rows = Event.objects.filter(pk__in=events).values_list("pk", "data__other")
    return {pk: int(other) for pk, other in rows}


def _for(
    message: Message, person: int, sees: Callable[[int], bool], left: Mapping[int, int]
) -> Message | None:
    if message == RESYNC or left.get(message.event) == person:
        return RESYNC
    if message.about == "request":
        closed = RESYNC if message.kind in CLOSING else None
        return message if sees(message.number) else closed
    if message.about == presence.ABOUT:
        return message if not _is_of_request(message) or sees(message.number) else None
    if message.about == inboxes.ABOUT:
        return message if message.number == person else None
    return message if message.about in OPEN_TO_ALL else None


def _who_left(messages: Iterable[Message]) -> dict[int, int]:
    """Who is no longer member of a team, by the event that says so: they see less from now on."""
    events = [message.event for message in messages if message.kind == "membership.removed"]
    if not events:
        return {}
    rows = Event.objects.filter(pk__in=events).values_list("pk", "data__person")
    return {pk: int(person) for pk, person in rows if person is not None}


def on_boards(messages: Iterable[Message], slugs: Collection[str]) -> dict[str, set[int]]:
    """The numbers of the messages' requests that each board has to look at. Two queries a board."""
    about = [message for message in messages if message.about == "request"]
    numbers = {message.number for message in about}
    left = {message.number for message in about if message.kind in LEAVING}
    found = {}
    for board in Board.objects.whole().filter(slug__in=slugs):
        there = Request.objects.filter(shown_on(board), number__in=numbers - left)
        found[board.slug] = left.union(there.values_list("number", flat=True))
    return found
