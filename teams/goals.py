"""Digital goals: written and kept by the leads of the teams that own them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.models import PLAIN_LINE, PLAIN_TEXT, Goal, Person, Team
from teams.rules import Missing, RuleViolation
from teams.texts import clean_text
from teams.understanding.reviewing import begin, changed

# What of a goal is its brief.
BRIEF = {"title", "brief"}


def create_goal(title: str, teams: Iterable[Team], *, by: Person | None, brief: str = "") -> Goal:
    """Set a goal that ``teams`` own, jointly where they are of both sides.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins and leads of one of ``teams``.
    """
    owners = _owners(teams)
    goal = Goal(title=fields.needed_line(title, "title", PLAIN_LINE), created_at=clock.now())
    goal.brief = clean_text(brief, "brief", PLAIN_TEXT)
    with transaction.atomic():
        rights.require_lead(by, *owners)
        goal.save(force_insert=True)
        goal.teams.set(owners)
        begin(goal.understanding_id, reviewer=by)
        data = {"title": goal.title, "teams": _slugs(owners)}
        log.record("goal.created", goal, by=by, data=data)
        return goal


def edit_goal(
    goal: Goal,
    *,
    by: Person,
    title: str | None = None,
    brief: str | None = None,
    teams: Iterable[Team] | None = None,
    in_substance: bool = False,
    what_changed: str = "",
    version: int | None = None,
    seen_version: int | None = None,
) -> Goal:
    """Change title, brief or owners; what is left out stays, and nothing new changes nothing.

    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field. ``in_substance``: the brief means something else now; ``what_changed``
    tells it to everybody who is asked again.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but leads of an owning team and admins.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    owners = None if teams is None else _owners(teams)
    wanted = _wanted(title, brief, owners)
    with transaction.atomic():
        goal = _held(goal, by)
        fields.check_version(goal.version, version)
        now = {"title": goal.title, "brief": goal.brief, "teams": _slugs(goal.teams.all())}
        changes = fields.own_changes(goal, ["goal.edited"], wanted, now, seen_version)
        if changes or in_substance:
            _write(goal, changes, owners)
            data = {"changes": fields.told(changes, now), "version": goal.version}
            if in_substance or BRIEF & changes.keys():
                changed(goal.understanding, in_substance=in_substance, what=what_changed, reviewer=by)
                data["in_substance"] = in_substance
            log.record("goal.edited", goal, by=by, data=data)
        return goal


def archive_goal(goal: Goal, *, by: Person) -> Goal:
    """Put a goal away: requests that serve it keep it, new ones cannot choose it.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it is archived.
    """
    with transaction.atomic():
        goal = _held(goal, by)
        if goal.is_archived:
            raise RuleViolation([Missing("already_done", _("This goal is archived already."))])
        _put(goal, is_archived=True)
        log.record("goal.archived", goal, by=by)
        return goal


def restore_goal(goal: Goal, *, by: Person) -> Goal:
    """Take an archived goal out again.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it is not archived.
    """
    with transaction.atomic():
        goal = _held(goal, by)
        if not goal.is_archived:
            raise RuleViolation([Missing("already_done", _("This goal is not archived."))])
        _put(goal, is_archived=False)
        log.record("goal.restored", goal, by=by)
        return goal


def _held(goal: Goal, by: Person) -> Goal:
    goal = locks.lock_goal(goal.pk)
    rights.require_lead(by, *goal.teams.all())
    return goal


def _owners(teams: Iterable[Team]) -> list[Team]:
    owners = list(teams)
    if not owners:
        raise fields.wrong("teams", _("Name at least one team that owns the goal."), "required")
    return owners


def _slugs(teams: Iterable[Team]) -> list[str]:
    return sorted(team.slug for team in teams)


def _wanted(title: str | None, brief: str | None, owners: list[Team] | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if title is not None:
        wanted["title"] = fields.needed_line(title, "title", PLAIN_LINE)
    if brief is not None:
        wanted["brief"] = clean_text(brief, "brief", PLAIN_TEXT)
    if owners is not None:
        wanted["teams"] = _slugs(owners)
    return wanted


def _write(goal: Goal, changes: dict[str, Any], owners: list[Team] | None) -> None:
    goal.title = changes.get("title", goal.title)
    goal.brief = changes.get("brief", goal.brief)
    goal.version += 1
    goal.save(update_fields=["title", "brief", "version"])
    if owners is not None and "teams" in changes:
        goal.teams.set(owners)


def _put(goal: Goal, *, is_archived: bool) -> None:
    goal.is_archived = is_archived
    goal.version += 1
    goal.save(update_fields=["is_archived", "version"])
