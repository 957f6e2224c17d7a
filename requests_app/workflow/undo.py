"""Taking back the last step: everything it changed is put back from what its event remembers."""

from datetime import date, datetime
from typing import Any

from knowhow.solutions.catalogue import drop_unused
from requests_app.before_work.proposals import put_back
from requests_app.models import Request
from requests_app.workflow.merge import bring_back
from requests_app.workflow.situation import LastStep, Situation
from teams.models import Side

PLAIN = (
    *("waiting_for", "blocked_reason", "times_reconsidered", "scoring_round"),
    *("snooze_reason", "measuring_moved"),
)
ROWS = ("serving_team", "marketing_owner", "it_owner", "solution", "duplicate_of")
MOMENTS = ("status_since", "done_at")
DATES = ("revisit_on",)
# Events of before these were remembered leave them as they are.
LATER_MOMENTS = ("first_response_at", "snoozed_until")
SEATS = {"marketing_owner": Side.MARKETING, "it_owner": Side.IT}


def snapshot(request: Request) -> dict[str, Any]:
    """All that a step may change, as the event keeps it."""
    names = ("status", "rank", "over_wip", "turn", *PLAIN)
    kept: dict[str, Any] = {name: getattr(request, name) for name in names}
    kept |= {name: getattr(request, f"{name}_id") for name in ROWS}
    for name in (*MOMENTS, "turn_since", *DATES, "measured_on", *LATER_MOMENTS):
        value = getattr(request, name)
        kept[name] = value.isoformat() if value else None
    return kept


def restore(s: Situation) -> dict[str, Any]:
    """Put back what the last step changed, but status and rank, without saving; who left since stays out."""
    assert s.last is not None  # noqa: S101 - the table's condition
    before = s.last.data["before"]
    for name in PLAIN:
        # A step taken by an earlier version remembers less.
        setattr(s.request, name, before.get(name, getattr(s.request, name)))
    for name in ROWS:
        setattr(s.request, f"{name}_id", before[name])
    for name in (*MOMENTS, *(name for name in LATER_MOMENTS if name in before)):
        setattr(s.request, name, datetime.fromisoformat(before[name]) if before[name] else None)
    # Only delivering sets the measuring date; a merge taken back later keeps what was edited meanwhile.
    for name in (*DATES, "measured_on") if s.last.action == "deliver" else DATES:
        setattr(s.request, name, date.fromisoformat(before[name]) if before[name] else None)
    _restore_turn(s.request, s.last)
    _leave_seats_of_the_gone(s.request)
    return {"undone": s.last.action, "undone_event": s.last.event, **_take_back(s.request, s.last)}


def _restore_turn(request: Request, last: LastStep) -> None:
    """Whose turn it was, unless that changed after the step: by a question that was merged in."""
    before = last.data["before"]
    if before["turn_since"] and request.turn_since and request.turn_since <= last.at:
        request.turn = before.get("turn", request.turn)
        request.turn_since = datetime.fromisoformat(before["turn_since"])


def _leave_seats_of_the_gone(request: Request) -> None:
    for name, side in SEATS.items():
        holder = getattr(request, name)
        if holder is not None and not (holder.is_active and holder.on_side(side)):
            setattr(request, name, None)


def _take_back(request: Request, last: LastStep) -> dict[str, Any]:
    """Take back what the step did beside the request's row."""
    data = last.data
    if data.get("proposal"):
        put_back(request, data["proposal"])
    if data["action"] == "merge":
        return bring_back(request, data, last.event)
    solution = data.get("solution")
    if data["action"] == "hand_over" and solution and solution["created"]:
        _remove_unused(solution["id"], request)
    return {}


def _remove_unused(solution: int, request: Request) -> None:
    """Remove the solution that the step created, unless somebody works with it already."""
    if Request.objects.filter(solution=solution).exclude(number=request.number).exists():
        return
    Request.objects.filter(number=request.number).update(solution=request.solution_id)
    drop_unused(solution)
