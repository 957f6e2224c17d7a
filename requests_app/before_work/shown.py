"""What both sides need before work starts, as the page of a request shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from requests_app.before_work.checklist import may_keep_checklist
from requests_app.before_work.proposals import assented, may_assent, may_reject, stamp_of, values_of
from requests_app.choices import Status
from requests_app.models import ChecklistItem, Request, ResultProposal
from requests_app.querysets import RequestQuerySet
from requests_app.workflow.situation import Situation


@dataclass(frozen=True)
class ShownItem:
    """An item, and behind which item it comes when it is moved one place up or down ("" for the top)."""

    pk: int
    text: str
    who: str
    done: bool
    done_by: str
    done_at: datetime | None
    up: str | None
    down: str | None


@dataclass(frozen=True)
class ShownProposal:
    """A proposed result beside the agreed one."""

    baseline: Decimal | None
    target: Decimal | None
    measured_on: date | None
    reason: str
    by: str
    at: datetime
    waits_for: list[str]
    may_assent: bool
    may_reject: bool
    is_own: bool
    stamp: str


@dataclass(frozen=True)
class BeforeWork:
    """All of the section; ``late`` is how many days the agreed date lies after the deadline."""

    items: list[ShownItem]
    done: int
    may_keep: bool
    is_shown: bool
    late: int | None
    proposal: ShownProposal | None

    @property
    def days_apart(self) -> int:
        return abs(self.late or 0)


def with_before_work(requests: RequestQuerySet) -> RequestQuerySet:
    """``requests`` with what ``before_work_of`` reads, in the same query."""
    items = ChecklistItem.objects.filter(request=OuterRef("pk")).order_by("position")
    row = JSONObject(pk="pk", text="text", who="person__name", done_by="done_by__name", done_at="done_at")
    proposal = ("proposed_by", "assented_marketing", "assented_it")
    return requests.select_related(*(f"result_proposal__{who}" for who in proposal)).annotate(
        checklist_rows=ArraySubquery(items.values(row=row))
    )


def before_work_of(s: Situation) -> BeforeWork:
    """The section for the person who looks; the request comes ``with_before_work``."""
    request: Any = s.request
    items = _shown(request.checklist_rows)
    may_keep = may_keep_checklist(s.roles) and request.status != Status.DRAFT
    facts = (request.agreed_on, request.one_off_cost, request.yearly_cost, request.personal_data)
    told = any(fact not in (None, "") for fact in facts)
    return BeforeWork(
        items=items,
        done=sum(item.done for item in items),
        may_keep=may_keep,
        is_shown=bool(items) or told or (may_keep and request.is_open),
        late=_late(request),
        proposal=_proposal(s),
    )


def _late(request: Request) -> int | None:
    if request.agreed_on is None or request.deadline is None:
        return None
    return (request.agreed_on - request.deadline).days


def _shown(rows: list[dict[str, Any]]) -> list[ShownItem]:
    keys = [row["pk"] for row in rows]
    return [
        ShownItem(
            pk=row["pk"],
            text=row["text"],
            who=row["who"] or "",
            done=row["done_at"] is not None,
            done_by=row["done_by"] or "",
            done_at=datetime.fromisoformat(row["done_at"]) if row["done_at"] else None,
            up=None if n == 0 else _before(keys, n - 1),
            down=None if n == len(keys) - 1 else str(keys[n + 1]),
        )
        for n, row in enumerate(rows)
    ]


def _before(keys: list[int], place: int) -> str:
    return str(keys[place - 1]) if place else ""


def _proposal(s: Situation) -> ShownProposal | None:
    found: ResultProposal | None = getattr(s.request, "result_proposal", None)
    if found is None:
        return None
    values: dict[str, Any] = values_of(found)
    return ShownProposal(
        baseline=values.get("baseline", s.request.baseline),
        target=values.get("target", s.request.target),
        measured_on=values.get("measured_on", s.request.measured_on),
        reason=found.reason,
        by=found.proposed_by.name,
        at=found.proposed_at,
        waits_for=[side for side, person in assented(found).items() if person is None],
        may_assent=may_assent(found, s.roles, s.by),
        may_reject=may_reject(found, s.roles, s.by),
        is_own=found.proposed_by_id == s.by.pk,
        stamp=stamp_of(found),
    )
