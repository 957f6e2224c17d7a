"""An event in words: what the inbox row says and the subject of its mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from activity.models import Event
from notifications import words
from notifications.audience import ESCALATED, QUOTING
from notifications.models import Delivery
from notifications.things import Thing
from requests_app.discussion.mentions import plain
from requests_app.models import Comment
from teams.models import Person, Side


@dataclass(frozen=True)
class News:
    """An event told to a reader who may see what it is about; the words are in the active language."""

    subject: str
    sentence: str
    quote: str = ""
    comment: Comment | None = None

    @property
    def said(self) -> str:
        """The comment as plain text."""
        return plain(self.comment.body) if self.comment else ""


def _words_for(event: Event, thing: Thing, reader: int | None) -> words.Words:
    if reader is not None and reader in event.data.get("mentions", ()):
        return words.MENTIONED
    if event.object_type == "exchange":
        return of_exchange(event, thing.row.host_id, reader)
    if event.object_type == "exchangeproposal":
        return words.WOULD_YOU_HOST
    if event.kind == ESCALATED and event.data.get("cause") in words.ESCALATIONS:
        return words.ESCALATIONS[event.data["cause"]]
    if "score_changes" in event.data:
        return words.SCORES_CHANGED
    return words.REQUESTS.get(event.kind) or words.THINGS.get(event.kind, words.OTHERWISE)


@dataclass(frozen=True)
class Said:
    """One piece of news about one thing, as its reader may see both; ``delivery`` knows why they are told."""

    event: Event
    thing: Thing
    news: News
    delivery: Delivery


def of_exchange(event: Event, host: int, reader: int | None) -> words.Words:
    """What an event about an exchange tells the person ``reader``, of an exchange that ``host`` leads."""
    if reader in event.data.get("moved_up", ()):
        return words.MOVED_UP
    if event.kind == "exchange.planned" and host == reader:
        return words.HOSTS
    return words.EXCHANGES.get(event.kind, words.OTHERWISE)


def tell(event: Event, thing: Thing, comment: Comment | None = None, reader: int | None = None) -> News:
    """The words for ``event``; ``thing`` and ``comment`` must be ones that the reader may see.

    With ``reader``, a person's id, it says that they are mentioned.
    """
    subject, sentence = _words_for(event, thing, reader)
    named = {
        "key": thing.key,
        "title": one_line(thing.title),
        "who": str(event.actor or words.PORTAL),
        "side": _side(event.data.get("question_to")),
        "days": event.data.get("days", ""),
        "chance": event.data.get("chance", ""),
    }
    return News(str(subject) % named, str(sentence) % named, reason(event.data), comment)


def _side(side: object) -> str:
    return str(Side(side).label) if side in Side.values else ""


def comments_told(events: Iterable[Event], person: Person) -> dict[int, Comment]:
    """The comment that each event tells of, by the event's id, as far as ``person`` sees it."""
    ids = {event.pk: event.data.get("comment") for event in events if event.kind in QUOTING}
    wanted = [pk for pk in ids.values() if isinstance(pk, int)]
    seen = Comment.objects.visible_to(person).filter(deleted_at=None)
    found = seen.in_bulk(wanted) if wanted else {}
    return {event: found[pk] for event, pk in ids.items() if isinstance(pk, int) and pk in found}


def reason(data: dict[str, Any]) -> str:
    """The reason that came with the event, or nothing."""
    given = data.get("reason", "")
    return given if isinstance(given, str) else ""


def one_line(text: str) -> str:
    """``text`` without line breaks and control characters, so that it can stand in a mail's header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
