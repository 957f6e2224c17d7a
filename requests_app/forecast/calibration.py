"""What past forecasts were worth, measured once a day for everybody to read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from requests_app.forecast.backtest import Level, Tally, backtest, total_of
from requests_app.forecast.reading import record_of_all
from requests_app.models import Calibration
from teams.company import portal_zone
from teams.models import Team

# Half a year tells how good the forecasts are now; a year would mix it with how they were.
WEEKS = 26
# So many requests, those that came last, are enough to tell, and few enough for a task.
LATEST = 20_000
WHOLE = 100


def measure(now: datetime) -> None:
    """Say the last half year's forecasts again and keep what came of them; once a day is enough."""
    zone = portal_zone()
    today = now.astimezone(zone).date()
    first = today - timedelta(weeks=WEEKS)
    found = backtest(record_of_all(LATEST), zone, now, first=first)
    teams = [{"team": team, **_counts(tally)} for team, tally in sorted(found.items())]
    Calibration.objects.update_or_create(day=today, defaults={"first": first, "teams": teams})
    Calibration.objects.filter(day__lt=today).delete()


def _counts(tally: Tally) -> dict[str, dict[str, int]]:
    return {name: asdict(level) for name, level in tally.levels.items()}


@dataclass(frozen=True)
class Share:
    """Of ``open`` requests ``given`` got a date for ``promised`` of 100 cases; ``held`` of these kept it."""

    promised: int
    open: int
    given: int
    held: int

    @property
    def given_of_100(self) -> int:
        return round(WHOLE * self.given / self.open) if self.open else 0

    @property
    def held_of_100(self) -> int | None:
        """None where no date was given."""
        return round(WHOLE * self.held / self.given) if self.given else None


@dataclass(frozen=True)
class Line:
    """A team, or None for all together, with what its forecasts were worth."""

    team: Team | None
    shares: list[Share]


@dataclass(frozen=True)
class Measured:
    """What was found on ``day`` about the Mondays since ``first``."""

    day: date
    first: date
    whole: Line
    teams: list[Line]


def latest() -> Measured | None:
    """What was measured last; None before the first time. Two queries."""
    row = Calibration.objects.order_by("-day").first()
    if row is None:
        return None
    tallies = {counts["team"]: _tally(counts) for counts in row.teams}
    teams = Team.objects.filter(pk__in=tallies).order_by("sort_key")
    lines = [Line(team, _shares(tallies[team.pk])) for team in teams]
    return Measured(row.day, row.first, Line(None, _shares(total_of(tallies.values()))), lines)


def _tally(counts: dict[str, dict[str, int]]) -> Tally:
    tally = Tally()
    for name, level in tally.levels.items():
        level.add(Level(**counts[name]))
    return tally


def _shares(tally: Tally) -> list[Share]:
    return [Share(int(name), **asdict(level)) for name, level in tally.levels.items()]
