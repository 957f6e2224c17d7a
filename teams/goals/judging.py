"""Saying how a goal stands, against what its key results say."""

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields
from teams.goals.setting import hold_goal
from teams.models import Goal, Health, Person
from teams.models.goals import NOTE_TEXT


def say_health(goal: Goal, health: str, reason: str = "", *, by: Person) -> Goal:
    """Say for everybody that ``goal`` stands as ``health`` and why; "" lets its figures speak again.

    :raises InvalidFields: for an unknown health, or naming ``reason``, where that is missing or too long.
    :raises RuleViolation: ``not_yours`` for all but leads of an owning team and admins; ``already_done``
        where its period is closed.
    """
    if health and health not in Health.values:
        raise fields.wrong("health", _("Choose on track, at risk or off track."))
    reason = fields.needed_line(reason, "reason", NOTE_TEXT) if health else ""
    with transaction.atomic():
        goal = hold_goal(goal, by)
        if (goal.health_said, goal.health_reason) == (health, reason):
            return goal
        before = goal.health_said
        goal.health_said, goal.health_reason = health, reason
        goal.health_said_by, goal.health_said_at = (by, clock.now()) if health else (None, None)
        goal.version += 1
        goal.save()
        data = {"from": before, "to": health, "reason": reason}
        log.record("goal.health_said", goal, by=by, data=data)
        return goal
