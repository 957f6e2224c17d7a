"""What boards show of forecasts: as they were made today, whatever has moved since.

A board is looked at all day, and each move on it makes its team's forecasts stale; making them anew for
each look would cost more than the board. The page of the request shows the present one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Func, JSONField, OuterRef, Q, Subquery, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from activity import clock
from requests_app.choices import OPEN, Status
from requests_app.forecast.keeping import from_json, made_on, make
from requests_app.forecast.load import Load
from requests_app.forecast.outlooks import Forecast, State
from requests_app.forecast.words import hope
from requests_app.models import Request, TeamForecasts
from teams.models import Company

# So many teams' forecasts are made while somebody waits for a board; those of the others at the next looks.
MADE_AT_ONCE = 3
WAITING = (Status.SUBMITTED, Status.SHAPING, Status.READY)
# Of a team's forecasts only those that are asked for leave the database.
ASKED_FOR = (
    "(SELECT jsonb_object_agg(kept.key, kept.value)"
    " FROM jsonb_each(requests_app_teamforecasts.forecasts) kept WHERE kept.key = ANY(%s))"
)
WARNS = {"past": "late", "bad": "late", "warn": "soon", "good": "fine"}


class Dated(Protocol):
    """What of a card the colour of its deadline follows from."""

    @property
    def number(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def deadline(self) -> date | None: ...
    @property
    def team(self) -> int | None: ...


@dataclass(frozen=True)
class TeamToday:
    """A team's load, how many requests wait for its start, and the forecasts that were asked for.

    ``waiting`` counts what everybody may see, because it is shown; the depth of the queue is a statistic, so
    it counts all (``queued``).
    """

    load: Load
    waiting: int = 0
    queued: int = 0
    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def weeks(self) -> float | None:
        """The depth of the queue in weeks."""
        return self.load.weeks(self.queued)


def teams_today(teams: Collection[int], cards: Collection[Dated] = ()) -> dict[int, TeamToday]:
    """What is kept of today of these teams, with the forecasts of those ``cards`` that have a deadline.

    One query, and some more for the first look of a day. Statistics count all requests and name none.
    """
    if not teams:
        return {}
    numbers = [str(card.number) for card in cards if card.deadline is not None and card.status in OPEN]
    found = _kept(teams, numbers)
    missing = sorted(set(teams) - set(found))[:MADE_AT_ONCE]
    if missing:
        make(missing)
        found |= _kept(missing, numbers)
    return found


def today_row() -> Subquery:
    """For annotating requests with what ``today_of`` takes: what is kept of their serving team for them."""
    own: Any = Func(
        F("forecasts"),
        Cast(OuterRef("number"), TextField()),
        function="jsonb_extract_path",
        output_field=JSONField(),
    )
    shown = JSONObject(
        number=OuterRef("number"), made_for="made_for", load="load", forecast=own, zone=_zone()
    )
    return Subquery(TeamForecasts.objects.filter(team=OuterRef("serving_team")).values(row=shown))


def today_of(row: Mapping[str, Any] | None) -> TeamToday | None:
    """A team's load and the forecast of one request, without the queue; None where they are not of today."""
    if row is None or not _is_of_today(row["made_for"], row["zone"]):
        return None
    return TeamToday(
        Load.from_json(row["load"]), kept={str(row["number"]): row["forecast"]} if row["forecast"] else {}
    )


def kept_forecasts(requests: Collection[Request]) -> dict[int, Forecast]:
    """The forecasts of open ``requests`` that were made today, by number; none is made for it. One query."""
    wanted = [one for one in requests if one.is_open and one.serving_team_id is not None]
    if not wanted:
        return {}
    found = _kept({one.serving_team_id or 0 for one in wanted}, [str(one.number) for one in wanted])
    kept = {number: told for team in found.values() for number, told in team.kept.items()}
    return {one.number: from_json(kept[str(one.number)]) for one in wanted if str(one.number) in kept}


def older_than(days: float, **where: Any) -> Q:
    """The condition of having stood so long in a status."""
    return Q(status_since__lte=clock.now() - timedelta(days=days), **where)


def _kept(teams: Collection[int], numbers: list[str]) -> dict[int, TeamToday]:
    asked: Any = RawSQL(ASKED_FOR, [numbers], output_field=JSONField())  # noqa: S611 - no text of a person
    rows = TeamForecasts.objects.filter(team__in=list(teams)).annotate(
        asked=asked, before_start=_before_start(), zone=_zone()
    )
    found = {}
    for team, made_for, load, before_start, kept, zone in rows.values_list(
        "team", "made_for", "load", "before_start", "asked", "zone"
    ):
        if _is_of_today(made_for, zone):
            found[team] = TeamToday(Load.from_json(load), **(before_start or {}), kept=kept or {})
    return found


def _zone() -> Subquery:
    return Subquery(Company.objects.values("time_zone")[:1])


def _is_of_today(made_for: str, zone: str | None) -> bool:
    today = clock.now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()
    return made_for.startswith(made_on(today))


def _before_start() -> Subquery:
    """The two counts of ``TeamToday``; null where there are none."""
    rows = Request.objects.filter(serving_team=OuterRef("team"), status__in=WAITING).order_by()
    counts = JSONObject(waiting=Count("number", filter=Q(restricted=False)), queued=Count("number"))
    return Subquery(rows.values("serving_team").annotate(counts=counts).values("counts"))


def warning(card: Dated, today: date, team: TeamToday | None) -> str:
    """How the deadline of open work stands: "late", "soon" (at risk), "fine", or "" where nobody can say."""
    if card.deadline is None or card.status not in OPEN:
        return ""
    kept = team.kept.get(str(card.number)) if team else None
    # A chance is that of keeping the deadline of then.
    fits = kept is not None and kept["deadline"] == card.deadline.isoformat()
    chance, at_least = (kept["chance"], kept["at_least"]) if kept and fits else (None, False)
    told = Forecast(card.number, State.DATED, deadline=card.deadline, chance=chance, at_least=at_least)
    return WARNS.get(hope(told, today), "")
