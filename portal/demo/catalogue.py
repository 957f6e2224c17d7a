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
from teams.understanding import answer, ask, confirm, still_true

TEXTS: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("solutions.toml").read_text())
ROWS = TEXTS["solution"]
LOOKED_AT_AFTER = 190


def describe(
    teams: Mapping[str, Team], staff: Mapping[str, Person], touchpoints: Mapping[str, Touchpoint]
) -> dict[str, Solution]:
    """Put all solutions into the catalogue, with their experts; by key."""
    return {row["key"]: _describe(row, teams, staff, touchpoints) for row in ROWS}


def lead_of(team: str, staff: Mapping[str, Person]) -> Person:
    """Who leads the team with this slug."""
    return staff[next(hire.email for hire in STAFF if hire.leads == team)]


def talk_about(solutions: Mapping[str, Solution], staff: Mapping[str, Person]) -> None:
    """Let the leads look at their solutions again, and the others understand them or ask."""
    for row in ROWS:
        still_true(solutions[row["key"]].understanding, by=lead_of(row["team"], staff))
    for row in TEXTS["understood"]:
        confirm(solutions[row["solution"]].understanding, row.get("words", ""), by=staff[row["by"]])
    for row in TEXTS["asked"]:
        asked = ask(solutions[row["solution"]].understanding, row["text"], by=staff[row["by"]])
        if "answer" in row:
            answer(asked, row["answer"], by=staff[row["answered_by"]])


def _describe(
    row: dict[str, Any],
    teams: Mapping[str, Team],
    staff: Mapping[str, Person],
    touchpoints: Mapping[str, Touchpoint],
) -> Solution:
    lead = lead_of(row["team"], staff)
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
