"""Closing a goal's period: what came of it, what was learnt, and what becomes of what is unfinished."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from teams import fields, locks, rights
from teams.goals.health import progress
from teams.goals.setting import hold_goal
from teams.models import Goal, KeyResult, Person
from teams.models.goals import NOTE_TEXT, SECTION_TEXT
from teams.rules import InvalidFields, Missing
from teams.texts import clean_line, clean_text


@dataclass(frozen=True)
class Fate:
    """What becomes of a key result: it goes on in the goal ``to``, or ends ``because`` of something."""

    to: Goal | None = None
    because: str = ""


def unfinished(goal: Goal) -> list[KeyResult]:
    """The key results that still run and have not reached their target."""
    return [one for one in goal.key_results.filter(ended_at=None) if not is_reached(one)]


def is_reached(one: KeyResult) -> bool:
    """Whether the newest value is the target, or beyond."""
    done = progress(one.baseline, one.target, one.current)
    return done is not None and done >= 1


def close_goal(goal: Goal, result: str, learning: str, fates: Mapping[int, Fate], *, by: Person) -> Goal:
    """Close the period of ``goal`` and put it into the archive.

    ``fates`` says of each unfinished key result, by its id, whether it moves on or ends: none is left out
    silently. What moves on starts in the other goal where it stands here, with the same target.

    :raises InvalidFields: naming ``result``, ``learning`` or ``fate_<id>``, where these are missing or wrong.
    :raises RuleViolation: ``not_yours`` for all but leads of an owning team and admins, also of the goals
        where something goes on; ``already_done`` where the period is closed.
    """
    texts = _texts(result, learning)
    with transaction.atomic():
        # With the tree: closing holds several goals, and nobody else then does.
        goal = hold_goal(goal, by, in_tree=True)
        left = unfinished(goal)
        heirs = _check(goal, left, fates, by)
        moved = [_settle(one, fates[one.pk], heirs) for one in left]
        goal.key_results.filter(ended_at=None).update(ended_at=clock.now())
        goal.result, goal.learning = texts["result"], texts["learning"]
        goal.closed_at, goal.closed_by, goal.is_archived = clock.now(), by, True
        goal.version += 1
        goal.save()
        log.record("goal.closed", goal, by=by, data=texts | {"key_results": moved})
        return goal


def _texts(result: str, learning: str) -> dict[str, str]:
    texts = {
        "result": clean_text(result, "result", SECTION_TEXT),
        "learning": clean_text(learning, "learning", SECTION_TEXT),
    }
    empty = [Missing("required", _("Fill in this field."), name) for name, text in texts.items() if not text]
    if empty:
        raise InvalidFields(empty)
    return texts


def _check(goal: Goal, left: list[KeyResult], fates: Mapping[int, Fate], by: Person) -> dict[int, Goal]:
    """The goals in which something goes on, held in the order of their ids; each fate is complete."""
    if wrong := undecided(left, fates, goal):
        raise InvalidFields(wrong)
    wanted = sorted({heir.pk for one in left if (heir := fates[one.pk].to)})
    heirs = {pk: locks.lock_goal(pk) for pk in wanted}
    for heir in heirs.values():
        rights.require_lead(by, *heir.teams.all())
        if heir.closed_at is not None or heir.is_archived:
            words = _("“%(goal)s” is closed or archived; nothing can go on there.")
            raise fields.wrong("", words % {"goal": heir.title})
    return heirs


def undecided(
    left: Iterable[KeyResult], fates: Mapping[int, Fate], goal: Goal | None = None
) -> list[Missing]:
    """What is still to be said of the key results that are ``left`` in ``goal``, each at its field."""
    return [missing for one in left if (missing := _what_is_wrong(goal, one, fates.get(one.pk)))]


def _what_is_wrong(goal: Goal | None, one: KeyResult, fate: Fate | None) -> Missing | None:
    field = f"fate_{one.pk}"
    if fate is None or (fate.to is None and not fate.because.strip()):
        words = _("Say where “%(title)s” goes on, or why it ends.")
        return Missing("required", words % {"title": one.title}, field)
    if goal is not None and fate.to is not None and fate.to.pk == goal.pk:
        return Missing("invalid", _("It cannot go on in the goal that is being closed."), field)
    return None


def _settle(one: KeyResult, fate: Fate, heirs: Mapping[int, Goal]) -> dict[str, Any]:
    one.ended_at = clock.now()
    one.ended_because = clean_line(fate.because, f"fate_{one.pk}", NOTE_TEXT)
    if fate.to is not None:
        one.moved_to = _go_on(one, heirs[fate.to.pk])
    one.version += 1
    one.save()
    to = fate.to.pk if fate.to else None
    return {"key_result": one.pk, "title": one.title, "to": to, "because": one.ended_because}


def _go_on(one: KeyResult, heir: Goal) -> KeyResult:
    """Where nothing is left of the way there is nothing to go on with; so the start is never the target."""
    heir.version += 1
    heir.save(update_fields=["version"])
    return KeyResult.objects.create(
        goal=heir,
        title=one.title,
        unit=one.unit,
        baseline=one.baseline if one.current is None else one.current,
        target=one.target,
        created_at=clock.now(),
    )
