"""What a goal is measured by, and the values that come in."""

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields
from teams.company import portal_zone
from teams.goals.setting import hold_goal
from teams.models import PLAIN_LINE, CheckIn, Confidence, Goal, KeyResult, Person
from teams.models.goals import DIGITS, NOTE_TEXT, PLACES, UNIT_LINE
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line

LARGEST = Decimal(10) ** (DIGITS - PLACES)


class KeyResultFields(TypedDict, total=False):
    title: str
    unit: str
    baseline: Decimal
    target: Decimal


def add_key_result(
    goal: Goal, title: str, baseline: Decimal, target: Decimal, *, by: Person, unit: str = ""
) -> KeyResult:
    """Measure ``goal`` by the way of a value from ``baseline`` to ``target``.

    :raises InvalidFields: naming each field that cannot be kept; ``target`` where it is the baseline.
    :raises RuleViolation: ``not_yours`` for all but leads of an owning team and admins; ``already_done``
        where its period is closed, ``wrong_status`` where it is archived.
    """
    wanted = clean_key_result({"title": title, "unit": unit, "baseline": baseline, "target": target})
    with transaction.atomic():
        goal = hold_goal(goal, by)
        if goal.is_archived:
            words = _("This goal is archived. Take it out of the archive first.")
            raise RuleViolation([Missing("wrong_status", words)])
        made = KeyResult(goal=goal, created_at=clock.now(), **wanted)
        _check_way(made)
        made.save(force_insert=True)
        bump(goal)
        log.record("goal.key_result_added", goal, by=by, data=_told(made))
        return made


def edit_key_result(
    key_result: KeyResult, *, by: Person, version: int | None = None, **more: Unpack[KeyResultFields]
) -> KeyResult:
    """Change what is measured, or from where to where; what is left out stays.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours``, or ``already_done`` where it has ended or the period is closed.
    :raises StaleVersion: where it was changed since ``version``.
    """
    wanted = clean_key_result(more)
    with transaction.atomic():
        goal, found = _held(key_result, by)
        fields.check_version(found.version, version)
        before = {name: getattr(found, name) for name in wanted}
        changes = {name: value for name, value in wanted.items() if value != before[name]}
        if changes:
            for name, value in changes.items():
                setattr(found, name, value)
            _check_way(found)
            found.version += 1
            found.save()
            bump(goal)
            data = _told(found) | {"changes": fields.told(changes, before)}
            log.record("goal.key_result_edited", goal, by=by, data=data)
        return found


def end_key_result(key_result: KeyResult, reason: str, *, by: Person) -> KeyResult:
    """Measure it no more; what was checked in stays.

    :raises InvalidFields: naming ``reason``, where it is missing or too long.
    :raises RuleViolation: ``not_yours``, or ``already_done`` where it has ended or the period is closed.
    """
    reason = fields.needed_line(reason, "reason", NOTE_TEXT)
    with transaction.atomic():
        goal, found = _held(key_result, by)
        found.ended_at, found.ended_because = clock.now(), reason
        found.version += 1
        found.save()
        bump(goal)
        log.record("goal.key_result_ended", goal, by=by, data=_told(found) | {"reason": reason})
        return found


def check_in(
    key_result: KeyResult,
    value: Decimal,
    *,
    by: Person,
    on: date | None = None,
    confidence: str = Confidence.MEDIUM,
    note: str = "",
) -> CheckIn:
    """Keep how a key result stood ``on`` a day (today in the portal's zone, where it is not given).

    Of several on one day the last one counts; an earlier day does not change how it stands now.

    :raises InvalidFields: naming each field that cannot be kept; ``on`` for a day in the future.
    :raises RuleViolation: ``not_yours`` for all but members of an owning team and admins; ``already_done``
        where it has ended or the period is closed.
    """
    day = on or today()
    if day > today():
        raise fields.wrong("on", _("Nobody knows yet how it stands on a day in the future."), "future")
    value, note = clean_value(value, "value"), clean_line(note, "note", NOTE_TEXT)
    if confidence not in Confidence.values:
        raise fields.wrong("confidence", _("Say whether you are confident, unsure or doubtful."))
    with transaction.atomic():
        goal, found = _held(key_result, by, members=True)
        made = CheckIn(key_result=found, on=day, value=value, confidence=confidence, note=note)
        made.by, made.at = by, clock.now()
        made.save(force_insert=True)
        if found.checked_on is None or day >= found.checked_on:
            found.current, found.checked_on, found.confidence = value, day, confidence
        found.version += 1
        found.save()
        bump(goal)
        data = _told(found) | {"on": day, "value": value, "confidence": confidence, "note": note}
        log.record("goal.checked_in", goal, by=by, data=data)
        return made


def today() -> date:
    """The day it is in the portal's zone."""
    return timezone.localdate(clock.now(), portal_zone())


def bump(goal: Goal) -> None:
    """Count a change of what belongs to the held ``goal``."""
    goal.version += 1
    goal.save(update_fields=["version"])


def clean_value(value: Decimal, field: str) -> Decimal:
    """:raises InvalidFields: where the database could not keep it as it is."""
    if not value.is_finite() or abs(value) >= LARGEST:
        raise fields.wrong(field, _("Enter a number with at most 14 digits before the point."))
    if value != value.quantize(Decimal(1).scaleb(-PLACES)):
        raise fields.wrong(field, _("Enter at most four decimal places."))
    return value


def clean_key_result(given: KeyResultFields) -> dict[str, Any]:
    """What is asked for, as the database keeps it.

    :raises InvalidFields: naming each field that cannot be kept.
    """
    wanted: dict[str, Any] = {}
    if "title" in given:
        wanted["title"] = fields.needed_line(given["title"], "title", PLAIN_LINE)
    if "unit" in given:
        wanted["unit"] = clean_line(given["unit"], "unit", UNIT_LINE)
    if "baseline" in given:
        wanted["baseline"] = clean_value(given["baseline"], "baseline")
    if "target" in given:
        wanted["target"] = clean_value(given["target"], "target")
    return wanted


def _check_way(found: KeyResult) -> None:
    if found.target == found.baseline:
        words = _("The target is the value of today, so nothing would change. Name another target.")
        raise fields.wrong("target", words, "no_change")


def _held(key_result: KeyResult, by: Person, *, members: bool = False) -> tuple[Goal, KeyResult]:
    """The goal with its row held, and the key result as it stands."""
    goal = hold_goal(key_result.goal, by, members=members)
    found = KeyResult.objects.filter(pk=key_result.pk, goal=goal).first()
    if found is None:
        raise Http404
    if not found.is_open:
        words = _("This key result has ended; what was measured stays as it is.")
        raise RuleViolation([Missing("already_done", words)])
    return goal, found


def _told(found: KeyResult) -> dict[str, Any]:
    return {"key_result": found.pk, "title": found.title}
