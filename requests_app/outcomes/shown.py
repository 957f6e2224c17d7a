"""The outcome review as the page of a request shows it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject

from requests_app.choices import OutcomeVerdict, Status
from requests_app.models import Outcome, Request
from requests_app.outcomes.record import may_learn, may_record
from requests_app.querysets import RequestQuerySet
from requests_app.workflow.situation import Situation

NUMBERS = ("baseline", "target", "measured")


@dataclass(frozen=True)
class Recorded:
    """What one delivery came to."""

    metric: str
    unit: str
    baseline: Decimal
    target: Decimal
    measured: Decimal
    verdict: str
    marketing_learnt: str
    it_learnt: str
    by: str
    at: datetime
    delivered_at: datetime

    @property
    def label(self) -> str:
        return str(OutcomeVerdict(self.verdict).label)


@dataclass(frozen=True)
class Review:
    """The section; ``is_due``: the measuring date has come and nothing is recorded."""

    recorded: Recorded | None
    history: list[Recorded]
    is_delivered: bool
    is_due: bool
    may_record: bool
    may_postpone: bool
    may_learn: bool

    @property
    def is_shown(self) -> bool:
        return self.is_delivered or bool(self.history)


def with_outcomes(requests: RequestQuerySet) -> RequestQuerySet:
    """``requests`` with what ``review_of`` reads, in the same query."""
    rows = Outcome.objects.filter(request=OuterRef("pk")).order_by("-delivered_at")
    # As text, because a number of JSON is a float and would not be what was entered.
    numbers = {name: Cast(name, CharField()) for name in NUMBERS}
    texts = ("metric", "unit", "verdict", "marketing_learnt", "it_learnt", "delivered_at")
    row = JSONObject(**numbers, **{name: name for name in texts}, by="recorded_by__name", at="recorded_at")
    return requests.annotate(outcome_rows=ArraySubquery(rows.values(row=row)))


def review_of(s: Situation) -> Review:
    """The section for the person who looks; the request comes ``with_outcomes``."""
    request: Any = s.request
    rows = [_recorded(row) for row in request.outcome_rows]
    present = next((row for row in rows if row.delivered_at == request.done_at), None)
    delivered = request.status == Status.DONE
    is_open = delivered and present is None
    comparable = None not in (request.baseline, request.target)
    return Review(
        recorded=present,
        history=[row for row in rows if row is not present],
        is_delivered=delivered,
        is_due=is_open and _has_come(request, s),
        may_record=is_open and comparable and may_record(s.roles),
        may_postpone=is_open and may_record(s.roles) and not request.measuring_moved,
        may_learn=present is not None and may_learn(s.roles),
    )


def _has_come(request: Request, s: Situation) -> bool:
    return request.measured_on is not None and request.measured_on <= s.today


def _recorded(row: dict[str, Any]) -> Recorded:
    numbers = {name: Decimal(row[name]) for name in NUMBERS}
    moments = {name: datetime.fromisoformat(row[name]) for name in ("at", "delivered_at")}
    return Recorded(**{**row, **numbers, **moments})
