"""A side's own view: entering and changing scores, blind until both are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.choices import Dimension
from requests_app.models import REASON_TEXT, AgreedScore, Request, Scorer, ScoringRound, SideScore
from requests_app.scoring.arithmetic import HIGHEST, LOWEST
from requests_app.scoring.reading import BOTH, ESTIMATE, Entered, Round, round_of
from requests_app.scoring.rules import rules_now
from requests_app.scoring.scales import WHOLE
from requests_app.scoring.seeing import may_enter, scores_for
from requests_app.scoring.settling import UNDECIDED, write_difference
from requests_app.workflow.situation import roles_of
from requests_app.workflow.turn import beside_of, refresh_turn
from teams.models import Person, Side
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

LARGEST_ESTIMATE = Decimal(10_000)
CHANGED = [
    *("difference", "effort", "difference_provisional", "turn", "turn_since"),
    *("version", "updated_at", "progress_at"),
]


@dataclass(frozen=True)
class Given:
    """What a side hands in: six whole numbers from 1 to 5, and for IT three person-days."""

    values: Mapping[str, Any]
    estimate: Mapping[str, Any]


def enter_scores(
    number: int,
    side: str,
    given: Given,
    *,
    by: Person,
    reason: str = "",
    version: int | None = None,
    seen_version: int | None = None,
) -> Request:
    """Score for ``side``. The second side's scores reveal both; after that a change needs a reason.

    ``version`` is the request's (If-Match); ``seen_version`` that of the side's scores a form was built from.

    :raises Http404: where ``by`` does not see the request.
    :raises InvalidFields: naming each value that is wrong.
    :raises RuleViolation: not_yours, wrong_status, reason_missing.
    :raises StaleVersion: where somebody else changed the request, or the side's scores.
    """
    clean = _clean(side, given)
    reason = clean_text(reason, "reason", REASON_TEXT)
    with transaction.atomic():
        locks.lock_rules()
        request = locks.lock_request(number, by)
        if version is not None and version != request.version:
            raise StaleVersion(request.version)
        _refuse(request, side, by)
        found = round_of(request)
        mine = found.sides.get(side)
        if mine and seen_version is not None and seen_version != mine.version:
            raise StaleVersion(mine.version)
        if mine and _same(mine, clean):
            return request
        if found.is_revealed and not reason:
            words = _("Say why you change what both sides have seen.")
            raise RuleViolation([Missing("reason_missing", words, "reason")])
        return _write(request, side, clean, found, by, reason)


def _clean(side: str, given: Given) -> Given:
    wrong = [
        Missing("invalid", WHOLE, name) for name in Dimension.values if not _is_point(given.values.get(name))
    ]
    estimate = dict(given.estimate) if side == Side.IT else {}
    wrong += _wrong_estimate(estimate) if side == Side.IT else []
    if side not in BOTH:
        wrong.append(Missing("invalid", _("Choose Marketing or IT."), "side"))
    if wrong:
        raise InvalidFields(wrong)
    return Given({name: given.values[name] for name in Dimension.values}, estimate)


def _is_point(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def _wrong_estimate(estimate: dict[str, Any]) -> list[Missing]:
    words = _("Enter person-days above 0 and below 10,000.")
    wrong = [Missing("invalid", words, name) for name in ESTIMATE if not _is_days(estimate.get(name))]
    if wrong:
        return wrong
    for name in ESTIMATE:
        estimate[name] = estimate[name].quantize(Decimal("0.01"))
    wrong = [Missing("invalid", words, name) for name in ESTIMATE if not estimate[name]]
    if not wrong and estimate["best"] > estimate["likely"]:
        wrong.append(Missing("invalid", _("The best case takes at most as long as the likely one."), "best"))
    if not wrong and estimate["likely"] > estimate["worst"]:
        wrong.append(
            Missing("invalid", _("The worst case takes at least as long as the likely one."), "worst")
        )
    return wrong


def _is_days(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and 0 < value < LARGEST_ESTIMATE


def _refuse(request: Request, side: str, by: Person) -> None:
    missing = []
    if request.status not in UNDECIDED:
        words = _("Scores are given while the request is submitted or being shaped.")
        missing.append(Missing("wrong_status", words))
    held = scores_for(request, by)
    if side not in may_enter(roles_of(request, by), held):
        missing.append(Missing("not_yours", _not_yours(side, held)))
    if missing:
        raise RuleViolation(missing)


def _not_yours(side: str, held: str) -> str:
    if held and held != side:
        return _("You have scored for the other side. A person scores for one side of a request.")
    if side == Side.MARKETING:
        return _("Marketing's view is up to the marketing owner or a lead of Marketing's team.")
    return _("IT's view is up to the IT owner or a lead of the serving team.")


def _same(mine: Entered, clean: Given) -> bool:
    days = {name: Decimal(str(value)) for name, value in mine.estimate.items() if value is not None}
    return mine.values == clean.values and days == clean.estimate


def _write(request: Request, side: str, clean: Given, found: Round, by: Person, reason: str) -> Request:
    now = clock.now()
    row, _made = ScoringRound.objects.get_or_create(
        request=request, number=request.scoring_round, defaults={"opened_at": now}
    )
    mine = found.sides.get(side)
    fields = {**clean.values, **clean.estimate, "entered_by": by, "changed_at": now}
    # The request's row is held: nobody else enters beside this.
    if mine:
        SideScore.objects.filter(round=row, side=side).update(**fields, version=mine.version + 1)
    else:
        SideScore.objects.create(round=row, side=side, **fields, entered_at=now)
    Scorer.objects.get_or_create(request=request, person=by, defaults={"side": side})
    data: dict[str, Any] = {"side": side, "round": row.number, "first": mine is None}
    if found.is_revealed and mine:
        data |= {"score_changes": _changes(mine, clean), "reason": reason}
        AgreedScore.objects.filter(round=row, dimension__in=data["score_changes"]).delete()
    elif len({side, *found.sides}) == len(BOTH):
        data |= {"revealed": True, "scores": _reveal(row)}
    seat = request.marketing_owner if side == Side.MARKETING else request.it_owner
    settle(request)
    data["version"] = request.version
    log.record("request.scored", request, by=by, for_person=seat if seat != by else None, data=data)
    return request


def _changes(mine: Entered, clean: Given) -> dict[str, Any]:
    before = {**mine.values, **mine.estimate}
    after = {**clean.values, **{name: float(value) for name, value in clean.estimate.items()}}
    return {
        name: {"from": before[name], "to": value} for name, value in after.items() if before[name] != value
    }


def _reveal(row: ScoringRound) -> dict[str, dict[str, int]]:
    """Both sides are in: keep what each said blindly, and give it back for the event."""
    row.revealed_at = clock.now()
    row.save(update_fields=["revealed_at"])
    shown = {}
    for score in row.scores.all():
        score.blind = shown[score.side] = score.values
        score.save(update_fields=["blind"])
    return shown


def settle(request: Request) -> None:
    """Save what follows from a change of scores: difference, turn, version."""
    now = clock.now()
    scores = round_of(request)
    write_difference(request, scores, rules_now())
    refresh_turn(request, now, beside_of(request, scores))
    request.version += 1
    request.updated_at = request.progress_at = now
    request.save(update_fields=CHANGED)
