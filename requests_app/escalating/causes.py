"""The causes for which the portal speaks up by itself, and what each finds at a moment.

Those of ``reminding``, of briefs, and further ones and stages: each is a name under which an administrator
sets it, and under which it was said once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.choices import OPEN, Status
from requests_app.forecast.keeping import forecasts_for
from requests_app.forecast.words import hope
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.reminding import standing_still_for, taken_up
from requests_app.scoring.rules import rules_now
from requests_app.triage.first_response import Light, calendar_of, clock_of, running


@dataclass(frozen=True)
class Found:
    """What is to be said of one request; ``occasion`` tells this time from any other."""

    number: int
    occasion: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cause:
    """``found`` looks at a moment for what has lasted ``after`` days, among what ``only`` leaves."""

    label: str | Promise
    # Who is told, and what ends it, in a sentence for administrators.
    told: str | Promise
    found: Callable[[datetime, int, Q], Iterable[Found]] | None = None
    # Days; None where a date or another setting says when.
    after: int | None = None


def _standing(only: Q) -> QuerySet[Request]:
    return Request.objects.filter(taken_up(), only).defer("words").order_by("number")


def _stalled_long(now: datetime, after: int, only: Q) -> Iterable[Found]:
    rows = _standing(only).filter(standing_still_for(now, timedelta(days=after)))
    for request in rows:
        since = request.progress_at.isoformat() if request.progress_at else ""
        yield Found(request.number, since, {"since": since, "turn": request.turn, "days": after})


def _deadline(now: datetime, _after: int, only: Q) -> Iterable[Found]:
    """More likely missed than kept, as the forecast of today says."""
    today = now.astimezone(rules_now().zone).date()
    rows = list(_standing(only).filter(status__in=OPEN, deadline__gte=today).exclude(serving_team=None))
    forecasts = forecasts_for(rows)
    for request in rows:
        forecast = forecasts[request.number]
        if forecast.deadline == request.deadline and hope(forecast, today) == "bad":
            data = {"deadline": request.deadline, "chance": forecast.chance}
            yield Found(request.number, str(request.deadline), data)


def _question(now: datetime, after: int, only: Q) -> Iterable[Found]:
    asked = Comment.objects.filter(OPEN_QUESTION, created_at__lte=now - timedelta(days=after))
    numbers = _standing(only).filter(status__in=OPEN).values("number")
    for question in asked.filter(request__in=numbers).order_by("request", "pk"):
        data = {"question_to": question.question_to, "comment": question.pk, "days": after}
        yield Found(question.request_id, str(question.pk), data)


def _first_response(now: datetime, _after: int, only: Q) -> Iterable[Found]:
    """No more than a quarter of the working time is left, or none."""
    rules = rules_now()
    rows = _standing(only).filter(status=Status.SUBMITTED, first_response_at=None, snoozed_until=None)
    for request in rows.select_related("serving_team"):
        since = running(request)
        if since is None:
            continue
        clock = clock_of(
            since, now, calendar_of(request.serving_team, rules.zone, rules.first_response_hours)
        )
        if clock.light != Light.GREEN:
            yield Found(request.number, since.isoformat(), {"due": clock.due.isoformat()})


CAUSES: Mapping[str, Cause] = {
    "stalled": Cause(
        _("Work stands still"), _("The side whose turn it is, until somebody takes a step, answers or edits.")
    ),
    "stalled long": Cause(
        _("Work still stands still"),
        _("The leads of both sides, until somebody takes a step, answers or edits."),
        _stalled_long,
        14,
    ),
    "deadline": Cause(
        _("The deadline is more likely missed than kept"),
        _("The tandem, once for each deadline, until the forecast or the deadline changes."),
        _deadline,
    ),
    "question": Cause(
        _("A question has no answer"),
        _("Who was asked, or the leads of that side, until it is answered."),
        _question,
        3,
    ),
    "first response": Cause(
        _("The first response is almost due"),
        _("The leads of the serving team, or of all IT, until somebody of IT answers."),
        _first_response,
    ),
    "revisit": Cause(
        _("The day has come to look at parked work again"),
        _("The tandem, until the request is reconsidered or has another day."),
    ),
    "outcome": Cause(
        _("The day has come to measure what was achieved"),
        _("The marketing owner, until the value is recorded or the day is put off."),
    ),
    "outcome again": Cause(
        _("What was to be measured is not recorded a week later"),
        _("The marketing owner, until the value is recorded or the day is put off."),
    ),
    "stale brief": Cause(
        _("Nobody has looked at a brief for long"),
        _("The leads of the teams that answer for it, until it is changed or said to be still true."),
    ),
}
