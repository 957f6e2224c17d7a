"""What may be written of a solution, and how it has to be."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from knowhow.solutions.models import DATA_TEXT, REQUIRED_SECTIONS, SECTIONS, Solution, Stage
from teams.models import PLAIN_LINE, PLAIN_TEXT, Team, Touchpoint
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text

RELATIONS = ("affected_teams", "touchpoints")


class SolutionFields(TypedDict, total=False):
    """What a form or the API may write; what is left out stays as it is."""

    title: str
    purpose: str
    limits: str
    what_to_do: str
    terms: str
    status: str
    data_held: str
    review_on: date | None
    affected_teams: Iterable[Team]
    touchpoints: Iterable[Touchpoint]
    # Of a new solution it is said apart: who may write depends on it.
    team: Team


def cleaned(given: SolutionFields) -> SolutionFields:
    """``given`` as it is kept.

    :raises InvalidFields: naming every field that cannot be kept.
    """
    wrong: list[Missing] = []
    kept: dict[str, Any] = {}
    for name, value in given.items():
        try:
            kept[name] = _clean(name, value)
        except InvalidFields as error:
            wrong.extend(error.missing)
    if wrong:
        raise InvalidFields(wrong)
    return cast(SolutionFields, kept)


def _clean(name: str, value: Any) -> Any:
    if name == "title":
        return clean_line(value, name, PLAIN_LINE)
    if name in SECTIONS:
        return clean_text(value, name, PLAIN_TEXT)
    if name == "data_held":
        return clean_text(value, name, DATA_TEXT)
    if name == "status" and value not in Stage.values:
        raise InvalidFields([Missing("invalid", _("Choose pilot, live or leaving."), name)])
    return list(value) if name in RELATIONS else value


def empty_sections(texts: dict[str, Any]) -> list[Missing]:
    """What an explainer in sections still lacks: its name and the three sections that it needs."""
    needed = ("title", *REQUIRED_SECTIONS)
    return [Missing("required", _("Fill in this field."), name) for name in needed if not texts.get(name)]


def missing_sections(solution: Solution) -> list[str]:
    """The titles of the needed sections that nobody has written yet: of an explainer in one piece."""
    return [
        str(Solution._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in REQUIRED_SECTIONS
        if not getattr(solution, name)
    ]


def glossary(terms: str) -> list[tuple[str, str]]:
    """Words and their meanings, line by line; a line without a colon is a meaning without a word."""
    lines = [line.strip(" -–•*\t") for line in terms.splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    return [(word.strip(), meaning.strip()) if colon else ("", word) for word, colon, meaning in pairs]


def as_told(solution: Solution) -> dict[str, Any]:
    """The fields of ``solution`` as its events keep them."""
    now = {name: getattr(solution, name) for name in ("title", *SECTIONS, "status", "data_held")}
    now["team"] = solution.team.slug
    now["review_on"] = solution.review_on.isoformat() if solution.review_on else None
    for name in RELATIONS:
        now[name] = slugs(getattr(solution, name).all())
    return now


def wanted(given: SolutionFields) -> dict[str, Any]:
    """The same of what is to be written."""
    told: dict[str, Any] = dict(given)
    if given.get("review_on"):
        told["review_on"] = told["review_on"].isoformat()
    if "team" in given:
        told["team"] = given["team"].slug
    return told | {name: slugs(told[name]) for name in RELATIONS if name in told}


def slugs(rows: Iterable[Team | Touchpoint]) -> list[str]:
    return sorted(row.slug for row in rows)
