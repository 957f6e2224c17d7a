"""Changing what both sides agreed to measure: one proposes, the other assents or rejects.

An owner who proposes has said yes for the own side; so has a lead, for the side whose seat they can act in.
Who acts for no side, or could act for both, has said yes for none, and both sides have to assent. Nobody
says yes twice.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.intake.plain import plain
from requests_app.models import REASON_TEXT, Request, ResultProposal
from requests_app.workflow.situation import Roles, roles_of
from requests_app.workflow.turn import refresh_turn
from requests_app.workflow.who import seats_of, sides_led
from teams.models import Person, Side
from teams.rules import Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

NEEDS_ASSENT = ("baseline", "target", "measured_on")
BOTH = (Side.MARKETING, Side.IT)
Values = dict[str, Decimal | date]
KEPT = (
    *(*NEEDS_ASSENT, "reason", "proposed_at"),
    *("proposed_by_id", "assented_marketing_id", "assented_it_id"),
)
# What of these an event keeps as text.
READ: Mapping[str, Callable[[str], Any]] = {
    "baseline": Decimal,
    "target": Decimal,
    "measured_on": date.fromisoformat,
    "proposed_at": datetime.fromisoformat,
}


def proposal_of(request: Request) -> ResultProposal | None:
    """The open proposal for ``request``, with its people. One query."""
    rows = ResultProposal.objects.select_related("proposed_by", "assented_marketing", "assented_it")
    found: ResultProposal | None = rows.filter(request=request).first()
    return found


def values_of(proposal: ResultProposal) -> Values:
    """What the proposal would change."""
    values = {name: getattr(proposal, name) for name in NEEDS_ASSENT}
    return {name: value for name, value in values.items() if value is not None}


def assented(proposal: ResultProposal) -> dict[str, Person | None]:
    """Who has said yes for each side."""
    return {Side.MARKETING: proposal.assented_marketing, Side.IT: proposal.assented_it}


def put_forward(request: Request, wanted: Mapping[str, Any], by: Person, reason: str) -> dict[str, Any]:
    """Keep ``wanted`` as the open proposal in place of an earlier one; returns what its event tells.

    Called by ``edit``, which holds the request and records the event.
    """
    side = _speaks_for(roles_of(request, by))
    fields: dict[str, Any] = {
        **dict.fromkeys(NEEDS_ASSENT),
        **wanted,
        "reason": reason,
        "proposed_by": by,
        "proposed_at": clock.now(),
        "assented_marketing": by if side == Side.MARKETING else None,
        "assented_it": by if side == Side.IT else None,
    }
    ResultProposal.objects.update_or_create(request=request, defaults=fields)
    proposed = {
        name: {"from": plain(getattr(request, name)), "to": plain(value)} for name, value in wanted.items()
    }
    return {"proposed": proposed, "side": side}


def _speaks_for(roles: Roles) -> str:
    """The one side for which the person's proposal already counts as a yes, or ""."""
    sides = seats_of(roles) or sides_led(roles)
    return next(iter(sides)) if len(sides) == 1 else ""


def stamp_of(proposal: ResultProposal) -> str:
    """What tells a proposal from the one that takes its place."""
    return proposal.proposed_at.isoformat()


def assent(number: int, *, by: Person, version: int | None = None, stamp: str = "") -> Request:
    """Say yes to the open proposal for one's side; the second side's yes puts it into force.

    ``stamp`` is that of the proposal which ``by`` had before their eyes.

    :raises Http404: where ``by`` does not see the request.
    :raises RuleViolation: not_yours, also for who has said yes already; ``already_done`` where none is open.
    :raises StaleVersion: where ``version`` is given and the request has moved on, or another is proposed.
    """
    with transaction.atomic():
        request, proposal = _held(number, by, version, stamp)
        side = _side_of(request, proposal, by)
        given = {**assented(proposal), side: by}
        if all(given.values()):
            return _apply(request, proposal, by, side)
        setattr(proposal, f"assented_{side}", by)
        proposal.save()
        return _told("request.result_assented", request, by, side, {"proposed": _proposed(request, proposal)})


def reject(
    number: int, reason: str = "", *, by: Person, version: int | None = None, stamp: str = ""
) -> Request:
    """Turn the open proposal down, or take one's own back; everything stays as it was agreed.

    ``stamp`` is that of the proposal which ``by`` had before their eyes.

    :raises Http404: where ``by`` does not see the request.
    :raises RuleViolation: not_yours; ``already_done`` where none is open.
    :raises StaleVersion: where ``version`` is given and the request has moved on, or another is proposed.
    """
    reason = clean_text(reason, "reason", REASON_TEXT)
    with transaction.atomic():
        request, proposal = _held(number, by, version, stamp)
        sides = _could_answer(roles_of(request, by))
        own = proposal.proposed_by_id == by.pk
        if not (sides or own):
            raise _not_yours()
        data = {"proposed": _proposed(request, proposal), "reason": reason, "own": own}
        proposal.delete()
        return _told("request.result_rejected", request, by, min(sides, default=""), data)


def drop_open(request: Request) -> dict[str, Any]:
    """Forget the open proposal, because nothing is agreed any more; returns what the caller's event keeps."""
    rows = ResultProposal.objects.filter(request=request)
    kept = rows.values(*KEPT).first()
    rows.delete()
    return {"proposal": kept} if kept else {}


def put_back(request: Request, kept: Mapping[str, Any]) -> None:
    """Make the proposal anew that ``drop_open`` has given; the caller records its own event."""
    names = {name: value for name, value in kept.items() if value is not None}
    read = {name: READ[name](value) if name in READ else value for name, value in names.items()}
    ResultProposal.objects.create(request=request, **read)


def may_assent(proposal: ResultProposal, roles: Roles, by: Person) -> bool:
    """Whether ``by`` could say yes now."""
    people = {proposal.proposed_by_id, proposal.assented_marketing_id, proposal.assented_it_id}
    missing = {side for side, person in assented(proposal).items() if person is None}
    return by.pk not in people and bool(_could_answer(roles) & missing)


def may_reject(proposal: ResultProposal, roles: Roles, by: Person) -> bool:
    """Whether ``by`` could turn it down now."""
    return proposal.proposed_by_id == by.pk or bool(_could_answer(roles))


def _could_answer(roles: Roles) -> frozenset[str]:
    return seats_of(roles) or sides_led(roles)


def _held(number: int, by: Person, version: int | None, stamp: str) -> tuple[Request, ResultProposal]:
    request = locks.lock_request(number, by)
    if version is not None and version != request.version:
        raise StaleVersion(request.version)
    proposal = proposal_of(request)
    if proposal is None:
        raise RuleViolation([Missing("already_done", _("No change of the result is proposed any more."))])
    if stamp and stamp != stamp_of(proposal):
        raise StaleVersion(request.version)
    return request, proposal


def _side_of(request: Request, proposal: ResultProposal, by: Person) -> str:
    roles = roles_of(request, by)
    if not may_assent(proposal, roles, by):
        raise _not_yours()
    missing = {side for side, person in assented(proposal).items() if person is None}
    return min(_could_answer(roles) & missing)


def _not_yours() -> RuleViolation:
    words = _("The answer is up to the other owner, or a lead in that seat.")
    return RuleViolation([Missing("not_yours", words)])


def _proposed(request: Request, proposal: ResultProposal) -> dict[str, Any]:
    return {
        name: {"from": plain(getattr(request, name)), "to": plain(value)}
        for name, value in values_of(proposal).items()
    }


def _apply(request: Request, proposal: ResultProposal, by: Person, side: str) -> Request:
    changes = {
        name: both for name, both in _proposed(request, proposal).items() if both["from"] != both["to"]
    }
    for name, value in values_of(proposal).items():
        setattr(request, name, value)
    reason = proposal.reason
    proposal.delete()
    return _told("request.result_agreed", request, by, side, {"changes": changes, "reason": reason})


def _told(kind: str, request: Request, by: Person, side: str, data: dict[str, Any]) -> Request:
    now = clock.now()
    request.version += 1
    request.updated_at = request.progress_at = now
    refresh_turn(request, now)
    request.save()
    seats = {Side.MARKETING: request.marketing_owner, Side.IT: request.it_owner}
    seat = seats.get(Side(side)) if side else None
    absent = seat if seat != by else None
    whole = {**data, "side": side, "version": request.version}
    log.record(kind, request, by=by, for_person=absent, data=whole)
    return request
