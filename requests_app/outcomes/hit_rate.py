"""How often what was delivered reached its target, by how decisive both sides had thought it to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Count, F

from requests_app.choices import OutcomeVerdict
from requests_app.models import Outcome
from teams.models import Person

QUARTERS = 4


@dataclass(frozen=True)
class Counted:
    """So many outcomes with one blind difference and one verdict."""

    difference: int
    verdict: str
    n: int


@dataclass(frozen=True)
class Quartile:
    """The outcomes with a blind difference from ``lowest`` to ``highest``."""

    lowest: int
    highest: int
    n: int
    reached: int
    partly: int
    missed: int

    @property
    def hit_rate(self) -> int:
        """Percent that reached the target in full, half up."""
        return (200 * self.reached + self.n) // (2 * self.n)


def hit_rates(person: Person) -> list[Quartile]:
    """The quartiles of all outcomes that ``person`` may see and that still hold, the lowest first. One query.

    What was reopened since counts only once it has been delivered and measured again.
    """
    held = Outcome.objects.visible_to(person).filter(delivered_at=F("request__done_at"))
    scored = held.filter(blind_difference__isnull=False).order_by()
    rows = scored.values_list("blind_difference", "verdict").annotate(n=Count("pk"))
    return quartiles(Counted(*row) for row in rows)


def quartiles(counted: Iterable[Counted]) -> list[Quartile]:
    """The outcomes in up to four groups of about the same size.

    Outcomes of the same difference stay together: each difference goes where the middle of its outcomes lies
    in the order of all. With few outcomes, or many alike, there are fewer groups.
    """
    by_difference: dict[int, dict[str, int]] = {}
    for one in counted:
        verdicts = by_difference.setdefault(one.difference, dict.fromkeys(OutcomeVerdict.values, 0))
        verdicts[one.verdict] += one.n
    values = sorted(by_difference)
    sizes = [sum(by_difference[value].values()) for value in values]
    total = sum(sizes)
    groups: dict[int, list[int]] = {}
    for value, size, upto in zip(values, sizes, accumulate(sizes), strict=True):
        # Twice the middle's place, to stay with whole numbers.
        groups.setdefault((2 * upto - size) * QUARTERS // (2 * total), []).append(value)
    return [_quartile(group, by_difference) for _place, group in sorted(groups.items())]


def _quartile(values: list[int], by_difference: dict[int, dict[str, int]]) -> Quartile:
    reached, partly, missed = (
        sum(by_difference[value][verdict] for value in values) for verdict in OutcomeVerdict.values
    )
    return Quartile(values[0], values[-1], reached + partly + missed, reached, partly, missed)
