"""What follows for a request from its scores: difference, effort, and what a decision keeps."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from requests_app.choices import Dimension, Status
from requests_app.models import Request, ScoringRound
from requests_app.scoring.reading import Round, round_of
from requests_app.scoring.rules import Rules

# Scores stay editable until the decision, which leads out of these.
UNDECIDED = (Status.SUBMITTED, Status.SHAPING)


def write_difference(request: Request, found: Round, rules: Rules) -> None:
    """Set what lists sort and filter by, without saving: nothing until both sides are in."""
    if not found.is_revealed:
        request.difference = request.effort = None
        request.difference_provisional = False
        return
    request.difference = found.difference(rules.weights)
    request.effort = _decimal(found)
    request.difference_provisional = bool(found.open_divergences)


def _decimal(found: Round) -> Decimal:
    effort = found.joint[Dimension.EFFORT]
    return Decimal(effort.numerator) / Decimal(effort.denominator)


def follow_step(request: Request, before: dict[str, Any], rules: Rules, now: datetime, scored: Round) -> None:
    """After a step: keep what the decision was made with, or forget it where the decision is taken back.

    ``request`` is changed without saving; ``before`` is its snapshot, ``scored`` its round before the step.
    """
    was, is_now = before["status"] in UNDECIDED, request.status in UNDECIDED
    if before["scoring_round"] == request.scoring_round and was == is_now:
        return
    present = ScoringRound.objects.filter(request=request, number=request.scoring_round)
    if is_now:
        present.update(decided_at=None, weights=None, gate=None)
    elif was:
        present.update(decided_at=now, weights=rules.told, gate=rules.gate)
    # Decided with the weights that hold now, a round says what it said before.
    stays = was and before["scoring_round"] == request.scoring_round
    write_difference(request, scored if stays else round_of(request), rules)
