"""What a form, the API or a draft may write into a request, and what must be there at submit."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from activity import clock
from requests_app.choices import PersonalData, RequestType
from requests_app.labels import clean_labels, named, names_of
from requests_app.models import NEED_TEXT, REASON_TEXT, Request
from teams.models import PLAIN_LINE, Goal, Side, Team, Touchpoint
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text

# What numeric(18, 4) and numeric(12, 2) hold.
LARGEST = Decimal(10) ** 14
LARGEST_COST = Decimal(10) ** 10
CENT = Decimal("0.01")


class RequestFields(TypedDict, total=False):
    title: str
    customer_need: str
    outcome: str
    type: str
    metric: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    measured_on: date | None
    touchpoints: list[Touchpoint]
    labels: list[str]
    goal: Goal | None
    deadline: date | None
    deadline_reason: str
    wished_tool: str
    requesting_team: Team | None
    serving_team: Team | None
    restricted: bool
    agreed_on: date | None
    one_off_cost: Decimal | None
    yearly_cost: Decimal | None
    personal_data: str
    personal_data_which: str
    personal_data_signed_by: str
    personal_data_signed_on: date | None


LINES = {"title": PLAIN_LINE, "metric": PLAIN_LINE, "unit": 40, "personal_data_signed_by": PLAIN_LINE}
TEXTS = {
    "customer_need": NEED_TEXT,
    "outcome": NEED_TEXT,
    "deadline_reason": REASON_TEXT,
    "wished_tool": REASON_TEXT,
    "personal_data_which": REASON_TEXT,
}
# Rows of their own, not columns of the request.
RELATED = ("touchpoints", "labels")
RESULT_FIELDS = ("metric", "unit", "baseline", "target", "measured_on")


def clean_fields(fields: RequestFields, has: Request | None = None) -> RequestFields:
    """The same fields, cleaned; what was archived since can stay on the request that ``has`` it.

    :raises InvalidFields: naming every field that cannot be kept as it is.
    """
    wrong: list[Missing] = []
    clean = cast(RequestFields, dict(fields))
    for name, value in fields.items():
        try:
            clean[name] = _clean_one(name, value)  # type: ignore[literal-required]
        except InvalidFields as error:
            wrong.extend(error.missing)
    wrong.extend(_archived(fields, has))
    if wrong:
        raise InvalidFields(wrong)
    return clean


def _clean_one(name: str, value: Any) -> Any:
    if name in LINES:
        return clean_line(value, name, LINES[name])
    if name in TEXTS:
        return clean_text(value, name, TEXTS[name])
    if name == "labels":
        return clean_labels(value)
    check = CHECKS.get(name)
    if check and value not in (None, ""):
        message = check(value)
        if message:
            raise InvalidFields([Missing("invalid", message, name)])
    return value


def _known_type(value: str) -> str:
    return "" if value in RequestType.values else _("Choose one of the types.")


def _asking_side(team: Team) -> str:
    return "" if team.side != Side.IT else _("Choose a team of Marketing or another department, not of IT.")


def _serving_side(team: Team) -> str:
    return "" if team.side == Side.IT else _("Choose a team of IT.")


def _archived(fields: RequestFields, has: Request | None) -> Iterator[Missing]:
    """What of ``fields`` was archived and does not stand on the request already."""
    goal = fields.get("goal")
    if goal is not None and goal.is_archived and not (has and has.goal_id == goal.pk):
        yield Missing("invalid", _("This goal is archived. Choose another one."), "goal")
    old = [touchpoint for touchpoint in fields.get("touchpoints", ()) if touchpoint.is_archived]
    kept = set(has.touchpoints.all()) if has and old else set()
    for touchpoint in old:
        if touchpoint not in kept:
            words = _("There is no touchpoint “%(slug)s”.") % {"slug": touchpoint.slug}
            yield Missing("does_not_exist", words, "touchpoints")


def _reasonable(value: Decimal) -> str:
    return "" if value.is_finite() and abs(value) < LARGEST else _("Enter a smaller number.")


def _cost(value: Decimal) -> str:
    if not value.is_finite() or not 0 <= value < LARGEST_COST:
        return _("Enter an amount of at least 0.")
    return "" if value == value.quantize(CENT) else _("Enter at most two decimals.")


def _known_personal_data(value: str) -> str:
    return "" if value in PersonalData.values else _("Choose one of the answers.")


def _not_ahead(value: date) -> str:
    ahead = value > timezone.localdate(clock.now())
    return _("A sign-off has been given: choose today or an earlier day.") if ahead else ""


CHECKS: dict[str, Callable[[Any], str]] = {
    "type": _known_type,
    "requesting_team": _asking_side,
    "serving_team": _serving_side,
    "baseline": _reasonable,
    "target": _reasonable,
    "one_off_cost": _cost,
    "yearly_cost": _cost,
    "personal_data": _known_personal_data,
    "personal_data_signed_on": _not_ahead,
}


def what_is_missing(request: Request) -> list[Missing]:
    """What ``request`` lacks before it can be submitted, in the order of the form."""
    questions = [
        ("customer_need", _("Say what your customers need.")),
        ("outcome", _("Say what changes for your customers.")),
        ("title", _("Give the request a title.")),
        ("type", _("Choose the type of the request.")),
        ("requesting_team", _("Choose the team that asks.")),
    ]
    missing = [Missing("required", text, name) for name, text in questions if not getattr(request, name)]
    if request.deadline and not request.deadline_reason:
        missing.append(Missing("required", _("Say why it has to be done by then."), "deadline_reason"))
    if request.restricted and not request.serving_team:
        text = _("Choose the serving team: a restricted request needs one.")
        missing.append(Missing("team_missing", text, "serving_team"))
    return missing


def write_fields(request: Request, fields: RequestFields, names: Iterable[str]) -> None:
    """Set the named plain fields of ``request`` without saving."""
    for name in names:
        if name not in RELATED:
            setattr(request, name, fields[name])  # type: ignore[literal-required]


def write_related(request: Request, fields: RequestFields) -> None:
    """Write those of ``fields`` that are rows of their own, once ``request`` is saved."""
    if "touchpoints" in fields:
        request.touchpoints.set(fields["touchpoints"])
    if "labels" in fields:
        request.labels.set(named(fields["labels"]).values())


def related(request: Request, name: str) -> list[Any]:
    """What stands in one of RELATED: touchpoints, or the names of labels."""
    return list(request.touchpoints.all()) if name == "touchpoints" else names_of(request)
