"""How long work waits for its start: the team's own pace of starts, and how many stand before it.

With ``starts`` of them in ``exposure`` days, the wait for the n-th start from now is foretold by a
compound gamma (beta prime) distribution: a Poisson process whose pace is known only from its past.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from requests_app.forecast.record import Flags, Floats, Ints

# A pace is told from the last so many starts, and from no fewer than so many.
LATEST, FEWEST = 30, 10
# Both halves of a sum are drawn at so many equally likely levels.
LEVELS = (np.arange(40) + 0.5) / 40
_LOGITS = np.linspace(-9.0, 9.0, 500)


@dataclass(frozen=True)
class Pace:
    """``starts`` in ``exposure`` days up to now; ``since`` is the clock's time at which these days begin."""

    starts: int
    exposure: float
    since: float


def pace_of(starts: Floats, now: float) -> Pace | None:
    """The pace of the latest starts, given in order; None where they are too few."""
    if len(starts) <= FEWEST:
        return None
    # The first of them only opens the time in which the others are counted.
    first = float(starts[-min(len(starts), LATEST + 1)])
    exposure = now - first
    return Pace(min(len(starts) - 1, LATEST), exposure, first) if exposure > 0 else None


def borrowed_pace(paces: list[Pace]) -> Pace | None:
    """What other teams' paces tell of one team: their middle, worth as much as the fewest starts."""
    if not paces:
        return None
    each = float(np.median([pace.exposure / pace.starts for pace in paces]))
    return Pace(FEWEST, each * FEWEST, min(pace.since for pace in paces))


def waits(pace: Pace, places: Ints) -> Floats:
    """For each place in the queue (1 is next) the wait in days at each of ``LEVELS``."""
    share = 1.0 / (1.0 + np.exp(-_LOGITS))
    by_then = _chance_of_starts(pace.starts, int(places.max(initial=1)), share)
    share_at = np.array([np.interp(LEVELS, by_then[place - 1], share) for place in places])
    found: Floats = pace.exposure * share_at / (1.0 - share_at)
    return found


def _chance_of_starts(starts: int, most: int, share: Floats) -> Floats:
    """For n = 1 … ``most`` the chance of at least n starts by each time t; ``share`` is t / (exposure + t).

    The count of starts is negative binomial: its mass at k follows from that at k - 1.
    """
    k = np.arange(1, most)[:, None]
    ratios = (starts + k - 1) / k * share
    masses = np.cumprod(np.vstack([(1.0 - share)[None, :] ** starts, ratios]), axis=0)
    return np.maximum.accumulate(1.0 - np.cumsum(masses, axis=0), axis=1)


def summed(waiting: Floats, lasting: Floats) -> Floats:
    """For each row of waits all equally likely sums of a wait and a duration."""
    return (waiting[:, :, None] + lasting[None, None, :]).reshape(len(waiting), -1)


def reached(sums: Floats, chances: Floats) -> Floats:
    """When the chances are reached; ``inf`` where the durations do not carry so far."""
    at = np.ceil(chances * sums.shape[1] - 1e-9).astype(int) - 1
    found: Floats = np.partition(sums, at, axis=1)[:, at]
    return found


def over(sums: Floats, asked: Floats) -> tuple[Floats, Flags]:
    """The chance of being over by the time asked for; not exact: at least so much."""
    chance = (sums <= asked[:, None]).mean(axis=1)
    farthest = np.where(np.isfinite(sums), sums, -np.inf).max(axis=1)
    return chance, np.isfinite(sums).all(axis=1) | (asked <= farthest)
