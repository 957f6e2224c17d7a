"""The one door by which imported history enters.

It skips the conditions of the transitions, because they held elsewhere and long ago, but none of the
database's constraints. Events keep their real times and the origin *import*, so that nobody is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from fractional_indexing import generate_n_keys_between

from activity import clock, log
from activity.log import Happening
from activity.models import Event, Origin
from requests_app.boards import locks, rank
from requests_app.choices import OPEN, Status
from requests_app.forecast import keeping
from requests_app.intake.plain import plain
from requests_app.labels import put_labels
from requests_app.models import Request
from requests_app.shapes import shape_of
from requests_app.triage.snoozing import let_go
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.turn import refresh_turn
from requests_app.workflow.undo import snapshot

# What may happen to an imported request in Tandem without making it Tandem's own.
STAYS_FOREIGN = {
    "request.commented",
    "request.supported",
    "request.support_withdrawn",
    "request.watched",
    "request.unwatched",
    "request.moved",
    "request.snoozed",
    "request.woken",
}


@dataclass(frozen=True)
class Step:
    """One change in a request's life. ``at`` None: the moment of the import, because none is known.

    ``told`` is further data of the event; people are texts in it.
    """

    action: str
    at: datetime | None = None
    to: Status | None = None
    waiting_for: str = ""
    reason: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """A request as another system knows it: its key there, what it says, and how it came to be so."""

    key: str
    fields: Mapping[str, Any]
    steps: Sequence[Step]
    labels: Sequence[str] = ()


@dataclass
class Entered:
    """How many requests were made, brought up to date, or left as they are."""

    created: int = 0
    updated: int = 0
    skipped: int = 0

    def add(self, other: "Entered") -> None:
        self.created += other.created
        self.updated += other.updated
        self.skipped += other.skipped


def enter_history(histories: Sequence[History], *, by: None = None) -> Entered:
    """Make requests with their events, or bring those of earlier imports up to date, in one transaction.

    A key is known only once: history only grows, so a second time only steps that are new are appended. A
    request that people in Tandem have changed since is theirs and stays as it is. ``by`` is always None:
    imported people have no accounts.
    """
    with transaction.atomic(), log.origin(Origin.IMPORT):
        _lock_statuses(histories)
        plan = _planned(histories, clock.now(), hold=True)
        _save(plan)
        keeping.forget()
        return plan.entered


def foresee(histories: Sequence[History]) -> Entered:
    """What ``enter_history`` would do; writes nothing and holds nothing."""
    return _planned(histories, clock.now(), hold=False).entered


@dataclass
class _Work:
    """A request in the making, with the events that tell of it."""

    request: Request
    history: History
    happenings: list[Happening]
    # Whether it needs a place in its status.
    placed: bool = True


@dataclass
class _Plan:
    fresh: list[_Work] = field(default_factory=list)
    changed: list[_Work] = field(default_factory=list)
    entered: Entered = field(default_factory=Entered)


def _planned(histories: Sequence[History], now: datetime, *, hold: bool) -> _Plan:
    """The requests as they will be, unsaved; ``hold``: the rows of known ones are locked."""
    plan, known = _Plan(), _known([history.key for history in histories], hold)
    recorded = _recorded(known.values())
    for history in histories:
        request = known.get(history.key)
        if request is None:
            plan.fresh.append(work := _begin(history, now))
            known[history.key] = work.request
        elif more := _go_on(request, history, recorded, now):
            plan.changed.append(more)
            # A second row of the same key finds nothing to add to it.
            recorded.pop(request.pk)
        else:
            plan.entered.skipped += 1
    plan.entered.created, plan.entered.updated = len(plan.fresh), len(plan.changed)
    return plan


def _lock_statuses(histories: Iterable[History]) -> None:
    targets = {step.to for history in histories for step in history.steps if step.to is not None}
    for status in sorted(targets, key=Status.values.index):
        locks.lock_status(status)


def _known(keys: Sequence[str], hold: bool) -> dict[str | None, Request]:
    rows = Request.objects.filter(import_key__in=keys).defer("words").order_by("number")
    return {row.import_key: row for row in (rows.select_for_update() if hold else rows)}


_Told = tuple[str, str, datetime, str | None]
_Recorded = dict[int, list[_Told]]


def _recorded(requests: Iterable[Request]) -> _Recorded:
    """Of each request the events: origin, kind, moment, and the status they led to."""
    found: _Recorded = {request.pk: [] for request in requests}
    events = Event.objects.filter(object_type="request", object_id__in=found).order_by("id")
    rows = events.values_list("object_id", "origin", "kind", "occurred_at", "data__to")
    for number, origin, kind, occurred_at, to in rows.iterator():
        found[number].append((origin, kind, occurred_at, to))
    return found


def _begin(history: History, now: datetime) -> _Work:
    start = history.steps[0].at or now
    request = Request(
        origin=Origin.IMPORT,
        import_key=history.key,
        created_at=start,
        updated_at=start,
        status_since=start,
        version=0,
        **history.fields,
    )
    return _Work(request, history, [_take(request, step, now) for step in history.steps])


def _go_on(request: Request, history: History, recorded: _Recorded, now: datetime) -> _Work | None:
    """What is new since the last import; None where there is nothing, or where it is ours by now."""
    events = recorded.get(request.pk)
    if events is None or _is_ours(events):
        return None
    status = request.status
    steps = _new_steps(history.steps, events)
    happenings = list(_correct(request, history.fields, now))
    happenings += [_take(request, step, now) for step in steps]
    if not happenings:
        return None
    return _Work(request, history, happenings, placed=request.status != status)


def _is_ours(events: Sequence[_Told]) -> bool:
    return any(origin != Origin.IMPORT and kind not in STAYS_FOREIGN for origin, kind, _at, _to in events)


def _new_steps(steps: Sequence[Step], events: Sequence[_Told]) -> list[Step]:
    """Those that no event tells of; a step without a moment is known by where it led."""
    left: Counter[tuple[str, object]] = Counter()
    for _origin, kind, at, to in events:
        left.update([(kind, at), (kind, to)])
    new = []
    for step in steps:
        name = (ACTIONS[step.action].event, step.at or step.to)
        if left[name] > 0:
            left[name] -= 1
        else:
            new.append(step)
    return new


def _correct(request: Request, fields: Mapping[str, Any], now: datetime) -> Iterable[Happening]:
    """One event for all fields that say something else than the last time."""
    changes = {}
    for name, value in fields.items():
        before = getattr(request, name)
        if plain(before) != plain(value):
            changes[name] = {"from": plain(before), "to": plain(value)}
            setattr(request, name, value)
    if changes:
        request.version += 1
        request.updated_at = request.progress_at = now
        data = {"changes": changes, "reason": "", "version": request.version}
        yield Happening("request.edited", request, now, data)


def _take(request: Request, step: Step, now: datetime) -> Happening:
    """Take one step without saving; returns the event that tells of it."""
    at, before = step.at or now, snapshot(request)
    if step.to is not None and step.to != request.status:
        request.status, request.status_since = step.to, at
        let_go(request)
    _follow(request, step, at)
    refresh_turn(request, at)
    request.progress_at = request.updated_at = max(at, request.updated_at)
    request.version += 1
    data = {"action": step.action, "from": before["status"], "to": request.status, "before": before}
    data |= {"reason": step.reason} if step.reason else {}
    data |= {**step.told, "version": request.version}
    kind = ACTIONS[step.action].event
    return Happening(kind, request, at, data, shape_of(kind))


def _follow(request: Request, step: Step, at: datetime) -> None:
    """What follows from a step beside the status."""
    if step.action == "submit":
        request.submitted_at = at
    request.done_at = request.done_at or at if request.status == Status.DONE else None
    if step.action == "block":
        request.waiting_for, request.blocked_reason = step.waiting_for, step.reason
    if step.action == "unblock" or request.status not in OPEN:
        request.waiting_for = request.blocked_reason = ""


def _save(plan: _Plan) -> None:
    works = [*plan.fresh, *plan.changed]
    _place([work.request for work in works if work.placed])
    Request.objects.bulk_create([work.request for work in plan.fresh], batch_size=500)
    for work in plan.changed:
        work.request.save()
    put_labels([(work.request, work.history.labels) for work in plan.fresh])
    log.record_many([happening for work in works for happening in work.happenings])


def _place(requests: Iterable[Request]) -> None:
    """Ranks at the bottom of each status: the newest first in *done*, else the oldest."""
    by_status: dict[str, list[Request]] = {}
    for request in requests:
        by_status.setdefault(request.status, []).append(request)
    for status, cards in by_status.items():
        cards.sort(key=lambda card: card.status_since, reverse=status == Status.DONE)
        last = rank.bottom_of(status)
        for card, key in zip(cards, generate_n_keys_between(last, None, len(cards)), strict=True):
            card.rank = key
