"""What a history knows, as arrays: every stay of a request in a status, and what of it was known at a moment.

Moments are seconds since 1970 (UTC), ``inf`` for a stay that has not ended and ``nan`` for work not begun.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from requests_app.choices import OPEN, Status

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = TypeVar("Rows", "Record", "Lives", "Stays")

CODES: dict[str, int] = {status: code for code, status in enumerate(Status.values)}
DONE = CODES[Status.DONE]
IS_OPEN = np.array([status in OPEN for status in Status.values])


class _Table:
    """Columns of equal length."""

    def where(self, chosen: Flags) -> Self:
        return type(self)(*(column[chosen] for column in _columns(self)))


def _columns(table: Any) -> Iterator[Any]:
    return (getattr(table, column.name) for column in fields(table))


def _beside(one: Rows, other: Rows) -> Rows:
    pairs = zip(_columns(one), _columns(other), strict=True)
    return type(one)(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Record(_Table):
    """Stays, one a row, ordered by request and time.

    ``begin`` is the moment from which the work on the request counts: it stays the same through review and
    reopening, and starts anew where the request went back before its start.
    """

    team: Ints
    request: Ints
    status: Ints
    enter: Floats
    leave: Floats
    begin: Floats

    def __len__(self) -> int:
        return len(self.request)

    def starts(self, team: int) -> Floats:
        """The moments at which the team began work, in order."""
        begun = (self.team == team) & (self.begin == self.enter)
        return np.sort(self.enter[begun])

    def to_bytes(self) -> bytes:
        kept = io.BytesIO()
        np.savez_compressed(kept, **{column.name: getattr(self, column.name) for column in fields(self)})
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Record:
        with np.load(io.BytesIO(kept), allow_pickle=False) as columns:
            return cls(**{column.name: columns[column.name] for column in fields(cls)})


@dataclass(frozen=True)
class Lives(_Table):
    """Requests as they stood at a moment, one a row: ``since`` in this status, at work since ``begin``.

    ``until`` is when the work ended or, where it has not, when it was last seen going on.
    """

    team: Ints
    request: Ints
    status: Ints
    since: Floats
    begin: Floats
    until: Floats
    ended: Flags


@dataclass(frozen=True)
class Stays(_Table):
    """Stays in open statuses of work that has begun, with what became of it until the moment of looking."""

    team: Ints
    status: Ints
    enter: Floats
    leave: Floats
    until: Floats
    ended: Flags


@dataclass(frozen=True)
class Known:
    """What was known at ``moment``."""

    moment: float
    record: Record
    lives: Lives
    stays: Stays

    def without_teams(self, teams: Collection[int]) -> Known:
        def others(rows: Rows) -> Rows:
            return rows.where(~np.isin(rows.team, list(teams)))

        return Known(self.moment, others(self.record), others(self.lives), others(self.stays))

    def beside(self, later: Known) -> Known:
        """This and what was known, later, of other requests."""
        return Known(
            later.moment,
            _beside(self.record, later.record),
            _beside(self.lives, later.lives),
            _beside(self.stays, later.stays),
        )


def known_at(record: Record, moment: float) -> Known:
    """What the record told at ``moment``: nothing of what happened after it."""
    seen = record.where(record.enter <= moment)
    seen = replace(seen, leave=np.minimum(seen.leave, moment))
    last = np.flatnonzero(np.append(seen.request[1:] != seen.request[:-1], len(seen) > 0))
    lives = _lives(seen, last, moment)
    return Known(moment, seen, lives, _stays(seen, last, lives))


def _lives(seen: Record, last: Ints, moment: float) -> Lives:
    now = seen.where(np.isin(np.arange(len(seen)), last))
    going_on = IS_OPEN[now.status]
    until = np.where(going_on, moment, now.enter)
    return Lives(now.team, now.request, now.status, now.enter, now.begin, until, now.status == DONE)


def _stays(seen: Record, last: Ints, lives: Lives) -> Stays:
    of = np.repeat(np.arange(len(last)), np.diff(np.append(-1, last)))
    # Work that was given up before the present attempt tells nothing of how this one goes.
    counts = IS_OPEN[seen.status] & (seen.begin == lives.begin[of])
    chosen, of = seen.where(counts), of[counts]
    return Stays(chosen.team, chosen.status, chosen.enter, chosen.leave, lives.until[of], lives.ended[of])
