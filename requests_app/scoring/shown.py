"""The scores of a request as one person may see them: what page and API show, and nothing else."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction

from requests_app.choices import Dimension
from requests_app.models import Request
from requests_app.scoring import arithmetic
from requests_app.scoring.arithmetic import Parts
from requests_app.scoring.reading import BOTH, Agreement, Entered, Round, round_of
from requests_app.scoring.rules import Rules, rules_for
from requests_app.scoring.seeing import may_enter, scores_for, sees
from requests_app.scoring.settling import UNDECIDED
from requests_app.workflow.situation import Roles, roles_of
from teams.models import Person


@dataclass(frozen=True)
class ShownSide:
    """One side: whether it has scored everybody may know; ``entered`` is None while it is hidden."""

    side: str
    has_scored: bool
    by_name: str
    at: datetime | None
    may_enter: bool
    entered: Entered | None


@dataclass(frozen=True)
class ShownPoint:
    """One dimension after the reveal."""

    dimension: str
    label: str
    marketing: int
    it: int
    gap: int
    is_divergence: bool
    joint: Fraction
    agreement: Agreement | None


@dataclass(frozen=True)
class Shown:
    number: int
    is_revealed: bool
    # Whether scores and joint values can still change.
    is_open: bool
    is_decided: bool
    sides: tuple[ShownSide, ShownSide]
    points: list[ShownPoint]
    difference: int | None
    is_provisional: bool
    effort: Fraction | None
    alignment: Fraction | None
    parts: Parts | None
    gate: int
    weights: Mapping[str, int]


def shown_to(request: Request, person: Person, roles: Roles | None = None) -> Shown:
    """The present round of ``request``, read with ``with_scores``, in the eyes of ``person``.

    ``roles`` spares a query to who knows them.
    """
    return show(request, roles or roles_of(request, person), scores_for(request, person), round_of(request))


def show(request: Request, roles: Roles, held: str, found: Round, *, is_past: bool = False) -> Shown:
    """``found`` for a person with ``roles`` who has scored for the side ``held`` ("" for none).

    ``is_past``: an earlier round, in which nothing changes any more.
    """
    rules = rules_for(request)
    is_open = request.status in UNDECIDED and not is_past
    enters = may_enter(roles, held) if is_open else frozenset()
    marketing, it = (_side(side, found, sees(roles, held, found, side), side in enters) for side in BOTH)
    revealed = found.is_revealed
    weights = found.weights or rules.weights
    return Shown(
        number=found.number,
        is_revealed=revealed,
        is_open=is_open,
        is_decided=found.decided,
        sides=(marketing, it),
        points=_points(found) if revealed else [],
        difference=found.difference(weights) if revealed else None,
        is_provisional=bool(found.open_divergences),
        effort=found.joint[Dimension.EFFORT] if revealed else None,
        alignment=_alignment(found) if revealed else None,
        parts=arithmetic.parts(found.joint) if revealed else None,
        gate=_gate(found, rules),
        weights=asdict(weights),
    )


def _gate(found: Round, rules: Rules) -> int:
    return rules.gate if found.gate is None else found.gate


def _side(side: str, found: Round, is_seen: bool, enters: bool) -> ShownSide:
    entered = found.sides.get(side)
    return ShownSide(
        side=side,
        has_scored=entered is not None,
        by_name=entered.by_name if entered else "",
        at=entered.at if entered else None,
        may_enter=enters,
        entered=entered if is_seen else None,
    )


def _points(found: Round) -> list[ShownPoint]:
    gaps = arithmetic.gaps(found.marketing, found.it)
    return [
        ShownPoint(
            dimension=dimension.value,
            label=str(dimension.label),
            marketing=found.marketing[dimension],
            it=found.it[dimension],
            gap=gaps[dimension],
            is_divergence=dimension in found.divergences,
            joint=found.joint[dimension],
            agreement=found.agreements.get(dimension),
        )
        for dimension in Dimension
    ]


def _alignment(found: Round) -> Fraction:
    """Of what both said blindly: who comes closer after the reveal was not aligned before."""
    marketing, it = (found.sides[side] for side in BOTH)
    return arithmetic.alignment(marketing.blind or marketing.values, it.blind or it.values)
