"""What a team's past says of its columns and of its queue: pure arithmetic, no database.

The rules stand in docs/boards.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from requests_app.choices import Status
from requests_app.forecast.record import CODES, DONE, Floats, Known

DAY = 86_400.0
WEEK = 7 * DAY
# Stays that ended so long ago say nothing of today.
STAYS_COUNT_FOR = 180 * DAY
# Fewer stays, or deliveries, tell no usual one.
FEWEST_STAYS, FEWEST_ENDS = 10, 5
USUAL = 85
DELIVERIES_COUNT_FOR = 12 * WEEK
AGEING = (Status.SHAPING, Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW)


@dataclass(frozen=True)
class Load:
    """``ages``: days within which 85 of 100 of the team's requests left a status, where that is known.

    ``per_week``: deliveries a week; None where they are too few to say.
    """

    ages: Mapping[str, float] = field(default_factory=dict)
    per_week: float | None = None

    def weeks(self, waiting: int) -> float | None:
        """How long the team needs for so many requests at its present pace."""
        return None if self.per_week is None else waiting / self.per_week

    def to_json(self) -> dict[str, Any]:
        return {"ages": dict(self.ages), "per_week": self.per_week}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Load:
        return cls(kept.get("ages", {}), kept.get("per_week"))


def load_of(known: Known, team: int) -> Load:
    """The load of ``team`` as it was known at the moment of looking."""
    record = known.record.where(known.record.team == team)
    ended = (record.leave < known.moment) & (record.leave >= known.moment - STAYS_COUNT_FOR)
    ages = {
        status.value: usual
        for status in AGEING
        if (usual := _usual((record.leave - record.enter)[ended & (record.status == CODES[status])]))
    }
    return Load(ages, _per_week(record.enter, record.enter[record.status == DONE], known.moment))


def _usual(stays: Floats) -> float | None:
    """The 85th percentile in days, to the hundredth; None for fewer than ten stays."""
    if len(stays) < FEWEST_STAYS:
        return None
    return round(float(np.percentile(stays, USUAL)) / DAY, 2)


def _per_week(entered: Floats, delivered: Floats, now: float) -> float | None:
    """Deliveries a week of the last twelve, or of as many as there are; at least one."""
    span = min(DELIVERIES_COUNT_FOR, max(now - float(entered.min(initial=now)), WEEK))
    counted = int((delivered >= now - span).sum())
    return round(counted * WEEK / span, 3) if counted >= FEWEST_ENDS else None
