"""The joint scores of many rounds at once, for what asks of all of them: one query, no names."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Avg, F, Max, Q
from django.db.models.functions import Coalesce

from requests_app.choices import Dimension, Status
from requests_app.models import ScoringRound
from requests_app.scoring.settling import UNDECIDED

CHUNK = 5_000


@dataclass(frozen=True)
class JointRound:
    """The present, revealed round of a request; ``gate`` is the one of its decision, None before it."""

    request: int
    difference: int
    gate: int | None
    joint: dict[str, Fraction]


def joint_rounds(*, decided: bool) -> Iterator[JointRound]:
    """Every revealed present round of what was decided, or of what still can be scored; never a draft."""
    names = list(Dimension.values)
    values = {f"joint_{name}": _joint(name) for name in names}
    rows: Any = (
        ScoringRound.objects.filter(number=F("request__scoring_round"), revealed_at__isnull=False)
        .filter(~Q(request__status__in=UNDECIDED) if decided else Q(request__status__in=UNDECIDED))
        .exclude(request__status=Status.DRAFT)
        .exclude(request__difference=None)
        .annotate(**values)
        .values_list("request_id", "request__difference", "gate", *values)
    )
    for number, difference, gate, *joint in rows.iterator(chunk_size=CHUNK):
        scores = {name: Fraction(value) for name, value in zip(names, joint, strict=True)}
        yield JointRound(number, difference, gate, scores)


def _joint(name: str) -> Coalesce:
    """What was agreed, else the mean; both joins repeat rows evenly, which neither of the two minds."""
    agreed = Q(agreed__dimension=name, agreed__agreed_by__isnull=False)
    return Coalesce(Max("agreed__value", filter=agreed) * 1.0, Avg(f"scores__{name}"))
