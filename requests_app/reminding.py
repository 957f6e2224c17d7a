"""What the portal says by itself, once each: work that stalls, days on which something was to be looked at.

Each row is held while it is told, and what was told is kept on it, so that however many workers look at the
same time, and whenever one of them dies, nothing is said twice and nothing is left out. Of imported requests
that nobody has taken up in Tandem nothing is said: an import must not wake the whole company.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from activity import clock, log
from activity.models import Event, Origin
from requests_app.choices import OPEN, Status, WaitingFor
from requests_app.importing.history import STAYS_FOREIGN
from requests_app.models import Escalation, EscalationRule, Outcome, Request
from requests_app.outcomes.record import REMIND_AFTER
from requests_app.scoring.rules import rules_now
from teams.models import Company


@dataclass(frozen=True)
class Reminder:
    """``due`` finds what has to be said now; ``mark`` keeps on the request that it was said, and tells it."""

    kind: str
    due: Callable[[datetime], Q]
    mark: Callable[[Request, datetime], dict[str, Any]]
    # What tells this time from any other.
    occasion: Callable[[Request], str]


def say_what_is_due(now: datetime) -> int:
    """Say everything that is due at ``now`` (aware); returns how many things were said."""
    said = 0
    off = set(EscalationRule.objects.filter(is_on=False).values_list("cause", flat=True))
    for name, reminder in REMINDERS.items():
        if name in off:
            continue
        due = _rows(reminder, now).order_by("number")
        numbers = list(due.values_list("number", flat=True))
        with log.together():
            said += sum(remind(name, number, now, by=None) is not None for number in numbers)
    return said


def due_now(name: str, now: datetime) -> QuerySet[Request]:
    """The requests of which one of ``REMINDERS`` is due at ``now`` (aware) and was not said."""
    return _rows(REMINDERS[name], now)


def remind(name: str, number: int, now: datetime, *, by: None) -> Request | None:
    """Say one thing of ``REMINDERS`` about one request; None where it is not due, or not due any more.

    A request that somebody is changing right now is left to the next time. ``by`` is always None: the portal
    speaks.
    """
    reminder = REMINDERS[name]
    with transaction.atomic():
        rows = _rows(reminder, now).filter(number=number).defer("words")
        request = next(iter(rows.select_for_update(skip_locked=True, of=("self",))), None)
        if request is None:
            return None
        data = reminder.mark(request, now)
        Escalation.objects.get_or_create(
            cause=name,
            request=request,
            occasion=reminder.occasion(request),
            defaults={"told_at": clock.now()},
        )
        request.save(update_fields=["stall_told_at", *DAYS_TOLD])
        log.record(reminder.kind, request, by=by, data=data)
        return request


DAYS_TOLD = ("revisit_asked_for", "outcome_asked_for", "outcome_reminded_for")


def _rows(reminder: Reminder, now: datetime) -> "QuerySet[Request]":
    return Request.objects.filter(taken_up(), reminder.due(now))


def taken_up() -> Q:
    """Made in Tandem, or changed by somebody in it since the import."""
    events = Event.objects.filter(object_type="request", object_id=OuterRef("number"))
    changes = events.exclude(origin=Origin.IMPORT).exclude(kind__in=STAYS_FOREIGN)
    return ~Q(origin=Origin.IMPORT) | Q(Exists(changes))


def standing_still(now: datetime) -> Q:
    """Open, not blocked outside, no progress for the hours that are set."""
    return standing_still_for(now, stalled_after())


def standing_still_for(now: datetime, time: timedelta) -> Q:
    """Open, not blocked outside, no progress for ``time``."""
    return Q(status__in=OPEN, progress_at__lte=now - time) & ~Q(waiting_for=WaitingFor.OUTSIDE)


def _stalled(now: datetime) -> Q:
    """Standing still, and not said since."""
    return standing_still(now) & (Q(stall_told_at=None) | Q(stall_told_at__lt=F("progress_at")))


def stalled_after() -> timedelta:
    """How long nothing has to move; PRODUCT's seven days until an administrator says otherwise."""
    hours = Company.objects.values_list("stalled_after_hours", flat=True).first()
    return timedelta(hours=hours or 7 * 24)


def _mark_stall(request: Request, now: datetime) -> dict[str, Any]:
    request.stall_told_at = max(now, clock.now())
    since = request.progress_at.isoformat() if request.progress_at else None
    return {"since": since, "turn": request.turn}


def revisit_due(day: date) -> Q:
    """Parked until ``day``, the portal's, or one before."""
    return Q(status=Status.PARKED, revisit_on__lte=day)


def _revisit(now: datetime) -> Q:
    asked = Q(revisit_asked_for=F("revisit_on"))
    return revisit_due(_today(now)) & (Q(revisit_asked_for=None) | ~asked)


def _mark_revisit(request: Request, now: datetime) -> dict[str, Any]:
    request.revisit_asked_for = request.revisit_on
    return {"revisit_on": request.revisit_on}


def measuring_due(day: date) -> Q:
    """Delivered, the measuring date has come, nothing is recorded, and there is what to compare with."""
    recorded = Outcome.objects.filter(request=OuterRef("number"), delivered_at=OuterRef("done_at"))
    comparable = Q(baseline__isnull=False, target__isnull=False)
    come = Q(status=Status.DONE, measured_on__lte=day)
    return come & comparable & Q(~Exists(recorded))


def _outcome(now: datetime) -> Q:
    asked = Q(outcome_asked_for=F("measured_on"))
    return measuring_due(_today(now)) & (Q(outcome_asked_for=None) | ~asked)


def _mark_outcome(request: Request, now: datetime) -> dict[str, Any]:
    request.outcome_asked_for = request.measured_on
    return {"measured_on": request.measured_on}


def _outcome_again(now: datetime) -> Q:
    """Asked seven days ago, not only due since then: who was asked late has the same time to answer."""
    reminded = Q(outcome_reminded_for=F("measured_on"))
    asked = Event.objects.annotate(day=TruncDate("occurred_at", tzinfo=_zone())).filter(
        object_type="request",
        object_id=OuterRef("number"),
        kind=REMINDERS["outcome"].kind,
        occurred_at__lte=now - REMIND_AFTER,
        day__gte=OuterRef("measured_on"),
    )
    return measuring_due(_today(now)) & Q(Exists(asked)) & (Q(outcome_reminded_for=None) | ~reminded)


def _mark_outcome_again(request: Request, now: datetime) -> dict[str, Any]:
    request.outcome_reminded_for = request.measured_on
    return {"measured_on": request.measured_on}


def _today(now: datetime) -> date:
    return now.astimezone(_zone()).date()


def _zone() -> ZoneInfo:
    return rules_now().zone


REMINDERS = {
    "stalled": Reminder("request.stalled", _stalled, _mark_stall, lambda one: str(one.progress_at)),
    "revisit": Reminder("request.revisit_asked", _revisit, _mark_revisit, lambda one: str(one.revisit_on)),
    "outcome again": Reminder(
        "request.outcome_reminded", _outcome_again, _mark_outcome_again, lambda one: str(one.measured_on)
    ),
    "outcome": Reminder("request.outcome_asked", _outcome, _mark_outcome, lambda one: str(one.measured_on)),
}
