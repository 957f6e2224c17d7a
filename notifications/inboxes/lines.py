"""Entries of the inbox with their words, for the page and the API alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.models import InboxEntry, InboxEntryQuerySet
from notifications.news import News, comments_told, tell
from notifications.things import REQUEST, Thing, of_request, things
from teams.models import Person

# What of an entry is read to tell it.
_TOLD = (
    "created_at",
    "read_at",
    "archived_at",
    "snoozed_until",
    "why",
    "object_type",
    "object_id",
    "event__kind",
    "event__data",
    "event__object_type",
    "event__object_id",
    "event__actor__name",
    "event__actor__side",
    "stands_for__name",
    "stands_for__side",
    "request__title",
    "request__status",
)


@dataclass(frozen=True)
class Line:
    """An entry with its words; without them, and without its thing, where that is no longer there."""

    entry: InboxEntry
    thing: Thing | None
    news: News | None


def told_from(entries: InboxEntryQuerySet) -> InboxEntryQuerySet:
    """``entries`` with all that their words are made of, in one query."""
    return entries.select_related("event__actor", "stands_for", "request").only(*_TOLD)


def lines(person: Person, entries: Sequence[InboxEntry]) -> list[Line]:
    """``entries`` in the active language; they must be such as ``person`` may see, with their events and
    requests read along (``told_from``). One query for each kind of thing, and one for the comments.
    """
    comments = comments_told([entry.event for entry in entries], person)
    others = things((entry.place for entry in entries if entry.place.kind != REQUEST), person)
    found = []
    for entry in entries:
        thing = of_request(entry.request) if entry.request is not None else others.get(entry.place)
        told = tell(entry.event, thing, comments.get(entry.event_id), person.pk) if thing else None
        found.append(Line(entry, thing, told))
    return found
