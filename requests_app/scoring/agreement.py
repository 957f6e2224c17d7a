"""Closing a divergence together: one side proposes a joint value with a note, the other assents."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Dimension
from requests_app.models import REASON_TEXT, AgreedScore, Request, ScoringRound
from requests_app.scoring.arithmetic import HIGHEST, LOWEST
from requests_app.scoring.enter import settle
from requests_app.scoring.reading import Agreement, Round, round_of
from requests_app.scoring.scales import WHOLE
from requests_app.scoring.seeing import scores_for
from requests_app.scoring.settling import UNDECIDED
from requests_app.workflow.situation import Roles, roles_of
from teams.models import Person, Side
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

OTHER = {Side.MARKETING: Side.IT, Side.IT: Side.MARKETING}


def propose(
    number: int, dimension: str, value: int, note: str = "", *, by: Person, version: int | None = None
) -> Request:
    """Propose a joint value for a divergence, or assent to the other side's proposal by the same value.

    Another value is a proposal in return. The same again from the same person changes nothing.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: for an unknown dimension, a value that is no whole number from 1 to 5, or a
        proposal without a note.
    :raises RuleViolation: not_yours, wrong_status, score_missing, already_done.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    note = _clean(dimension, value, note)
    with transaction.atomic():
        request, found = _held(number, by, version)
        present = found.agreements.get(dimension)
        if present and present.value == value and by.pk in (present.by, present.agreed_by):
            return _again(request, present, note, by)
        _refuse_closed(found, dimension, present)
        side = _side_of(request, by, present)
        if present and present.side != side and present.value == value:
            return _assent(request, present, side, by)
        return _propose(request, dimension, value, note, side, by)


def reopen(number: int, dimension: str, *, by: Person, version: int | None = None) -> Request:
    """Take a joint value, or a proposal for one, away again; either side may until the decision.

    :raises Http404: where ``by`` does not see the request.
    :raises RuleViolation: not_yours, wrong_status, score_missing; ``already_done`` where there is none.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    with transaction.atomic():
        request, found = _held(number, by, version)
        present = found.agreements.get(dimension)
        side = _side_of(request, by, None)
        if present is None:
            raise RuleViolation([Missing("already_done", _("There is no joint value on this point."))])
        _rows(request, dimension).delete()
        data = {"dimension": dimension, "value": present.value, "agreed": present.is_agreed}
        return _told("request.score_reopened", request, side, by, data)


def _clean(dimension: str, value: int, note: str) -> str:
    if dimension not in Dimension.values:
        raise InvalidFields([Missing("invalid", _("Choose one of the six points."), "dimension")])
    if not isinstance(value, int) or isinstance(value, bool) or not LOWEST <= value <= HIGHEST:
        raise InvalidFields([Missing("invalid", WHOLE, "value")])
    return clean_text(note, "note", REASON_TEXT)


def _held(number: int, by: Person, version: int | None) -> tuple[Request, Round]:
    locks.lock_rules()
    request = locks.lock_request(number, by)
    if version is not None and version != request.version:
        raise StaleVersion(request.version)
    found = round_of(request)
    if request.status not in UNDECIDED:
        words = _("Joint values are found while the request is submitted or being shaped.")
        raise RuleViolation([Missing("wrong_status", words)])
    if not found.is_revealed:
        raise RuleViolation([Missing("score_missing", _("First both sides score, each for itself."))])
    return request, found


def _again(request: Request, present: Agreement, note: str, by: Person) -> Request:
    if present.is_agreed or not note or note == present.note or present.by != by.pk:
        return request
    return _propose(request, present.dimension, present.value, note, present.side, by)


def _refuse_closed(found: Round, dimension: str, present: Agreement | None) -> None:
    if dimension not in found.divergences:
        words = _("On this point both sides lie close together; there is nothing to agree on.")
        raise RuleViolation([Missing("wrong_status", words)])
    if present and present.is_agreed:
        words = _("Both sides have agreed on this point. Reopen it first.")
        raise RuleViolation([Missing("already_done", words)])


def _side_of(request: Request, by: Person, present: Agreement | None) -> str:
    """In whose seat ``by`` acts: the own one; a lead for the side that is asked, else for the own side.

    :raises RuleViolation: ``not_yours`` for everybody else, and for assenting to one's own proposal.
    """
    roles = roles_of(request, by)
    sides = closing_sides(roles)
    if present and present.by == by.pk:
        sides &= {present.side}
    if not sides:
        words = _("Joint values are up to the tandem, or a lead in the place of its owner.")
        raise RuleViolation([Missing("not_yours", words)])
    if len(sides) == 1:
        return sides.pop()
    asked = OTHER[Side(present.side)] if present else None
    return str(asked or scores_for(request, by) or (Side.IT if by.side == Side.IT else Side.MARKETING))


def closing_sides(roles: Roles) -> set[str]:
    """The sides in whose seat a person may propose and assent."""
    if roles.marketing_owner:
        return {Side.MARKETING.value}
    if roles.it_owner:
        return {Side.IT.value}
    leads = {
        Side.MARKETING.value: roles.admin or roles.marketing_lead or roles.marketing_deputy,
        Side.IT.value: roles.admin or roles.serving_lead or roles.it_deputy,
    }
    return {side for side, fits in leads.items() if fits}


def _rows(request: Request, dimension: str) -> "QuerySet[AgreedScore]":
    return AgreedScore.objects.filter(
        round__request=request, round__number=request.scoring_round, dimension=dimension
    )


def _propose(request: Request, dimension: str, value: int, note: str, side: str, by: Person) -> Request:
    if not note:
        words = _("Say in a sentence how you arrive at this value.")
        raise InvalidFields([Missing("required", words, "note")])
    row = ScoringRound.objects.get(request=request, number=request.scoring_round)
    fields = {"value": value, "note": note, "proposed_side": side, "proposed_by": by}
    AgreedScore.objects.update_or_create(
        round=row, dimension=dimension, defaults={**fields, "proposed_at": clock.now()}
    )
    data = {"dimension": dimension, "value": value, "reason": note}
    return _told("request.score_proposed", request, side, by, data)


def _assent(request: Request, present: Agreement, side: str, by: Person) -> Request:
    _rows(request, present.dimension).update(agreed_by=by, agreed_at=clock.now())
    data = {"dimension": present.dimension, "value": present.value, "reason": present.note}
    return _told("request.score_agreed", request, side, by, data)


def _told(kind: str, request: Request, side: str, by: Person, data: dict[str, object]) -> Request:
    settle(request)
    seat = request.marketing_owner if side == Side.MARKETING else request.it_owner
    whole = {**data, "side": side, "round": request.scoring_round, "version": request.version}
    log.record(kind, request, by=by, for_person=seat if seat != by else None, data=whole)
    return request
