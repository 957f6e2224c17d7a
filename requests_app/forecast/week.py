"""The clock that work follows: each day of the week runs as fast as it brings results.

Where nobody finishes anything on Sundays, the clock stands still on Sundays: two days of a weekend make
nothing older. A week has seven units on this clock as on any other, so they read as days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from requests_app.forecast.record import Floats, Ints

DAY = 86_400.0
MONDAY = date(1970, 1, 5)
# As many ends on each day of the week are taken for granted, so that a short history does not forbid a day.
TAKEN_FOR_GRANTED = 1.0
# A day of a slower pace than this (of 1) is never named as a date.
RARE = 0.1
# No date farther ahead than this is given: nobody plans by it.
HORIZON = timedelta(days=730)


@dataclass(frozen=True)
class Week:
    """Translates moments (seconds since 1970) to the working clock (in days), and that to dates."""

    first: date
    midnights: Floats
    worked: Floats

    def clock(self, moments: Floats) -> Floats:
        within = np.clip(moments, self.midnights[0], self.midnights[-1])
        # A day is found by division, and then put right where summer time has moved its midnight.
        day = np.clip((within - self.midnights[0]) // DAY, 0, len(self.worked) - 2).astype(np.intp)
        day -= within < self.midnights[day]
        day += (within >= self.midnights[day + 1]) & (day < len(self.worked) - 2)
        begun = (within - self.midnights[day]) / (self.midnights[day + 1] - self.midnights[day])
        shown: Floats = self.worked[day] + begun * (self.worked[day + 1] - self.worked[day])
        return shown

    def days(self, clock: Floats) -> list[date | None]:
        """The local days in which the clock shows these times; None beyond the horizon."""
        return self._named(np.searchsorted(self.worked, clock, side="right") - 1)

    def due(self, clock: Floats, now: float) -> list[date | None]:
        """The days, from today on, whose ends lie nearest to these times; None beyond the horizon.

        A day on which hardly anything is ever finished is not named, but the last one before it that counts.
        """
        ends = self.worked[1:]
        between = (ends[1:] + ends[:-1]) / 2
        today = int(np.searchsorted(self.worked, now, side="right")) - 1
        nearest = np.searchsorted(between, clock, side="left")
        counting = np.maximum.accumulate(np.where(np.diff(self.worked) >= RARE, np.arange(len(ends)), 0))
        named = np.maximum(counting[nearest], today)
        return self._named(np.where(nearest < len(between), named, len(ends)))

    def _named(self, days: Ints) -> list[date | None]:
        last = len(self.midnights) - 2
        return [None if day >= last else self.first + timedelta(days=int(day)) for day in days]

    def end_of(self, day: date) -> float:
        """The working clock at the end of ``day``."""
        after = (day - self.first).days + 1
        return float(self.worked[min(max(after, 0), len(self.worked) - 1)])


def week_of(ends: Floats, first: float, now: float, zone: ZoneInfo) -> Week:
    """The week as the moments of past ends teach it, for moments from ``first`` to the horizon after now."""
    begin = datetime.fromtimestamp(min(first, now), zone).date()
    until = datetime.fromtimestamp(now, zone).date() + HORIZON
    midnights = _midnights(begin, until, zone)
    weekday = (np.arange(len(midnights) - 1) + (begin - MONDAY).days) % 7
    return Week(begin, midnights, _worked(_pace(_weekdays(ends, midnights, weekday)), weekday))


def _weekdays(ends: Floats, midnights: Floats, weekday: Ints) -> Ints:
    within = ends[(ends >= midnights[0]) & (ends < midnights[-1])]
    found: Ints = weekday[np.searchsorted(midnights, within, side="right") - 1]
    return found


def _pace(weekdays: Ints) -> Floats:
    counted = np.bincount(weekdays, minlength=7) + TAKEN_FOR_GRANTED
    pace: Floats = counted / counted.mean()
    return pace


def _worked(pace: Floats, weekday: Ints) -> Floats:
    return np.concatenate([[0.0], np.cumsum(pace[weekday])])


def _midnights(first: date, last: date, zone: ZoneInfo) -> Floats:
    """The local midnights from ``first`` to ``last``."""
    years = [_midnights_of_year(year, zone) for year in range(first.year, last.year + 1)]
    begin = (first - date(first.year, 1, 1)).days
    return np.concatenate(years)[begin : begin + (last - first).days + 1]


@lru_cache(maxsize=256)
def _midnights_of_year(year: int, zone: ZoneInfo) -> Floats:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    first = datetime(year, 1, 1, tzinfo=UTC)
    naive = [(first + timedelta(days=day)).replace(tzinfo=zone) for day in range(days)]
    return np.array([moment.timestamp() for moment in naive])
