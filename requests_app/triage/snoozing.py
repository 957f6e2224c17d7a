"""Putting a new request aside in triage until a moment; it comes back by itself, and with the next word.

That is for all who serve the request, not for one person: two of a team never see two different queues.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.models import REASON_TEXT, Request
from requests_app.workflow.situation import Roles, roles_of
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

LONGEST = timedelta(days=366)
FIELDS = ("snoozed_until", "snooze_reason")


def snooze(
    number: int, until: datetime, reason: str = "", *, by: Person, version: int | None = None
) -> Request:
    """Put a new request aside until the moment ``until`` (aware); the same again changes nothing.

    :raises Http404: where ``by`` may not see the request.
    :raises InvalidFields: where ``until`` has passed or is more than a year ahead, or ``reason`` is no text
        that can be kept.
    :raises RuleViolation: ``not_yours`` for who does not serve it, ``wrong_status`` where it is not new.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    text = clean_text(reason, "reason", REASON_TEXT)
    if not clock.now() < until <= clock.now() + LONGEST:
        words = _("Choose a moment from now on, at most a year ahead.")
        raise InvalidFields([Missing("invalid", words, "until")])
    with transaction.atomic():
        request = _held(number, by, version)
        if (request.snoozed_until, request.snooze_reason) == (until, text):
            return request
        _put(request, until, text)
        data = {"until": until.isoformat(), "reason": text, "version": request.version}
        log.record("request.snoozed", request, by=by, data=data)
        return request


def wake(number: int, *, by: Person, version: int | None = None) -> Request:
    """Bring a request back into the queue; one that is there stays as it is.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: ``not_yours`` for who does not serve it, ``wrong_status`` where it is not new.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    with transaction.atomic():
        request = _held(number, by, version)
        if request.snoozed_until is not None:
            _put(request, None, "")
            log.record("request.woken", request, by=by, data={"version": request.version})
        return request


def wake_due(now: datetime) -> int:
    """Bring back whatever was put aside until ``now`` (aware) at the latest; returns how many came."""
    numbers = _due(now).order_by("number").values_list("number", flat=True)
    return sum(wake_one(number, now, by=None) is not None for number in list(numbers))


def wake_one(number: int, now: datetime, *, by: None) -> Request | None:
    """Bring one request back whose moment has come; None where it has not, or somebody is at it right now.

    ``by`` is always None: the portal does it.
    """
    with transaction.atomic():
        rows = _due(now).filter(number=number).defer("words")
        request = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if request is None:
            return None
        _put(request, None, "")
        log.record("request.woken", request, by=by, data={"version": request.version})
        return request


def come_back(request: Request) -> None:
    """Bring ``request``, whose row is held, back because somebody has said something; the event is theirs."""
    if request.snoozed_until is not None:
        _put(request, None, "")


def let_go(request: Request) -> None:
    """What is no longer new is not put aside any more; without saving."""
    if request.status != Status.SUBMITTED:
        request.snoozed_until, request.snooze_reason = None, ""


def may_snooze(request: Request, roles: Roles) -> bool:
    """Whoever serves the request; without a serving team all of IT, as with every decision of triage."""
    could = request.serving_team_id is None and roles.on_it
    return roles.admin or roles.serving_member or could


def _due(now: datetime) -> "QuerySet[Request]":
    return Request.objects.filter(snoozed_until__lte=now)


def _held(number: int, by: Person, version: int | None) -> Request:
    request = locks.lock_request(number, by)
    if not may_snooze(request, roles_of(request, by)):
        words = _("Only who serves this request puts it aside in triage.")
        raise RuleViolation([Missing("not_yours", words)])
    if request.status != Status.SUBMITTED:
        words = _("Only new requests are put aside in triage.")
        raise RuleViolation([Missing("wrong_status", words)])
    if version is not None and version != request.version:
        raise StaleVersion(request.version)
    return request


def _put(request: Request, until: datetime | None, reason: str) -> None:
    request.snoozed_until, request.snooze_reason = until, reason
    request.version += 1
    request.updated_at = clock.now()
    request.save(update_fields=[*FIELDS, "version", "updated_at"])
