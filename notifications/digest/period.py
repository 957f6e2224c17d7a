"""What a digest tells of, by time and by place in the log: each event once, whatever clocks did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Recorded(Protocol):
    """What came into the log at a moment; its position is stamped after commit."""

    @property
    def at(self) -> datetime: ...
    @property
    def position(self) -> int | None: ...


@dataclass(frozen=True)
class Period:
    """What happened from ``start`` to ``end``, plus what was committed too late for the digest before.

    Positions are stamped after commit: an event belongs to the first period that ends after it and after its
    position, so consecutive periods tell of each event exactly once. ``last`` is None for a preview.
    ``ahead`` is the end, and the last position, of a digest that was made while the clock ran ahead.
    """

    start: datetime
    end: datetime
    first_after: int | None
    last: int | None
    ahead: tuple[datetime, int] | None = None

    def tells_of(self, happening: Recorded) -> bool:
        if happening.at >= self.end or self._is_too_late(happening.position):
            return False
        if self._was_told_ahead(happening):
            return False
        return happening.at >= self.start or self._was_too_late_before(happening.position)

    def _is_too_late(self, position: int | None) -> bool:
        return self.last is not None and (position is None or position > self.last)

    def _was_told_ahead(self, happening: Recorded) -> bool:
        if self.ahead is None or happening.position is None:
            return False
        end, last = self.ahead
        return happening.at < end and happening.position <= last

    def _was_too_late_before(self, position: int | None) -> bool:
        return self.first_after is not None and (position is None or position > self.first_after)
