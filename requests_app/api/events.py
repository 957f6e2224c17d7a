"""The event log for systems that pull."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from activity.log import stamp_positions
from activity.models import Event
from requests_app.api.answers import EventOut
from requests_app.api.output import Body, Row, page_of, person_in
from requests_app.events import visible_events
from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.api import PAGING, me_of, refuse_unknown
from teams.rules import InvalidFields, Missing

COLUMNS = (
    "position",
    "id",
    "kind",
    "occurred_at",
    "recorded_at",
    "origin",
    "object_type",
    "object_id",
    *(f"{who}{part}" for who in ("actor", "for_person") for part in ("_id", "__name", "__side")),
    "data",
)
AFTER = OpenApiParameter(
    "after",
    {"type": "integer", "minimum": 0, "maximum": HIGHEST_NUMBER, "default": 0},
    description="Only events behind this position; keep the last one that you have read.",
)
# No position of an event has more digits.
LONGEST_POSITION = 19
REQUEST = "request"


class EventsView(GenericAPIView[Event]):
    """What happened, in ascending positions, as far as you may see it now. Positions leave gaps."""

    serializer_class = EventOut

    @extend_schema(operation_id="events_list", parameters=[AFTER], responses=EventOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown(request, AFTER.name, *PAGING)
        events = visible_events(me_of(request)).filter(position__gt=after_asked(request))
        return self.answer(events)

    def answer(self, events: "QuerySet[Event]") -> Response:
        # Nobody has to wait for the next beat to read what has just been done.
        if Event.objects.filter(position=None).exists():
            stamp_positions()
        rows: Any = events.filter(position__isnull=False).order_by("position").values(*COLUMNS)
        return self.get_paginated_response([event_out(row) for row in self.paginate_queryset(rows) or []])


class RequestEventsView(EventsView):
    """What happened to one request."""

    @extend_schema(operation_id="requests_events_list", parameters=[AFTER], responses=EventOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:  # type: ignore[override]
        refuse_unknown(request, AFTER.name, *PAGING)
        me = me_of(request)
        about = Request.objects.get_visible(me, number)
        events = visible_events(me).filter(object_type=REQUEST, object_id=about.number)
        return self.answer(events.filter(position__gt=after_asked(request)))


def after_asked(request: ApiRequest) -> int:
    """The position behind which to read.

    :raises InvalidFields: where it is no whole number, or given twice.
    """
    given = request.query_params.getlist(AFTER.name)
    if not given:
        return 0
    text = given[0]
    if len(given) > 1 or not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_POSITION:
        raise InvalidFields([Missing("invalid", _("Give the position of an event."), AFTER.name)])
    return min(int(text), HIGHEST_NUMBER)


def event_out(row: Row) -> Body:
    data = row["data"]
    number = row["object_id"] if row["object_type"] == REQUEST else None
    return {
        "position": row["position"],
        "id": row["id"],
        "type": row["kind"],
        "occurred_at": row["occurred_at"],
        "recorded_at": row["recorded_at"],
        "origin": row["origin"],
        "object": row["object_type"],
        "object_id": row["object_id"],
        "number": number,
        "actor": person_in(row, "actor"),
        "acting_for": person_in(row, "for_person"),
        "status_before": data.get("from") if number else None,
        "status": data.get("to") if number else None,
        "reason": data.get("reason") or "",
        "override": data.get("override") or [],
        "changed": sorted(data.get("changes") or {}),
        "url": page_of(number) if number else None,
    }
