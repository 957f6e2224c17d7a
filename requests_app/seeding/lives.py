"""How a seeded request came to where it is: its steps, in the order and at a pace that real ones have."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from requests_app.choices import OPEN, Status

# How a hundred requests are spread over the statuses.
SHARES = {
    Status.DRAFT: 2,
    Status.SUBMITTED: 6,
    Status.SHAPING: 8,
    Status.READY: 8,
    Status.IN_PROGRESS: 8,
    Status.IN_REVIEW: 7,
    Status.DONE: 45,
    Status.PARKED: 8,
    Status.DECLINED: 6,
    Status.WITHDRAWN: 2,
}
ON_THE_WAY = (
    ("shape", Status.SHAPING),
    ("accept", Status.READY),
    ("start", Status.IN_PROGRESS),
    ("hand_over", Status.IN_REVIEW),
    ("deliver", Status.DONE),
)
ASIDE = {Status.PARKED: "park", Status.DECLINED: "decline", Status.WITHDRAWN: "withdraw"}
OLDEST = timedelta(days=730)
OPEN_DAYS = 40
CLOSED_DAYS = 30
# Of open ones.
BLOCKED = 0.08


@dataclass(frozen=True)
class Moment:
    """A step, the status after it and when it happened."""

    action: str
    status: Status
    at: datetime


def life_of(status: Status, chance: random.Random, now: datetime) -> list[Moment]:
    """The steps from *submit* to ``status``, all of them past; none for a draft."""
    if status == Status.DRAFT:
        return []
    steps = _steps(status, chance)
    end, length = _when(status, chance)
    begin = max(now - end - length, now - OLDEST)
    span = (now - end if status not in OPEN else now) - begin
    parts = [0.0, *sorted(chance.random() for _step in steps[1:])]
    if status not in OPEN and len(parts) > 1:
        parts[-1] = 1.0
    return [Moment(action, to, begin + span * part) for (action, to), part in zip(steps, parts, strict=True)]


def _steps(status: Status, chance: random.Random) -> Sequence[tuple[str, Status]]:
    steps = [("submit", Status.SUBMITTED)]
    if status in ASIDE:
        if chance.random() < 0.6:
            steps += [("assign", Status.SUBMITTED), ("shape", Status.SHAPING)]
        return [*steps, (ASIDE[status], status)]
    if status != Status.SUBMITTED or chance.random() < 0.5:
        steps.append(("assign", Status.SUBMITTED))
    for action, to in ON_THE_WAY:
        if steps[-1][1] == status:
            break
        steps.append((action, to))
    if status in OPEN and chance.random() < BLOCKED:
        steps.append(("block", status))
    return steps


def _when(status: Status, chance: random.Random) -> tuple[timedelta, timedelta]:
    """How long ago it ended, and how long it took; open ones end now."""
    if status in OPEN:
        return timedelta(0), timedelta(hours=1, days=chance.expovariate(1 / OPEN_DAYS))
    # More of them lately: the portal is used more from month to month.
    ended = timedelta(days=365 * chance.random() ** 1.5, minutes=1)
    return ended, timedelta(days=chance.lognormvariate(0, 0.8) * CLOSED_DAYS)
