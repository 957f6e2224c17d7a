"""What a rule would have said over the last days, from the log: so that nobody switches on a flood."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from activity.models import Event, Origin
from requests_app.choices import OPEN, Status, WaitingFor
from requests_app.escalating.causes import CAUSES
from requests_app.escalating.rules import Rule
from requests_app.escalating.speaking import look
from requests_app.models import Comment, Request
from requests_app.reminding import REMINDERS, due_now, stalled_after
from requests_app.scoring.rules import rules_now
from requests_app.triage.first_response import URGENT, calendar_of
from requests_app.workflow.situation import TRANSITIONS
from requests_app.working_time import after_working_time
from teams.understanding import chasing

LOOKED_BACK = timedelta(days=30)
# What counts as progress beside a step.
ALSO_PROGRESS = (
    "request.edited",
    "request.scored",
    "request.score_proposed",
    "request.score_agreed",
    "request.score_reopened",
    "request.answered",
    "request.item_done",
    "request.result_proposed",
    "request.result_assented",
    "request.result_agreed",
    "request.result_rejected",
)


@dataclass(frozen=True)
class Trial:
    """How many notices it would have been; of forecasts, which are not kept, only how many it is ``now``."""

    notices: int
    now: bool = False


@dataclass(frozen=True)
class Window:
    """From when to when is looked."""

    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        return self.since < moment <= self.until


def try_rule(name: str, rule: Rule, now: datetime) -> Trial:
    """What the cause ``name`` would have said over the thirty days before ``now`` by ``rule``, were it on."""
    window = Window(now - LOOKED_BACK, now)
    if name == "deadline":
        return Trial(len(look(name, rule, now)), now=True)
    return Trial(_COUNTED[name](rule, window))


def stalls(steps: Sequence[tuple[datetime, bool]], after: timedelta, window: Window) -> int:
    """How often nothing moved for ``after``, ending in the window; pure.

    ``steps`` are the moments of progress, oldest first, and whether the work could stall from then on.
    """
    ends = [*(at for at, _could in steps[1:]), window.until][: len(steps)]
    return sum(
        could and window.holds(at + after) and at + after <= end
        for (at, could), end in zip(steps, ends, strict=True)
    )


def _stalled(after: timedelta, window: Window) -> int:
    return sum(stalls(steps, after, window) for steps in _lives(window, after))


def _lives(window: Window, after: timedelta) -> Iterable[list[tuple[datetime, bool]]]:
    """The progress of each request that could have stalled in the window."""
    closed = Q(status_since__gt=window.since) | Q(status__in=OPEN)
    numbers = Request.objects.filter(closed, updated_at__gt=window.since - after).exclude(status=Status.DRAFT)
    events = Event.objects.filter(
        object_type="request", object_id__in=numbers.values("number"), kind__in=(*TRANSITIONS, *ALSO_PROGRESS)
    ).exclude(origin=Origin.IMPORT)
    rows = events.order_by("object_id", "id").values_list("object_id", "kind", "occurred_at", "data")
    lives: dict[int, _Life] = {}
    for number, kind, at, data in rows.iterator(chunk_size=5_000):
        lives.setdefault(number, _Life()).take(kind, at, data)
    return [life.steps for life in lives.values()]


class _Life:
    """A request, as its events are read one after the other."""

    def __init__(self) -> None:
        self.is_open = self.is_outside = False
        self.steps: list[tuple[datetime, bool]] = []

    def take(self, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
        if kind == "request.submitted":
            self.is_open = True
        elif isinstance(data.get("to"), str):
            self.is_open = data["to"] in OPEN
        if kind == "request.blocked":
            self.is_outside = data.get("waiting_for") == WaitingFor.OUTSIDE
        elif kind == "request.unblocked" or not self.is_open:
            self.is_outside = False
        self.steps.append((at, self.is_open and not self.is_outside))


def _questions(rule: Rule, window: Window) -> int:
    after = timedelta(days=rule.after or 0)
    asked = Comment.objects.exclude(question_to="").filter(
        created_at__gt=window.since - after, created_at__lte=window.until - after, deleted_at=None
    )
    rows = asked.exclude(request__status=Status.DRAFT).values_list("created_at", "answered_at")
    return sum(answered is None or answered > at + after for at, answered in rows)


def _first_responses(_rule: Rule, window: Window) -> int:
    rules = rules_now()
    rows = Request.objects.filter(submitted_at__gt=window.since - LOOKED_BACK, submitted_at__lte=window.until)
    rows = rows.exclude(origin=Origin.IMPORT).select_related("serving_team").defer("words")
    return sum(_was_near(request, rules.zone, rules.first_response_hours, window) for request in rows)


def _was_near(request: Request, zone: Any, hours: int, window: Window) -> bool:
    if request.submitted_at is None:
        return False
    calendar = calendar_of(request.serving_team, zone, hours)
    most = calendar.target - calendar.target / URGENT
    near = after_working_time(request.submitted_at, most, zone, calendar.days_off)
    answered = request.first_response_at
    return window.holds(near) and (answered is None or answered > near)


def _said(kind: str, due: Callable[[datetime], QuerySet[Any]]) -> Callable[[Rule, Window], int]:
    """Days that come once, whatever is set: what was said of them, and what is due and would be at once."""

    def count(_rule: Rule, window: Window) -> int:
        said = Event.objects.filter(kind=kind, occurred_at__gt=window.since, occurred_at__lte=window.until)
        return said.count() + due(window.until).count()

    return count


_COUNTED: Mapping[str, Callable[[Rule, Window], int]] = {
    "stalled": lambda _rule, window: _stalled(stalled_after(), window),
    "stalled long": lambda rule, window: _stalled(timedelta(days=rule.after or 0), window),
    "question": _questions,
    "first response": _first_responses,
    "stale brief": _said("brief.review_asked", chasing.due),
    **{
        name: _said(REMINDERS[name].kind, partial(due_now, name))
        for name in CAUSES.keys() & REMINDERS.keys() - {"stalled"}
    },
}
