"""Moments by the clock on the wall of a place: pure, and right when clocks are put forward or back.

An hour that a place skips in spring counts as the hour after it, one that it has twice as the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Span:
    """From when to when, both aware."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        """Whether some moment lies in both; one that begins as the other ends does not meet it."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """When it is ``hour`` on ``day`` in ``zone``, as an aware moment in UTC."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def repeated(first: Span, zone: ZoneInfo, every_weeks: int, times: int) -> list[Span]:
    """``first`` and its repetitions every so many weeks, each at the same wall time of ``zone``."""
    return [shifted(first, zone, WEEK * every_weeks * n) for n in range(times)]


def shifted(span: Span, zone: ZoneInfo, by: timedelta) -> Span:
    """``span`` so much later by the clock on the wall of ``zone``."""
    return _forward(_on_the_wall(span.starts_at, zone, by), _on_the_wall(span.ends_at, zone, by), span)


def like(span: Span, before: Span, after: Span, zone: ZoneInfo) -> Span:
    """``span`` moved as ``before`` was moved to ``after``: as many days on, at the new wall times."""
    days = _day(after.starts_at, zone) - _day(before.starts_at, zone)
    nights = _day(after.ends_at, zone) - _day(after.starts_at, zone)
    day = _day(span.starts_at, zone) + days
    starts, ends = (at.astimezone(zone).time() for at in (after.starts_at, after.ends_at))
    return _forward(moment(day, starts, zone), moment(day + nights, ends, zone), after)


def _forward(starts_at: datetime, ends_at: datetime, usual: Span) -> Span:
    """The span; what would end before it begins, because its beginning is skipped, lasts as long as usual."""
    if ends_at <= starts_at:
        ends_at = starts_at + (usual.ends_at - usual.starts_at)
    return Span(starts_at, ends_at)


def _on_the_wall(at: datetime, zone: ZoneInfo, by: timedelta) -> datetime:
    # Arithmetic with an aware moment of one zone is done on the wall, whatever its clocks do in between.
    return (at.astimezone(zone) + by).astimezone(UTC)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
