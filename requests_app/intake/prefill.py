"""Links of intranets that open the form with something in it: `/requests/new/?type=automation&goal=3`.

Teams and touchpoints by slug, goals by id, dates as 2027-02-01, numbers as 1.8: the words that the API
has, so a link works in every language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django.http import QueryDict

from requests_app.intake.fields import LINES, TEXTS, RequestFields, clean_fields
from teams.ids import id_in
from teams.models import Goal, Team, Touchpoint
from teams.rules import InvalidFields

FLAGS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class Prefilled:
    """What a link may put into the form, and the names of the parameters that it could not use."""

    fields: RequestFields = field(default_factory=RequestFields)
    ignored: tuple[str, ...] = ()


def prefilled(parameters: QueryDict) -> Prefilled:
    """What of ``parameters`` names a field of the form; others, such as a campaign's marks, are not ours."""
    fields: dict[str, Any] = {}
    ignored: list[str] = []
    for name, read in READERS.items():
        given = [value for value in parameters.getlist(name) if value != ""]
        if not given:
            continue
        try:
            value = read(given)
            fields.update(clean_fields(cast(RequestFields, {name: value})))
        except (ValueError, InvalidFields):
            ignored.append(name)
    return Prefilled(cast(RequestFields, fields), tuple(ignored))


def _only(values: list[str]) -> str:
    if len(values) != 1:
        raise ValueError("more than one value")
    return values[0]


def _number(values: list[str]) -> Decimal:
    try:
        number = Decimal(_only(values))
        if number.is_finite() and number == round(number, 4):
            return number
    except InvalidOperation as error:
        raise ValueError("no number, or one that is far too large") from error
    raise ValueError("not a number with at most four decimals")


def _day(values: list[str]) -> date:
    return date.fromisoformat(_only(values))


def _flag(values: list[str]) -> bool:
    if _only(values) not in FLAGS:
        raise ValueError("neither 1 nor 0")
    return FLAGS[_only(values)]


def _goal(values: list[str]) -> Goal:
    found = Goal.objects.filter(pk=id_in(_only(values)) or 0, is_archived=False).first()
    if found is None:
        raise ValueError("no such goal")
    return found


def _team(values: list[str]) -> Team:
    found = Team.objects.filter(slug=_line(values)).first()
    if found is None:
        raise ValueError("no such team")
    return found


def _touchpoints(values: list[str]) -> list[Touchpoint]:
    wanted = {slug for value in values for slug in _line([value]).split(",")}
    found = list(Touchpoint.objects.filter(slug__in=wanted, is_archived=False))
    if len(found) != len(wanted):
        raise ValueError("no such touchpoint")
    return found


def _line(values: list[str]) -> str:
    """A key to look a row up by; what no row can have, the database need not be asked for."""
    text = _only(values)
    if not text.isprintable():
        raise ValueError("no key")
    return text


# What is said of personal data is agreed while shaping; the intake form does not ask for it.
ASKED = [name for name in (*LINES, *TEXTS) if not name.startswith("personal_data")]
READERS: Mapping[str, Callable[[list[str]], Any]] = {
    **dict.fromkeys((*ASKED, "type"), _only),
    **dict.fromkeys(("baseline", "target"), _number),
    **dict.fromkeys(("measured_on", "deadline"), _day),
    **dict.fromkeys(("requesting_team", "serving_team"), _team),
    "goal": _goal,
    "touchpoints": _touchpoints,
    "restricted": _flag,
}
