"""The outcome review of a delivery: measuring, learning, and putting the measuring date off once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.intake.fields import LARGEST
from requests_app.models import REASON_TEXT, Outcome, Request
from requests_app.outcomes.verdict import verdict_on
from requests_app.scoring import arithmetic
from requests_app.scoring.reading import Round, round_of
from requests_app.scoring.rules import rules_now
from requests_app.workflow.situation import Roles, roles_of
from requests_app.workflow.who import seats_of, sides_led
from teams.fields import events_since
from teams.models import Person, Side
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

LEARNT = "request.learning_added"
PLACES = Decimal("0.0001")
# After the first question, Marketing is reminded once.
REMIND_AFTER = timedelta(days=7)


def outcome_of(request: Request) -> Outcome | None:
    """What is recorded of the present delivery; what was before a reopening is history. One query."""
    if request.done_at is None:
        return None
    found: Outcome | None = Outcome.objects.filter(request=request, delivered_at=request.done_at).first()
    return found


def record_outcome(
    number: int, measured: Decimal, learnt: str = "", *, by: Person, version: int | None = None
) -> Outcome:
    """Record the measured value of a delivery, and what Marketing has learnt, which may come later.

    The same value again from the same person changes nothing.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: for a value that cannot be kept.
    :raises RuleViolation: not_yours, wrong_status, result_missing; ``already_done`` where one is recorded.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    measured = _clean(measured)
    learnt = clean_text(learnt, "learnt", REASON_TEXT)
    with transaction.atomic():
        request = locks.lock_request(number, by)
        present = outcome_of(request)
        if present and (present.measured, present.recorded_by_id) == (measured, by.pk):
            return present
        _refuse(request, present, roles_of(request, by), version)
        made = _make(request, measured, learnt, by)
        told = {"measured": format(measured.normalize(), "f"), "verdict": made.verdict, "learnt": learnt}
        _tell("request.outcome_recorded", request, by, Side.MARKETING, told | {"outcome": made.pk})
        return made


def add_learning(
    number: int,
    text: str,
    *,
    by: Person,
    version: int | None = None,
    seen_version: int | None = None,
) -> Outcome:
    """Say for one's own side what was learnt from the delivery; again it replaces what one had said.

    ``seen_version`` is the request's from which a form was built, and refuses only where somebody of that
    side has written since.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: for an empty or overlong text.
    :raises RuleViolation: not_yours, ``wrong_status`` where no outcome is recorded.
    :raises StaleVersion: where ``version`` is given and the request has moved on, or naming ``learnt``.
    """
    text = clean_text(text, "learnt", REASON_TEXT)
    if not text:
        raise InvalidFields([Missing("required", _("Say what you have learnt."), "learnt")])
    with transaction.atomic():
        request = locks.lock_request(number, by)
        present = outcome_of(request)
        side = _own_side(request, by)
        if present is None:
            raise RuleViolation([Missing("wrong_status", _("First Marketing records what was measured."))])
        _check_version(request, version)
        name = f"{side}_learnt"
        before = getattr(present, name)
        if before == text:
            return present
        if seen_version is not None and _written_since(request, side, seen_version):
            raise StaleVersion(request.version, ["learnt"])
        setattr(present, name, text)
        present.save(update_fields=[name])
        _tell(LEARNT, request, by, side, {"side": side, "learnt": text, "before": before})
        return present


def postpone_measuring(
    number: int, measured_on: date, reason: str, *, by: Person, version: int | None = None
) -> Request:
    """Put the measuring date of a delivery off, once, with a reason.

    :raises Http404: where ``by`` does not see the request.
    :raises RuleViolation: not_yours, wrong_status, reason_missing, date_missing; ``already_done`` where it
        was put off before, or the outcome is recorded.
    :raises StaleVersion: where ``version`` is given and the request has moved on.
    """
    reason = clean_text(reason, "reason", REASON_TEXT)
    with transaction.atomic():
        request = locks.lock_request(number, by)
        before = request.measured_on
        missing = _missing(request, outcome_of(request), roles_of(request, by))
        missing += _wrong_date(request, measured_on, reason)
        if missing:
            raise RuleViolation(missing)
        _check_version(request, version)
        request.measured_on, request.measuring_moved = measured_on, True
        change = {"from": before.isoformat() if before else None, "to": measured_on.isoformat()}
        data = {"changes": {"measured_on": change}, "reason": reason}
        _tell("request.measuring_postponed", request, by, Side.MARKETING, data)
        return request


def _written_since(request: Request, side: str, version: int) -> bool:
    """Whether somebody wrote for ``side`` what was learnt, after ``version`` of the request."""
    return events_since(request, [LEARNT], version).filter(data__side=side).exists()


def may_record(roles: Roles) -> bool:
    """The marketing owner, or a lead in that seat."""
    return Side.MARKETING in (seats_of(roles) or sides_led(roles))


def may_learn(roles: Roles) -> bool:
    """Both owners, and leads in their seats."""
    return bool(seats_of(roles) or sides_led(roles))


def _clean(measured: Decimal) -> Decimal:
    fits = measured.is_finite() and abs(measured) < LARGEST
    if not fits or measured != measured.quantize(PLACES):
        words = _("Enter a number with at most four decimals.")
        raise InvalidFields([Missing("invalid", words, "measured")])
    return measured


def _refuse(request: Request, present: Outcome | None, roles: Roles, version: int | None) -> None:
    missing = _missing(request, present, roles)
    if not missing and None in (request.baseline, request.target):
        words = _("Without baseline and target nothing can be compared. Complete the expected result.")
        missing.append(Missing("result_missing", words, "baseline"))
    if missing:
        raise RuleViolation(missing)
    _check_version(request, version)


def _missing(request: Request, present: Outcome | None, roles: Roles) -> list[Missing]:
    missing = []
    if not may_record(roles):
        words = _("The outcome is up to the marketing owner, or a lead of Marketing in that seat.")
        missing.append(Missing("not_yours", words))
    if request.status != Status.DONE:
        missing.append(Missing("wrong_status", _("The outcome is recorded after delivery.")))
    elif present is not None:
        missing.append(Missing("already_done", _("The outcome of this delivery is recorded already.")))
    return missing


def _wrong_date(request: Request, measured_on: date, reason: str) -> list[Missing]:
    missing = []
    if request.measuring_moved:
        missing.append(Missing("already_done", _("The measuring date has been put off once already.")))
    if not reason:
        missing.append(Missing("reason_missing", _("Give a reason."), "reason"))
    today = clock.now().astimezone(rules_now().zone).date()
    earliest = max(day for day in (request.measured_on, today) if day)
    if measured_on <= earliest:
        words = _("Choose a later day than the present one, and one that lies ahead.")
        missing.append(Missing("date_missing", words, "measured_on"))
    return missing


def _check_version(request: Request, version: int | None) -> None:
    if version is not None and version != request.version:
        raise StaleVersion(request.version)


def _make(request: Request, measured: Decimal, learnt: str, by: Person) -> Outcome:
    # Refused before, where one of them is missing.
    assert request.done_at and None not in (request.baseline, request.target)  # noqa: S101, PT018
    baseline, target = cast(Decimal, request.baseline), cast(Decimal, request.target)
    made: Outcome = Outcome.objects.create(
        request=request,
        delivered_at=request.done_at,
        metric=request.metric,
        unit=request.unit,
        baseline=baseline,
        target=target,
        measured=measured,
        verdict=verdict_on(baseline, target, measured),
        blind_difference=blind_difference(round_of(request)),
        marketing_learnt=learnt,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    return made


def blind_difference(found: Round) -> int | None:
    """The difference of what both sides said before either knew the other's view; None without both."""
    if not found.is_revealed:
        return None
    marketing, it = (
        side.blind or side.values for side in (found.sides[Side.MARKETING], found.sides[Side.IT])
    )
    return arithmetic.difference(arithmetic.joint(marketing, it, {}), found.weights or rules_now().weights)


def _own_side(request: Request, by: Person) -> str:
    side = learning_side(roles_of(request, by), by)
    if not side:
        words = _("What was learnt is up to the tandem, or a lead in the place of its owner.")
        raise RuleViolation([Missing("not_yours", words)])
    return side


def learning_side(roles: Roles, by: Person) -> str:
    """The own seat's side; a lead of both takes that of the own team. "" for who speaks for none."""
    sides = seats_of(roles) or sides_led(roles)
    if len(sides) <= 1:
        return next(iter(sides), "")
    return str(Side.IT if by.side == Side.IT else Side.MARKETING)


def _tell(kind: str, request: Request, by: Person, side: str, data: dict[str, Any]) -> None:
    request.version += 1
    request.updated_at = request.progress_at = clock.now()
    fields = ["version", "updated_at", "progress_at", "measured_on", "measuring_moved"]
    request.save(update_fields=fields)
    seat = request.marketing_owner if side == Side.MARKETING else request.it_owner
    absent = seat if seat != by else None
    log.record(kind, request, by=by, for_person=absent, data={**data, "version": request.version})
