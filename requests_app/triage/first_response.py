"""The clock of the first response: by when IT answers a new request, and how often it did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from zoneinfo import ZoneInfo

from activity.models import Origin
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.working_time import DaysOff, after_working_time, no_days_off, working_time
from teams.days_off import days_off
from teams.models import Person, Side, Team

# The steps of a person of IT that answer a new request; a comment, a question or an answer does as well.
ANSWERS = frozenset({"shape", "park", "decline", "merge"})
# When no more than this share of the time is left, it becomes urgent.
URGENT = 4


class Light(Enum):
    """How the first response stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Calendar:
    """What working time is: the portal's zone, the team's days off, and the target in working time."""

    zone: ZoneInfo
    target: timedelta
    days_off: DaysOff = no_days_off


@dataclass(frozen=True)
class Clock:
    """The running clock of one request: when the answer is due, and the working time left or over."""

    light: Light
    due: datetime
    left: timedelta

    @property
    def hours(self) -> int:
        """Whole working hours that are left, or by which it is late."""
        return int(abs(self.left) // timedelta(hours=1))


def clock_of(submitted_at: datetime, now: datetime, calendar: Calendar) -> Clock:
    """How it stands at ``now`` with a request that nobody of IT has answered; pure."""
    due = after_working_time(submitted_at, calendar.target, calendar.zone, calendar.days_off)
    if now > due:
        return Clock(Light.RED, due, -working_time(due, now, calendar.zone, calendar.days_off))
    left = working_time(max(now, submitted_at), due, calendar.zone, calendar.days_off)
    return Clock(Light.YELLOW if left <= calendar.target / URGENT else Light.GREEN, due, left)


def was_in_time(
    submitted_at: datetime, responded_at: datetime | None, now: datetime, calendar: Calendar
) -> bool | None:
    """Whether the target was met; None while that is open. Pure."""
    due = after_working_time(submitted_at, calendar.target, calendar.zone, calendar.days_off)
    if responded_at is not None:
        return responded_at <= due
    return None if now <= due else False


def calendar_of(team: Team | None, zone: ZoneInfo, hours: int) -> Calendar:
    """The calendar of a serving team; without one no day is off but the weekends."""
    off = partial(days_off, team.country, team.region) if team and team.country else no_days_off
    return Calendar(zone, timedelta(hours=hours), off)


def running(request: Request) -> datetime | None:
    """Since when the clock of ``request`` runs; None where it does not, or does no more."""
    stands = request.first_response_at is None and request.origin != Origin.IMPORT
    return request.submitted_at if stands and request.status == Status.SUBMITTED else None


def note_response(request: Request, by: Person, now: datetime) -> bool:
    """Note that ``by`` has answered at ``now``, where that is the first of IT; without saving."""
    if request.first_response_at is not None or request.submitted_at is None or not by.on_side(Side.IT):
        return False
    request.first_response_at = now
    return True


@dataclass
class Kept:
    """Of how many judged requests of a team the target was met."""

    team: str
    met: int = 0
    judged: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.met / self.judged)


def tally(judged: Iterable[tuple[str, bool | None]]) -> list[Kept]:
    """The counts of each team, by its name; what is open counts nowhere. Pure."""
    teams: dict[str, Kept] = {}
    for team, in_time in judged:
        if in_time is not None:
            kept = teams.setdefault(team, Kept(team))
            kept.judged += 1
            kept.met += in_time
    return [teams[name] for name in sorted(teams)]
