"""What both sides of seeded requests have scored: close together where it was decided."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from requests_app.choices import Dimension, Status
from requests_app.models import Request, Scorer, ScoringRound, SideScore
from requests_app.scoring.arithmetic import HIGHEST, LOWEST, difference, divergences, joint
from requests_app.scoring.reading import BOTH
from requests_app.scoring.rules import Rules
from requests_app.seeding.copying import copy, reserve
from requests_app.seeding.lives import Moment
from requests_app.workflow.turn import facts_of, whose_turn
from teams.models import Side

Values = dict[str, int]
Told = tuple[datetime, str, int, int | None, dict[str, Any]]

# Between which points a side begins, and how far the other one lies from it.
DECISIVE, NICE_TO_HAVE, ANY = (3, 5), (1, 2), (1, 5)
EASY = (1, 3)
CLOSE, APART = 1, 2
# Of what is being shaped, so many have been scored by nobody, by IT alone, by both.
SCORED = (3, 3, 4)
SCORE_COLUMNS = (
    *("id", "round_id", "side", *Dimension.values, "best", "likely", "worst"),
    *("blind", "entered_by_id", "entered_at", "changed_at", "version"),
)


@dataclass
class Scored:
    """The rows of scoring that are written together."""

    rounds: list[tuple[Any, ...]] = field(default_factory=list)
    # The round's place in ``rounds``, and the other values of a side's scores.
    scores: list[tuple[int, tuple[Any, ...]]] = field(default_factory=list)
    scorers: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self) -> None:
        first = reserve(ScoringRound, len(self.rounds))
        columns = ("id", "request_id", "number", "opened_at", "revealed_at", "decided_at", "weights", "gate")
        copy(ScoringRound, columns, ((first + n, *row) for n, row in enumerate(self.rounds)))
        one = reserve(SideScore, len(self.scores))
        rows = ((one + n, first + place, *rest) for n, (place, rest) in enumerate(self.scores))
        copy(SideScore, SCORE_COLUMNS, rows)
        copy(Scorer, ("request_id", "person_id", "side"), self.scorers)


def add_scores(
    request: Request, life: Sequence[Moment], chance: random.Random, rules: Rules, scored: Scored
) -> list[Told]:
    """Score ``request`` as far as one in its status is; returns the events. Its impact and turn follow."""
    shaped = next((one.at for one in life if one.action == "shape"), None)
    count = _sides_scored(request, shaped, chance)
    if not count or shaped is None:
        return []
    left = next((one.at for one in life if one.at > shaped and one.action != "block"), None)
    at = shaped + ((left or life[-1].at) - shaped) / 2
    views = _views(request.status, chance)
    given = {side: views[side] for side in (Side.IT, Side.MARKETING)[:count]}
    _rows(request, given, at, left, rules, chance, scored)
    _settle(request, given, rules)
    return [_event(request, given, side, at, last=n == len(BOTH) - 1) for n, side in enumerate(given)]


def _sides_scored(request: Request, shaped: datetime | None, chance: random.Random) -> int:
    if shaped is None or None in (request.marketing_owner_id, request.it_owner_id):
        return 0
    return chance.choices((0, 1, 2), SCORED)[0] if request.status == Status.SHAPING else 2


def _views(status: str, chance: random.Random) -> dict[Side, Values]:
    aside = status in (Status.PARKED, Status.DECLINED, Status.WITHDRAWN)
    span = ANY if status == Status.SHAPING else NICE_TO_HAVE if aside else DECISIVE
    marketing = {name: chance.randint(*span) for name in Dimension.values}
    marketing[Dimension.EFFORT] = chance.randint(*ANY)
    if span == DECISIVE:
        marketing[Dimension.COMPREHENSION_BURDEN] = chance.randint(*EASY)
    gap = APART if status == Status.SHAPING else CLOSE
    it = {name: _near(points, gap, chance) for name, points in marketing.items()}
    return {Side.MARKETING: marketing, Side.IT: it}


def _near(points: int, gap: int, chance: random.Random) -> int:
    return min(max(points + chance.randint(-gap, gap), LOWEST), HIGHEST)


def _rows(
    request: Request,
    given: dict[Side, Values],
    at: datetime,
    left: datetime | None,
    rules: Rules,
    chance: random.Random,
    scored: Scored,
) -> None:
    revealed = at if len(given) == len(BOTH) else None
    decided = None if request.status == Status.SHAPING else left
    kept = (rules.told, rules.gate) if decided else (None, None)
    scored.rounds.append((request.number, 1, at, revealed, decided, *kept))
    for side, values in given.items():
        days = _days(values[Dimension.EFFORT], chance) if side == Side.IT else (None, None, None)
        by = _scorer(request, side)
        blind = values if revealed else None
        points = [values[name] for name in Dimension.values]
        row = (side.value, *points, *days, blind, by, at, at, 1)
        scored.scores.append((len(scored.rounds) - 1, row))
        scored.scorers.append((request.number, by, side.value))


def _days(effort: int, chance: random.Random) -> tuple[Decimal, Decimal, Decimal]:
    likely = effort * effort + chance.randint(1, 4)
    return Decimal(likely - likely // 3), Decimal(likely), Decimal(likely * 2)


def _scorer(request: Request, side: Side) -> int | None:
    return request.marketing_owner_id if side == Side.MARKETING else request.it_owner_id


def _settle(request: Request, given: dict[Side, Values], rules: Rules) -> None:
    """What follows for a request that is not written yet."""
    apart = 0
    if len(given) == len(BOTH):
        marketing, it = given[Side.MARKETING], given[Side.IT]
        found = joint(marketing, it, {})
        apart = len(divergences(marketing, it))
        request.difference = difference(found, rules.weights)
        effort = found[Dimension.EFFORT]
        request.effort = Decimal(effort.numerator) / effort.denominator
        request.difference_provisional = bool(apart)
    if request.status == Status.SHAPING:
        request.turn = whose_turn(
            replace(
                facts_of(request),
                marketing_scored=Side.MARKETING in given,
                it_scored=Side.IT in given,
                has_open_divergence=bool(apart),
            )
        )


def _event(request: Request, given: dict[Side, Values], side: Side, at: datetime, *, last: bool) -> Told:
    data: dict[str, Any] = {"side": side.value, "round": 1, "first": True}
    if last:
        data |= {"revealed": True, "scores": {one.value: values for one, values in given.items()}}
    return at, "request.scored", request.number, _scorer(request, side), data
