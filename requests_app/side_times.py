"""For how long each side has held the ball, from the periods that the database keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from activity import clock
from requests_app.models import Request, TurnPeriod
from requests_app.querysets import RequestQuerySet
from requests_app.scoring.rules import rules_for
from requests_app.working_time import HOURS_A_DAY, working_time
from teams.models import Side


@dataclass(frozen=True)
class Period:
    """A stretch of time with one side; ``until`` None: it lasts."""

    side: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class SideTime:
    """All that one side has held the ball, by the clock and in working time (Monday to Friday, 9 to 17)."""

    side: str
    whole: timedelta
    working: timedelta

    @property
    def working_days(self) -> int:
        """Whole days of eight working hours."""
        return int(self.working // timedelta(hours=HOURS_A_DAY))

    @property
    def working_hours(self) -> int:
        """Whole working hours, of all days."""
        return int(self.working // timedelta(hours=1))


def side_times(periods: Iterable[Period], now: datetime, zone: ZoneInfo) -> list[SideTime]:
    """What the periods of each side add up to at ``now``, Marketing first; pure."""
    found = list(periods)
    return [_of_side(side.value, found, now, zone) for side in (Side.MARKETING, Side.IT)]


def _of_side(side: str, periods: Iterable[Period], now: datetime, zone: ZoneInfo) -> SideTime:
    whole = working = timedelta(0)
    for one in periods:
        if one.side == side:
            until = one.until or max(now, one.since)
            whole += until - one.since
            working += working_time(one.since, until, zone)
    return SideTime(side, whole, working)


def times_of(request: Request) -> list[SideTime]:
    """For a request: what ``with_turns`` brought along, else one query more."""
    rows = request.turn_rows if hasattr(request, "turn_rows") else _rows(request.pk)
    return side_times(map(_period, rows), clock.now(), rules_for(request).zone)


def with_turns(requests: RequestQuerySet) -> RequestQuerySet:
    """``requests`` with what ``times_of`` reads, in the same query."""
    return requests.annotate(turn_rows=ArraySubquery(_as_json(OuterRef("pk"))))


def _rows(number: int) -> list[dict[str, Any]]:
    return list(_as_json(number).values_list("row", flat=True))


def _as_json(number: Any) -> Any:
    periods = TurnPeriod.objects.filter(request=number).order_by("since")
    return periods.values(row=JSONObject(side="side", since="since", until="until"))


def _period(row: dict[str, Any]) -> Period:
    until = row["until"]
    return Period(
        row["side"],
        datetime.fromisoformat(row["since"]),
        datetime.fromisoformat(until) if until else None,
    )
