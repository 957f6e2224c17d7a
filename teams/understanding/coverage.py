"""How many of those who should understand something say that they do. Pure; `docs/understanding.md`."""

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Coverage:
    """Ids of people: ``understood`` and ``missing`` are together those who should, without overlap.

    ``beyond`` confirmed although nobody expects it of them; they do not count.
    """

    understood: frozenset[int]
    missing: frozenset[int]
    beyond: frozenset[int]

    @property
    def of(self) -> int:
        """How many people should understand it."""
        return len(self.understood) + len(self.missing)

    @property
    def confirmed(self) -> int:
        """How many people say that they understand it, whoever expects it of them."""
        return len(self.understood) + len(self.beyond)

    @property
    def percent(self) -> int | None:
        """Whole percent of those who should; 100 only where nobody is missing, None where nobody should."""
        return len(self.understood) * 100 // self.of if self.of else None


def coverage(should: Set[int], confirmed: Set[int]) -> Coverage:
    """Who of those who ``should`` understand has ``confirmed`` it."""
    return Coverage(
        understood=frozenset(should & confirmed),
        missing=frozenset(should - confirmed),
        beyond=frozenset(confirmed - should),
    )
