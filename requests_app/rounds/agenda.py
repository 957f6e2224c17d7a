"""What a round talks about, and in which order: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from requests_app.choices import AgendaKind

DEFAULT_MINUTES = 30
# How long people need for one thing of each kind, in minutes, unless whoever opens the round says otherwise.
USUAL_MINUTES: Mapping[str, int] = {
    AgendaKind.DIVERGENCE: 6,
    AgendaKind.ACCEPTANCE: 4,
    AgendaKind.NICE_TO_HAVE: 3,
    AgendaKind.REVISIT: 3,
    AgendaKind.OUTCOME: 4,
    AgendaKind.STALLED: 4,
}


@dataclass(frozen=True)
class Waiting:
    """A request that waits for both sides: why, how decisive it is (None: not scored), and since when."""

    number: int
    kind: str
    difference: int | None
    since: datetime


def agenda(waiting: Iterable[Waiting], minutes: int, each: Mapping[str, int]) -> list[Waiting]:
    """What of ``waiting`` fits into ``minutes``, where a thing of each kind takes ``each`` minutes.

    The most decisive comes first, of equal ones the oldest; what nobody has scored comes last, by age. What
    does not fit makes room for something shorter behind it. There is always one thing to talk about, where
    anything waits at all.
    """
    chosen: list[Waiting] = []
    left = minutes
    for one in sorted(waiting, key=_place):
        if each[one.kind] <= left or not chosen:
            chosen.append(one)
            left -= each[one.kind]
    return chosen


def _place(one: Waiting) -> tuple[int, datetime, int]:
    return (-1 if one.difference is None else one.difference) * -1, one.since, one.number
