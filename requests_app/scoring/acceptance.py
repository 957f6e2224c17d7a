"""What a lead set aside when a request was accepted: it stands on the page for good, with the reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.models import Event
from requests_app.models import Request
from requests_app.querysets import RequestQuerySet

ACCEPTED, UNDONE = "request.accepted", "request.undone"
ALTHOUGH: dict[str, str | Promise] = {
    "goal_missing": _("no goal was named"),
    "score_missing": _("not both sides had scored"),
    "divergence_open": _("points were still to be talked about"),
    "below_gate": _("the impact lay below the gate"),
}


@dataclass(frozen=True)
class Although:
    """Who accepted a request although what, and why."""

    by_name: str
    at: datetime
    conditions: list[str | Promise]
    reason: str


def with_acceptance(requests: RequestQuerySet) -> RequestQuerySet:
    """``requests`` with what ``accepted_although`` reads, in the same query."""
    # Events of one request are few and have an index; the latest acceptance counts, unless it was undone.
    events = Event.objects.filter(object_type="request")
    undone = events.filter(
        object_id=OuterRef("object_id"), kind=UNDONE, id__gt=OuterRef("id"), data__undone="accept"
    )
    latest = events.filter(object_id=OuterRef("pk"), kind=ACCEPTED).order_by("-id")
    row = JSONObject(by="actor__name", at="occurred_at", data="data", undone=Exists(undone))
    return requests.annotate(accepted_row=Subquery(latest.annotate(row=row).values("row")[:1]))


def accepted_although(request: Request) -> Although | None:
    """What was set aside by the latest acceptance of ``request``, which comes ``with_acceptance``."""
    row: dict[str, Any] | None = request.accepted_row  # type: ignore[attr-defined]
    if row is None or row["undone"] or not row["data"].get("override"):
        return None
    return Although(
        by_name=row["by"] or "",
        at=datetime.fromisoformat(row["at"]),
        conditions=[ALTHOUGH[code] for code in row["data"]["override"] if code in ALTHOUGH],
        reason=row["data"].get("reason", ""),
    )
