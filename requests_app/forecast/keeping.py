"""Forecasts for whoever asks, kept until something happens to an open request of the team or the day ends.

A kept forecast is used only where its stamp is that of the team's open requests as they stand now, read
before the forecast is made: two that make it at once, or one that is late, can only cost work, not truth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Sum

from activity import clock
from requests_app.forecast.load import load_of
from requests_app.forecast.outlooks import Basis, Board, Forecast, State, team_forecasts, week_known
from requests_app.forecast.reading import boards_of, record_of_all, record_of_teams
from requests_app.forecast.record import Known, Record, known_at
from requests_app.models import Request, SharedHistory, TeamForecasts
from teams.company import portal_zone

# Goes up with the method, so that what an older one foretold is forgotten.
METHOD = 2


def forecasts_for(requests: Iterable[Request]) -> dict[int, Forecast]:
    """The forecast of each request, by number, in a number of queries that does not grow with them.

    The requests are ones that the reader may see: a forecast names no other.
    """
    wanted = list(requests)
    teams = {request.serving_team_id for request in wanted if request.is_open}
    kept = _of_teams({team for team in teams if team is not None})
    return {request.number: _one(request, kept) for request in wanted}


def forecast_for(request: Request) -> Forecast:
    """The forecast of one request, which the reader may see."""
    return forecasts_for([request])[request.number]


def forget() -> None:
    """Throw away all that is kept: history has come in that no stamp tells of."""
    TeamForecasts.objects.all().delete()
    SharedHistory.objects.all().delete()


def _one(request: Request, kept: Mapping[int, Mapping[str, Any]]) -> Forecast:
    if not request.is_open:
        return Forecast(request.number, State.NOT_OPEN)
    if request.serving_team_id is None:
        return Forecast(request.number, State.NO_TEAM, deadline=request.deadline)
    told = kept[request.serving_team_id].get(str(request.number))
    if told is None:
        return Forecast(request.number, State.NO_HISTORY, deadline=request.deadline)
    return from_json(told)


def _of_teams(teams: Collection[int]) -> dict[int, Mapping[str, Any]]:
    if not teams:
        return {}
    now, zone = clock.now(), portal_zone()
    stamps = _stamps(teams, now.astimezone(zone).date())
    rows = TeamForecasts.objects.filter(team__in=teams).values_list("team", "made_for", "forecasts")
    kept = {team: forecasts for team, made_for, forecasts in rows if made_for == stamps[team]}
    stale = [team for team in teams if team not in kept]
    return kept | _made(stale, now, zone, stamps) if stale else kept


def _stamps(teams: Collection[int], today: date) -> dict[int, str]:
    """How the open requests of each team stand: every step, edit and move of one leads to another stamp."""
    rows = Request.objects.open().filter(serving_team__in=teams).values("serving_team").order_by()
    counted = rows.annotate(count=Count("pk"), versions=Sum("version"), last=Max("updated_at"))
    told = {
        row["serving_team"]: f"{row['count']} {row['versions']} {row['last'].isoformat()}" for row in counted
    }
    return {team: made_on(today) + told.get(team, "") for team in teams}


def made_on(day: date) -> str:
    """What the stamps of forecasts that were made on ``day`` begin with."""
    return f"{METHOD} {day.isoformat()} "


def make(teams: Collection[int]) -> None:
    """Make the forecasts of these teams anew, with all that comes with them. Ten queries at most."""
    now, zone = clock.now(), portal_zone()
    _made(teams, now, zone, _stamps(teams, now.astimezone(zone).date()))


def _made(
    teams: Collection[int], now: datetime, zone: ZoneInfo, stamps: Mapping[int, str]
) -> dict[int, Mapping[str, Any]]:
    known = _shared(now, zone).without_teams(teams).beside(known_at(record_of_teams(teams), now.timestamp()))
    week, boards = week_known(known, zone), boards_of(teams)
    made = {team: _to_json(team_forecasts(known, team, week, boards.get(team, Board()))) for team in teams}
    rows = [
        TeamForecasts(
            team_id=team,
            made_for=stamps[team],
            forecasts=made[team],
            load=load_of(known, team).to_json(),
        )
        for team in sorted(teams)
    ]
    TeamForecasts.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["team"],
        update_fields=["made_for", "forecasts", "load"],
    )
    return dict(made)


def _shared(now: datetime, zone: ZoneInfo) -> Known:
    """What was known of all teams when the day began."""
    today = now.astimezone(zone).date()
    begin = datetime.combine(today, time(), zone).timestamp()
    kept = SharedHistory.objects.filter(day=today).values_list("record", flat=True).first()
    if kept is not None:
        return known_at(Record.from_bytes(bytes(kept)), begin)
    record = record_of_all()
    SharedHistory.objects.filter(day__lt=today).delete()
    SharedHistory.objects.bulk_create(
        [SharedHistory(day=today, record=record.to_bytes())], ignore_conflicts=True
    )
    return known_at(record, begin)


def _to_json(forecasts: Mapping[int, Forecast]) -> dict[str, Any]:
    """As the database keeps them; JSON's keys are texts."""
    return {str(number): _plain(asdict(forecast)) for number, forecast in forecasts.items()}


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    if told["basis"] is not None:
        told["basis"] = _plain_dates(told["basis"])
    return _plain_dates(told)


def _plain_dates(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def from_json(told: Mapping[str, Any]) -> Forecast:
    """A forecast as the database keeps it."""
    days = {name: _day(told[name]) for name in ("half", "likely", "not_before", "deadline")}
    basis = told["basis"]
    if basis is not None:
        basis = Basis(**{**basis, "since": _day(basis["since"])})
    return Forecast(**{**told, **days, "state": State(told["state"]), "basis": basis})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
