"""What the people of a round decided about its requests while it went on, as the event log tells it."""

from collections.abc import Collection
from datetime import datetime

from activity.models import Event
from requests_app.workflow.situation import TRANSITIONS

UNDONE = "request.undone"
DECIDING = frozenset(TRANSITIONS) - {UNDONE} | {
    "request.score_agreed",
    "request.result_agreed",
    "request.answered",
    "request.outcome_recorded",
    "request.measuring_postponed",
}


def decided(numbers: Collection[int], people: Collection[int], since: datetime, until: datetime) -> set[int]:
    """The ``numbers`` that ``people`` decided something about, and did not take back. One query."""
    events = Event.objects.filter(
        object_type="request",
        object_id__in=numbers,
        actor__in=people,
        kind__in=[*DECIDING, UNDONE],
        occurred_at__range=(since, until),
    )
    rows = list(events.values_list("id", "object_id", "data__undone_event"))
    taken_back = {undone for _id, _number, undone in rows if undone is not None}
    return {number for event, number, undone in rows if undone is None and event not in taken_back}
