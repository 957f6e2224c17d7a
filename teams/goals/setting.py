"""Setting goals and keeping them: by the leads of the teams that own them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack, cast

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.goals.levels import check_circle, check_levels, check_parent
from teams.models import PLAIN_LINE, PLAIN_TEXT, Goal, Person, Team
from teams.models.goals import SECTION_TEXT
from teams.rules import Missing, RuleViolation
from teams.texts import clean_text
from teams.understanding.reviewing import begin, changed
from teams.understanding.rules import require_member

LIMITS = {
    "brief": PLAIN_TEXT,
    **dict.fromkeys(("customer_change", "expected_of_it", "expected_of_marketing", "way_in"), SECTION_TEXT),
}
# What of a goal is its brief.
BRIEF = {"title", *LIMITS}
DATES = ("starts_on", "ends_on")


class GoalDetails(TypedDict, total=False):
    """What a goal says beside its title, and where it stands; ``None`` takes parent or period away."""

    brief: str
    customer_change: str
    expected_of_it: str
    expected_of_marketing: str
    way_in: str
    parent: Goal | None
    is_company: bool
    starts_on: date | None
    ends_on: date | None


class GoalFields(GoalDetails, total=False):
    """All that a lead can set."""

    title: str
    teams: Iterable[Team]


def create_goal(title: str, teams: Iterable[Team], *, by: Person | None, **more: Unpack[GoalDetails]) -> Goal:
    """Set a goal that ``teams`` own, jointly where they are of both sides.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins and leads of one of ``teams``.
    """
    owners = _owners(teams)
    wanted = _wanted(cast(GoalFields, {**more, "title": title}))
    _check_period(wanted.get("starts_on"), wanted.get("ends_on"))
    goal = Goal(created_at=clock.now())
    with transaction.atomic():
        locks.lock_goal_tree()
        rights.require_lead(by, *owners)
        _put(goal, wanted)
        check_circle(goal)
        check_parent(goal)
        goal.save(force_insert=True)
        goal.teams.set(owners)
        check_levels(goal)
        begin(goal.understanding_id, reviewer=by)
        data = {"title": goal.title, "teams": _slugs(owners)}
        log.record("goal.created", goal, by=by, data=data)
        return goal


def edit_goal(
    goal: Goal,
    *,
    by: Person,
    in_substance: bool = False,
    what_changed: str = "",
    version: int | None = None,
    seen_version: int | None = None,
    **more: Unpack[GoalFields],
) -> Goal:
    """Change what a goal says, who owns it, or where it stands; what is left out stays, and nothing new
    changes nothing.

    ``version`` refuses any change since; ``seen_version`` is what a form was built from and refuses only
    where both changed the same field. ``in_substance``: the brief means something else now; ``what_changed``
    tells it to everybody who is asked again.

    :raises InvalidFields: naming each field that cannot be kept; ``parent`` where the goals would go round
        in a circle.
    :raises RuleViolation: ``not_yours`` for all but leads of an owning team and admins; ``already_done``
        where its period is closed.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    owners = _owners(more["teams"]) if "teams" in more else None
    wanted = _wanted(more, owners)
    with transaction.atomic():
        goal = hold_goal(goal, by, in_tree=bool({"parent", "is_company", "teams"} & wanted.keys()))
        fields.check_version(goal.version, version)
        now = _now(goal, wanted)
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

    :raises RuleViolation: ``not_yours``, ``already_done`` where it is archived, or ``still_running`` where a
        key result runs: what becomes of it is said by closing the period, never silently.
    """
    with transaction.atomic():
        goal = hold_goal(goal, by)
        if goal.is_archived:
            raise RuleViolation([Missing("already_done", _("This goal is archived already."))])
        if goal.key_results.filter(ended_at=None).exists():
            words = _(
                "Key results of this goal still run. Close its period; there you say what becomes of them."
            )
            raise RuleViolation([Missing("still_running", words)])
        _archive(goal, is_archived=True)
        log.record("goal.archived", goal, by=by)
        return goal


def restore_goal(goal: Goal, *, by: Person) -> Goal:
    """Take an archived goal out again; one whose period is closed stays closed.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where it is not archived, or closed.
    """
    with transaction.atomic():
        goal = hold_goal(goal, by)
        if not goal.is_archived:
            raise RuleViolation([Missing("already_done", _("This goal is not archived."))])
        _archive(goal, is_archived=False)
        log.record("goal.restored", goal, by=by)
        return goal


def hold_goal(goal: Goal, by: Person, *, in_tree: bool = False, members: bool = False) -> Goal:
    """The goal with its row held, for who may change it.

    ``in_tree``: where it stands changes too. ``members``: all members of the owning teams may.

    :raises Http404: where there is no such goal.
    :raises RuleViolation: ``not_yours`` for others, ``already_done`` where its period is closed.
    """
    if in_tree:
        locks.lock_goal_tree()
    goal = locks.lock_goal(goal.pk)
    if members:
        require_member(by, goal.understanding)
    else:
        rights.require_lead(by, *goal.teams.all())
    if goal.closed_at is not None:
        words = _("The period of this goal is closed; what came of it stays as it is. Set a new goal.")
        raise RuleViolation([Missing("already_done", words)])
    return goal


def _owners(teams: Iterable[Team]) -> list[Team]:
    owners = list(teams)
    if not owners:
        raise fields.wrong("teams", _("Name at least one team that owns the goal."), "required")
    return owners


def _slugs(teams: Iterable[Team]) -> list[str]:
    return sorted(team.slug for team in teams)


def _wanted(given: GoalFields, owners: list[Team] | None = None) -> dict[str, Any]:
    """What is asked for, cleaned, as events keep it."""
    texts = cast(dict[str, Any], given)
    wanted: dict[str, Any] = {
        name: clean_text(texts[name], name, limit) for name, limit in LIMITS.items() if name in texts
    }
    wanted |= {name: texts[name].isoformat() if texts[name] else None for name in DATES if name in texts}
    if "title" in given:
        wanted["title"] = fields.needed_line(given["title"], "title", PLAIN_LINE)
    if owners is not None:
        wanted["teams"] = _slugs(owners)
    if "parent" in given:
        wanted["parent"] = given["parent"].pk if given["parent"] else None
    if "is_company" in given:
        wanted["is_company"] = given["is_company"]
    return wanted


def _now(goal: Goal, wanted: dict[str, Any]) -> dict[str, Any]:
    """What stands there of the fields that are wanted, as events keep it."""
    now = {name: getattr(goal, name) for name in wanted if name not in ("teams", "parent")}
    for name in DATES:
        if now.get(name):
            now[name] = now[name].isoformat()
    if "teams" in wanted:
        now["teams"] = _slugs(goal.teams.all())
    if "parent" in wanted:
        now["parent"] = goal.parent_id
    return now


def _write(goal: Goal, changes: dict[str, Any], owners: list[Team] | None) -> None:
    _put(goal, changes)
    _check_period(goal.starts_on, goal.ends_on)
    if "parent" in changes:
        check_circle(goal)
        check_parent(goal)
    goal.version += 1
    goal.save()
    if owners is not None and "teams" in changes:
        goal.teams.set(owners)
    if {"parent", "is_company", "teams"} & changes.keys():
        check_levels(goal)


def _put(goal: Goal, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name == "parent":
            goal.parent_id = value
        elif name in DATES:
            setattr(goal, name, date.fromisoformat(value) if value else None)
        elif name != "teams":
            setattr(goal, name, value)


def _check_period(starts_on: date | str | None, ends_on: date | str | None) -> None:
    """Both as dates, or both as texts of dates: the order is the same."""
    if not starts_on and not ends_on:
        return
    if not starts_on or not ends_on:
        field = "ends_on" if starts_on else "starts_on"
        raise fields.wrong(field, _("Name both the first and the last day, or neither."), "required")
    if str(ends_on) <= str(starts_on):
        raise fields.wrong("ends_on", _("The last day must come after the first."))


def _archive(goal: Goal, *, is_archived: bool) -> None:
    goal.is_archived = is_archived
    goal.version += 1
    goal.save(update_fields=["is_archived", "version"])
