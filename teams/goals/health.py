"""How far a key result has come, how far it should be by now, and what follows. Pure; `docs/goals.md`."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from teams.models import Confidence, Health

# How far behind the straight line from start to target, in parts of the whole way.
ON_TRACK_UP_TO = Fraction(10, 100)
AT_RISK_UP_TO = Fraction(25, 100)
# So much of the period may pass without any value.
SILENT_UP_TO = Fraction(25, 100)
WORSENING = (Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK)


def progress(baseline: Decimal, target: Decimal, current: Decimal | None) -> Fraction | None:
    """Which part of the way from ``baseline`` to ``target`` is done: below 0 where it got worse, above 1
    where more was reached. None where nothing was measured yet.
    """
    if current is None:
        return None
    return (Fraction(current) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))


def expected(starts_on: date | None, ends_on: date | None, today: date) -> Fraction | None:
    """Which part of the period has passed by ``today``, from 0 to 1; None without a period."""
    if starts_on is None or ends_on is None:
        return None
    passed = Fraction((today - starts_on).days, (ends_on - starts_on).days)
    return min(max(passed, Fraction(0)), Fraction(1))


def expected_value(baseline: Decimal, target: Decimal, part: Fraction) -> Fraction:
    """The value on the straight line from ``baseline`` to ``target`` after this part of the way."""
    return Fraction(baseline) + part * (Fraction(target) - Fraction(baseline))


def health_of_result(done: Fraction | None, wanted: Fraction | None, confidence: str = "") -> Health | None:
    """How a key result stands that has come as far as ``done`` and should be as far as ``wanted``.

    None where nobody can say: no period, or no value while it is still early.
    """
    if done is not None and done >= 1:
        return Health.ON_TRACK
    if wanted is None:
        return None
    if done is None:
        return None if wanted <= SILENT_UP_TO else Health.AT_RISK
    behind = wanted - done
    level = 0 if behind <= ON_TRACK_UP_TO else 1 if behind <= AT_RISK_UP_TO else 2
    if confidence == Confidence.LOW:
        level = min(level + 1, 2)
    return WORSENING[level]


def worst(healths: Iterable[Health | None]) -> Health | None:
    """The worst of those that are known; None where none is."""
    known = [WORSENING.index(one) for one in healths if one is not None]
    return WORSENING[max(known)] if known else None


def mean_progress(parts: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of what is known, each between 0 and 1: more than the whole makes up for nothing else."""
    known = [min(max(part, Fraction(0)), Fraction(1)) for part in parts if part is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def percent(part: Fraction | None) -> int | None:
    """Whole percent, towards zero, so that 100 means the whole."""
    return None if part is None else int(part * 100)
