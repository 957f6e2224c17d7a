"""What both sides thought of a request, in one number each; only once both have said it."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from requests_app.models import Request
from requests_app.scoring.arithmetic import Weights, difference
from requests_app.scoring.reading import Round, round_of, round_rows
from requests_app.scoring.rules import rules_for, rules_row
from teams.models import Side


@dataclass(frozen=True)
class Views:
    """The joint difference and what each side's own scores come to, 0 to 100; IT's likely person-days."""

    joint: int
    marketing: int
    it: int
    days: float | None


def views_of(numbers: Collection[int]) -> dict[int, Views]:
    """The views of the requests on which both sides are in: until then nobody may learn of either.

    Whether the reader may see the requests is asked before. One query.
    """
    if not numbers:
        return {}
    rows = Request.objects.filter(number__in=numbers).only("number", "scoring_round")
    found = {
        row.number: (round_of(row), rules_for(row).weights)
        for row in rows.annotate(round_rows=round_rows(), rules_row=rules_row())
    }
    return {number: _views(one, weights) for number, (one, weights) in found.items() if one.is_revealed}


def _views(round_: Round, weights: Weights) -> Views:
    weights = round_.weights or weights
    alone = {
        side: difference({name: Fraction(value) for name, value in entered.values.items()}, weights)
        for side, entered in round_.sides.items()
    }
    days = round_.sides[Side.IT].estimate.get("likely")
    return Views(round_.difference(weights), alone[Side.MARKETING], alone[Side.IT], days)
