"""The timeline as it is read: day by day, and what one person did in one go together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from requests_app.timeline.reading import Entry

IN_ONE_GO = timedelta(hours=1)


@dataclass
class Group:
    """What one person did on one day, each thing at most an hour after the one before; the newest first."""

    who: str
    side: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_decision(self) -> bool:
        return any(entry.is_decision for entry in self.entries)


@dataclass
class Day:
    """One day in the reader's time zone."""

    date: date
    groups: list[Group] = field(default_factory=list)


def by_day(entries: Iterable[Entry]) -> list[Day]:
    """``entries``, the newest first, grouped by day and person without changing their order."""
    days: list[Day] = []
    last: Entry | None = None
    for entry in entries:
        on = timezone.localdate(entry.at)
        if not days or days[-1].date != on:
            days.append(Day(on))
        if not days[-1].groups or last is None or not _goes_on(last, entry):
            days[-1].groups.append(Group(entry.who, entry.side))
        days[-1].groups[-1].entries.append(entry)
        last = entry
    return days


def _goes_on(newer: Entry, older: Entry) -> bool:
    return (newer.who, newer.side) == (older.who, older.side) and newer.at - older.at <= IN_ONE_GO
