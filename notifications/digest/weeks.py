"""ISO weeks of a reader's zone: which one is finished, which one runs, when its digest is due."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from django.utils import timezone

# After a long time without digests, leads' words of so many weeks still count.
MOST_WEEKS = 5
_KEY = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)


class Week(NamedTuple):
    """An ISO week; weeks compare by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that ``day`` lies in."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, key: str) -> Self:
        """The week of a key such as 2026-W47.

        :raises ValueError: for anything else, week 53 of a year that has none included.
        """
        match = _KEY.fullmatch(key)
        if match is None:
            raise ValueError(f"{key!r} is no week such as 2026-W47")
        week = cls(int(match[1]), int(match[2]))
        week.monday  # noqa: B018 - raises for a week that its year does not have
        return week

    @property
    def key(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    def plus(self, weeks: int) -> Self:
        """The week so many weeks later."""
        return self.of(self.monday + timedelta(weeks=weeks))


def weeks_between(first: date, last: Week) -> list[str]:
    """The keys of the weeks from the one of ``first`` to ``last``, the latest first; a few at most."""
    keys, week = [last.key], last
    while week > Week.of(first) and len(keys) < MOST_WEEKS:
        week = week.plus(-1)
        keys.append(week.key)
    return keys


def weeks_told(start: datetime, last: Week) -> list[str]:
    """The same from the moment ``start`` on, in the active zone."""
    return weeks_between(timezone.localtime(start).date(), last)


def running_week(now: datetime, zone: ZoneInfo) -> Week:
    """The week in which ``now`` lies for a reader in ``zone``."""
    return Week.of(now.astimezone(zone).date())


def last_finished_week(now: datetime, zone: ZoneInfo) -> Week:
    """The key of what is sent at ``now``: the last week that is over for a reader in ``zone``."""
    return Week.of(now.astimezone(zone).date() - timedelta(days=7))


class Rhythm(NamedTuple):
    """The day (0 is Monday) and local hour of the digest, which comes ``every`` one or two weeks."""

    weekday: int
    hour: int
    every: int = 1


def due_at(week: Week, zone: ZoneInfo, rhythm: Rhythm) -> datetime:
    """The moment (UTC) from which the digest of the finished ``week`` may be sent to a reader in ``zone``."""
    day = week.monday + timedelta(days=7 + rhythm.weekday)
    return datetime.combine(day, time(rhythm.hour), tzinfo=zone).astimezone(UTC)


def hours_into_week(now: datetime, zone: ZoneInfo) -> int:
    """How many full hours the reader's clock shows since Monday 0:00: no later hour is due yet."""
    local = now.astimezone(zone)
    return local.weekday() * 24 + local.hour
