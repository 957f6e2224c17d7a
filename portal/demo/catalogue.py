"""The demo's catalogue: what Nordwind uses, explained by the teams that answer for it."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from activity import clock
from knowhow.models import Solution
from knowhow.solutions.catalogue import create_solution
from knowhow.solutions.experts import set_expert
from knowhow.solutions.fields import SolutionFields
from portal.demo.company import STAFF
from teams.models import Person, Team, Touchpoint

ROWS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("solutions.toml").read_text())["solution"]
LOOKED_AT_AFTER = 190


def describe(
    teams: Mapping[str, Team], staff: Mapping[str, Person], touchpoints: Mapping[str, Touchpoint]
) -> dict[str, Solution]:
    """Put all solutions into the catalogue, with their experts; by key."""
    return {row["key"]: _describe(row, teams, staff, touchpoints) for row in ROWS}


def _describe(
    row: dict[str, Any],
    teams: Mapping[str, Team],
    staff: Mapping[str, Person],
    touchpoints: Mapping[str, Touchpoint],
) -> Solution:
    lead = staff[next(hire.email for hire in STAFF if hire.leads == row["team"])]
    given = SolutionFields(
        title=row["title"],
        purpose=row["purpose"],
        limits=row["limits"],
        what_to_do=row["what_to_do"],
        terms=row.get("terms", ""),
        status=row["status"],
        data_held=row.get("data_held", ""),
        review_on=clock.now().date() + timedelta(days=row.get("looked_at_after", LOOKED_AT_AFTER)),
        touchpoints=[touchpoints[slug] for slug in row["touchpoints"]],
        affected_teams=[teams[slug] for slug in row["affected"]],
    )
    solution = create_solution(teams[row["team"]], given, by=lead)
    for email, level in row["experts"].items():
        set_expert(solution, staff[email], level, by=lead)
    return solution
