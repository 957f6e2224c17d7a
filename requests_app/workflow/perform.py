"""Taking a step: every action of the table, from pages, API, boards and commands, goes through here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import log
from requests_app.before_work.proposals import drop_open
from requests_app.boards import locks, rank
from requests_app.boards.wip import wip_of
from requests_app.choices import AGREED, OPEN, Status
from requests_app.intake.submit import hand_in
from requests_app.models import Request
from requests_app.scoring.settling import follow_step
from requests_app.shapes import shape_of
from requests_app.triage.first_response import ANSWERS, note_response
from requests_app.triage.snoozing import let_go
from requests_app.workflow import merge
from requests_app.workflow.actions import ACTIONS, Action
from requests_app.workflow.inputs import NOTHING, Inputs, Unset
from requests_app.workflow.situation import LastStep, Situation, last_step, look
from requests_app.workflow.turn import Beside, refresh_turn
from requests_app.workflow.undo import SEATS, snapshot
from requests_app.workflow.verdicts import (
    acts_as,
    check_required,
    evaluate,
    is_repeat,
    missing_now,
    waived,
)
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion

__all__ = ["Place", "evaluate", "perform"]

# How often a step is planned anew because somebody changed what the plan was made of.
ATTEMPTS = 20
TAKES_BACK = {"undo", "unmerge"}
# These hang links over to another request.
MOVES_LINKS = {"merge", *TAKES_BACK}


@dataclass(frozen=True)
class Place:
    """Where a card is dropped: a key for the locked target status, and the neighbours for the event."""

    key: Callable[[], str]
    told: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What has to be locked before the request: found without locks, and compared again under them."""

    status: str
    target: str
    team: int | None
    people: frozenset[int]
    # The place that an undone step had left.
    rank: str | None


class _Outdated(Exception):
    """Between planning and locking somebody changed the request."""


def perform(
    action: str,
    number: int,
    *,
    by: Person,
    inputs: Inputs = NOTHING,
    version: int | None = None,
    place: Place | None = None,
    seen: Request | None = None,
) -> Request:
    """Take ``action`` on the request ``number``; ``seen`` is it as the caller has just read it for ``by``.

    The person who took the request's latest step and asks for it again succeeds without change.

    :raises Http404: where ``by`` may not see the request.
    :raises RuleViolation: with everything that is missing, in the codes of the table.
    :raises InvalidFields: where an input is wrong.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    row = ACTIONS.get(action)
    if row is None:
        raise InvalidFields([Missing("invalid", _("There is no such action."), "action")])
    clean = inputs.cleaned()
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _once(row, number, by, clean, version, place, seen)
        except _Outdated:
            seen = None
    raise StaleVersion(Request.objects.get_visible(by, number).version)


def _once(
    action: Action,
    number: int,
    by: Person,
    inputs: Inputs,
    version: int | None,
    place: Place | None,
    seen: Request | None,
) -> Request:
    seen = seen or Request.objects.get_visible(by, number)
    if action.name == "submit" and seen.status == Status.DRAFT:
        return hand_in(number, by=by, version=version)
    last = last_step(number) if action.name in TAKES_BACK else None
    plan = _plan(action, seen, inputs, last, by)
    target = plan.target if plan.target != plan.status else None
    locks.lock_ahead(locks.Ahead(target, plan.team, plan.people, action.name in MOVES_LINKS))
    inputs = _fresh_people(inputs)
    key = _key(plan, place, number)
    request, into = _lock_rows(number, inputs, by) if action.name == "merge" else (None, None)
    request = request or locks.lock_request(number, by)
    s = look(request, by, inputs)
    if is_repeat(action, s):
        return request
    if version is not None and version != request.version:
        raise StaleVersion(request.version)
    if _plan(action, request, inputs, s.last, by) != plan:
        raise _Outdated
    _refuse(action, s, into)
    if action.name == "assign" and _changes_nothing(s):
        return request
    return _change(action, s, plan, key, into, place)


def _plan(action: Action, seen: Request, inputs: Inputs, last: LastStep | None, by: Person) -> Plan:
    """Target status, serving team and new holders of seats, as the request stands."""
    before = (last.data.get("before") or {}) if last and action.name in TAKES_BACK else {}
    target = action.target or before.get("status") or seen.status
    chosen = (inputs.it_owner, inputs.marketing_owner) if action.name == "assign" else ()
    people = {person.pk for person in chosen if isinstance(person, Person)}
    people |= {before[name] for name in SEATS if before.get(name)}
    if action.name == "shape":
        people.add(by.pk)
    team = before.get("serving_team", seen.serving_team_id)
    if action.name == "assign" and not isinstance(inputs.serving_team, Unset):
        team = inputs.serving_team.pk if inputs.serving_team else None
    counted = team if target == Status.IN_PROGRESS else None
    return Plan(seen.status, target, counted, frozenset(people), before.get("rank"))


def _key(plan: Plan, place: Place | None, number: int) -> str | None:
    """A key where the status changes. It may rebalance, so it comes with the rows, after all other locks."""
    if plan.target == plan.status:
        return None
    return place.key() if place else _default_key(plan, number)


def _default_key(plan: Plan, number: int) -> str:
    if plan.rank is None:
        return rank.place_of(plan.target, number)
    taken = Request.objects.filter(status=plan.target, rank=plan.rank).exists()
    return rank.key_below(plan.target, plan.rank, number) if taken else plan.rank


def _fresh_people(inputs: Inputs) -> Inputs:
    """The same inputs with the people as they are, who are held by now where they are about to get a seat."""
    given = {name: person for name in SEATS if isinstance(person := getattr(inputs, name), Person)}
    held = Person.objects.in_bulk([person.pk for person in given.values()]) if given else {}
    changes: dict[str, Any] = {name: held[person.pk] for name, person in given.items() if person.pk in held}
    return replace(inputs, **changes)


def _lock_rows(number: int, inputs: Inputs, by: Person) -> tuple[Request, Request | None]:
    """The request to merge and the one that stays, where that is one that ``by`` sees."""
    if inputs.into is None:
        return locks.lock_request(number, by), None
    if not Request.objects.visible_to(by).filter(number=inputs.into).exists():
        raise InvalidFields([Missing("invalid", _("There is no such request."), "into")])
    rows = locks.lock_requests([number, inputs.into], by)
    return rows[number], rows[inputs.into]


def _refuse(action: Action, s: Situation, into: Request | None) -> None:
    missing = missing_now(action, s)
    if missing:
        raise RuleViolation(missing)
    check_required(action, s)
    if action.name == "assign" and all(isinstance(value, Unset) for value in _seats(s.inputs)):
        raise InvalidFields([Missing("required", _("Choose a team or a person."), "serving_team")])
    if into is not None:
        merge.check(s.request, into)


def _seats(inputs: Inputs) -> tuple[Any, ...]:
    return inputs.serving_team, inputs.it_owner, inputs.marketing_owner


def _changes_nothing(s: Situation) -> bool:
    names = ("serving_team", "it_owner", "marketing_owner")
    pairs = [(getattr(s.inputs, name), getattr(s.request, name)) for name in names]
    return all(isinstance(chosen, Unset) or chosen == present for chosen, present in pairs)


def _change(
    action: Action, s: Situation, plan: Plan, key: str | None, into: Request | None, place: Place | None
) -> Request:
    request, before = s.request, snapshot(s.request)
    seat = _acts_for(action, s)
    said = _said(action, s, place)
    if key is not None:
        request.status, request.rank, request.status_since = plan.target, key, s.now
    if action.name in ANSWERS:
        note_response(request, s.by, s.now)
    told = merge.move_over(s, into) if into is not None else action.effect(s)
    dropped = _settle(request, before, s, None if action.name in MOVES_LINKS else s.beside)
    data = {"action": action.name, "from": before["status"], "to": request.status, "before": before}
    data |= said | told | dropped | {"after": _after(request), "version": request.version}
    log.record(action.event, request, by=s.by, for_person=seat, data=data, shape=shape_of(action.event))
    return request


def _acts_for(action: Action, s: Situation) -> Person | None:
    """The holder of the seat in which a lead acts."""
    who = acts_as(action, s)
    seat = who.acts_for(s) if who else None
    return None if seat == s.by else seat


def _said(action: Action, s: Situation, place: Place | None) -> dict[str, Any]:
    """What the person gave with the step: reason, what a lead set aside, where the card was dropped."""
    said: dict[str, Any] = {"reason": s.inputs.reason} if s.inputs.reason else {}
    aside = sorted({found.code for found in waived(action, s)})
    if aside:
        said["override"] = aside
    return said | ({"position": place.told} if place else {})


def _settle(request: Request, before: dict[str, Any], s: Situation, beside: Beside | None) -> dict[str, Any]:
    """Bring up to date what follows from the step, and save; ``beside`` where the step has not changed it.

    Returns what the event keeps of what fell away.
    """
    if request.status not in OPEN:
        request.waiting_for = request.blocked_reason = ""
    let_go(request)
    if request.status != Status.IN_PROGRESS:
        request.over_wip = False
    elif (before["status"], before["serving_team"]) != (request.status, request.serving_team_id):
        started = before["status"] == Status.READY and before["serving_team"] == request.serving_team_id
        wip = s.wip if started else wip_of(request.serving_team_id, request.status, request.number)
        request.over_wip = wip.full
    left = s.proposed and before["status"] in AGREED and request.status not in AGREED
    dropped = drop_open(request) if left else {}
    follow_step(request, before, s.rules, s.now, s.beside.round)
    refresh_turn(request, s.now, beside if before["scoring_round"] == request.scoring_round else None)
    request.progress_at = request.updated_at = s.now
    request.version += 1
    request.save()
    return dropped


def _after(request: Request) -> dict[str, Any]:
    kept = snapshot(request)
    return {name: kept[name] for name in ("rank", "serving_team", *SEATS, "turn", "over_wip")}
