"""How requests and cards are written as JSON: from plain rows of the database, without model objects."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404

from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person

Body = dict[str, Any]
Row = dict[str, Any]

OWNERS = ("marketing_owner", "it_owner")
PERSON_PARTS = ("_id", "__name", "__side")
ON_CARDS = (
    "number",
    "title",
    "status",
    "status_since",
    "deadline",
    "turn",
    "turn_since",
    "waiting_for",
    "blocked_reason",
    "restricted",
    "difference",
    "difference_provisional",
    "version",
)
CARD_COLUMNS = (
    *ON_CARDS,
    "goal_id",
    "effort",
    *(f"{seat}{part}" for seat in OWNERS for part in PERSON_PARTS),
    # Orders lists; not shown, because its keys mean nothing to others.
    "rank",
)
BESIDES = (
    "customer_need",
    "outcome",
    "type",
    "deadline_reason",
    "wished_tool",
    "revisit_on",
    "created_at",
    "submitted_at",
    "done_at",
    "updated_at",
)
BEFORE_WORK = (
    "agreed_on",
    "personal_data",
    "personal_data_which",
    "personal_data_signed_by",
    "personal_data_signed_on",
)
COSTS = ("one_off_cost", "yearly_cost")
PROPOSAL = "result_proposal"
PROPOSED = ("baseline", "target", "measured_on", "reason", "proposed_at")
ASSENTED = {"marketing": "assented_marketing", "it": "assented_it"}
RESULT = ("metric", "unit", "baseline", "target", "measured_on")
# The key of the answer, and the column that it comes from.
RENAMED = {
    "requesting_team": "requesting_team__slug",
    "serving_team": "serving_team__slug",
    "solution": "solution__slug",
}
COLUMNS = (
    *CARD_COLUMNS,
    *BESIDES,
    *RESULT,
    *RENAMED.values(),
    *(f"requester{part}" for part in PERSON_PARTS),
    *BEFORE_WORK,
    *COSTS,
    *(f"{PROPOSAL}__{name}" for name in (*PROPOSED, *ASSENTED.values())),
    *(f"{PROPOSAL}__proposed_by{part}" for part in PERSON_PARTS),
    "duplicate_of_id",
)


def card_bodies(rows: Iterable[Row]) -> list[Body]:
    """Rows with CARD_COLUMNS as cards."""
    return [card_body(row) for row in rows]


def card_body(row: Row) -> Body:
    body = {name: row[name] for name in ON_CARDS}
    return body | {
        "key": f"T-{row['number']}",
        "goal": row["goal_id"],
        **{seat: person_in(row, seat) for seat in OWNERS},
        "blocked": bool(row["waiting_for"]),
        "effort": number_out(row["effort"]),
        "url": page_of(row["number"]),
    }


def request_body(number: int, person: Person) -> Body:
    """One request for ``person``.

    :raises Http404: the same for a hidden and an absent one.
    """
    wanted = Request.objects.visible_to(person).filter(number=min(number, HIGHEST_NUMBER))
    row = wanted.values(*COLUMNS).first()
    if row is None:
        raise Http404
    return request_bodies([row], person)[0]


def request_bodies(rows: Sequence[Row], person: Person | None) -> list[Body]:
    """Rows with COLUMNS as answers for ``person``, or for the operator; at most three queries in all."""
    numbers = [row["number"] for row in rows]
    touchpoints = _slugs(Request.touchpoints.through.objects, numbers, "touchpoint__slug")
    labels = _slugs(Request.labels.through.objects, numbers, "label__name")
    originals = _visible_numbers((row["duplicate_of_id"] for row in rows), person)
    return [
        _body(row)
        | {
            "touchpoints": touchpoints.get(row["number"], []),
            "labels": labels.get(row["number"], []),
            "duplicate_of": row["duplicate_of_id"] if row["duplicate_of_id"] in originals else None,
        }
        for row in rows
    ]


def _slugs(through: Any, numbers: Sequence[int], name: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if numbers:
        for number, value in through.filter(request__in=numbers).order_by(name).values_list("request", name):
            found.setdefault(number, []).append(value)
    return found


def _visible_numbers(numbers: Iterable[int | None], person: Person | None) -> set[int]:
    wanted = {number for number in numbers if number is not None}
    if not wanted or person is None:
        return wanted
    seen = Request.objects.visible_to(person).filter(number__in=wanted)
    return set(seen.values_list("number", flat=True))


def _body(row: Row) -> Body:
    body = card_body(row) | {name: row[name] for name in BESIDES}
    body |= {name: row[column] for name, column in RENAMED.items()}
    body |= {name: row[name] for name in BEFORE_WORK} | {name: number_out(row[name]) for name in COSTS}
    result = {"expected_result": _result(row), "proposed_result": _proposed(row)}
    return body | {"requester": person_in(row, "requester")} | result


def page_of(number: int) -> str:
    """The address of the request's page."""
    return f"{settings.BASE_URL}/requests/{number}/"


def person_in(row: Row, seat: str) -> Body | None:
    """The person whose columns begin with ``seat``."""
    if row[f"{seat}_id"] is None:
        return None
    return {"id": row[f"{seat}_id"], "name": row[f"{seat}__name"], "side": row[f"{seat}__side"]}


def _result(row: Row) -> Body:
    result = {name: row[name] for name in RESULT}
    return result | {name: number_out(row[name]) for name in ("baseline", "target")}


def _proposed(row: Row) -> Body | None:
    by = person_in(row, f"{PROPOSAL}__proposed_by")
    if by is None:
        return None
    found = {name: row[f"{PROPOSAL}__{name}"] for name in PROPOSED}
    found |= {name: number_out(found[name]) for name in ("baseline", "target")}
    waits = [side for side, seat in ASSENTED.items() if row[f"{PROPOSAL}__{seat}"] is None]
    return found | {"proposed_by": by, "waits_for": waits}


def number_out(value: Decimal | None) -> float | int | None:
    """A number as JSON writes it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
