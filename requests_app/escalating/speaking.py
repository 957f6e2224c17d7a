"""Speaking up: what a cause has found is said of its request, once for each occasion.

The row that keeps it is unique, and written with the event, so that however many workers look at the same
time, and whenever one of them dies, nothing is said twice and nothing is left out.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from activity import clock, log
from requests_app.escalating.causes import CAUSES, Found
from requests_app.escalating.rules import Rule, rules
from requests_app.models import Escalation, Request
from teams.understanding import chasing

EVENT = "request.escalated"


def speak_up(now: datetime) -> int:
    """Say what the causes that are on find at ``now`` (aware); returns how many things were said."""
    said = 0
    for name, rule in rules().items():
        fresh = _not_said(name, look(name, rule, now)) if rule.is_on else []
        with log.together():
            said += sum(escalate(name, found, now, by=None) is not None for found in fresh)
    return said


def ask_about_briefs(now: datetime) -> int:
    """Ask leads about the briefs that are stale at ``now``, where that is on; returns how many were."""
    return chasing.say_what_is_due(now) if rules()["stale brief"].is_on else 0


def look(name: str, rule: Rule, now: datetime, only: Q | None = None) -> list[Found]:
    """What the cause ``name`` finds at ``now`` by ``rule``; nothing for those that others look for."""
    found = CAUSES[name].found
    return list(found(now, rule.after or 0, only or Q())) if found else []


def escalate(name: str, found: Found, now: datetime, *, by: None) -> Request | None:
    """Say one thing of one request; None where it was said, or holds no more.

    A request that somebody is changing right now is left to the next time. ``by`` is always None: the portal
    speaks.
    """
    with transaction.atomic():
        rows = Request.objects.filter(number=found.number).defer("words")
        request = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if request is None or not _still_holds(name, found, now) or not note(name, request, found.occasion):
            return None
        log.record(EVENT, request, by=by, data={"cause": name, **found.data})
        return request


def _still_holds(name: str, found: Found, now: datetime) -> bool:
    again = look(name, rules()[name], now, Q(number=found.number))
    return any(one.occasion == found.occasion for one in again)


def note(name: str, request: Request, occasion: str) -> bool:
    """Keep that it was said; False where it had been. The request's row is held meanwhile."""
    _row, made = Escalation.objects.get_or_create(
        cause=name, request=request, occasion=occasion, defaults={"told_at": clock.now()}
    )
    return made


def _not_said(name: str, found: Sequence[Found]) -> list[Found]:
    """What of all that still stands is new. One query."""
    about = Escalation.objects.filter(cause=name, request__in={one.number for one in found})
    said = set(about.values_list("request", "occasion"))
    return [one for one in found if (one.number, one.occasion) not in said]
