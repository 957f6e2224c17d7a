"""What happens where customers meet the company: solutions, open requests, goals and gaps."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, TextChoices
from django.utils.translation import gettext_lazy as _

from knowhow.models import Solution, Stage
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Goal, Person, Touchpoint
from teams.words import by_letters

# From so many tools on, customers and colleagues meet several ways to do the same.
CROWDED = 5
# Of more, a row names the first and leads to all of them.
MOST_NAMED = 8
# What made the solution that it names; a declined request names one that was there before.
BUILT = (Status.DONE, Status.IN_REVIEW, Status.IN_PROGRESS)


class Gap(TextChoices):
    """What a touchpoint lacks, or has too much of."""

    UNSERVED = "unserved", _("wishes, but no solution")
    CROWDED = "crowded", _("many tools at once")


def gap(tools: int, wishes: int) -> str:
    """The gap of a touchpoint with so many ``tools`` in use and open ``wishes``; "" where there is none."""
    if wishes and not tools:
        return Gap.UNSERVED
    return Gap.CROWDED if tools >= CROWDED else ""


@dataclass(frozen=True)
class Place:
    """A touchpoint in the eyes of one person; ``leaving`` solutions are told but count as no tool.

    ``goals``: those that most of its open requests serve come first.
    """

    touchpoint: Touchpoint
    tools: list[Solution]
    leaving: list[Solution]
    wishes: int
    goals: list[Goal]

    @property
    def gap(self) -> str:
        return gap(len(self.tools), self.wishes)

    @property
    def gap_words(self) -> str:
        return str(Gap(self.gap).label) if self.gap else ""

    @property
    def named_solutions(self) -> list[Solution]:
        return [*self.tools, *self.leaving][:MOST_NAMED]

    @property
    def further_solutions(self) -> int:
        return max(0, len(self.tools) + len(self.leaving) - MOST_NAMED)

    @property
    def named_goals(self) -> list[Goal]:
        return self.goals[:MOST_NAMED]

    @property
    def further_goals(self) -> int:
        return max(0, len(self.goals) - MOST_NAMED)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing: no solution and no wish."""
        return not (self.tools or self.leaving or self.wishes)


@dataclass(frozen=True)
class Phase:
    label: str
    places: list[Place]


def touchpoint_map(person: Person) -> list[Phase]:
    """The customer's journey with its touchpoints, from the first meeting to service. Three queries.

    Wishes and goals are those of the open requests that ``person`` may see.
    """
    solutions = _solutions()
    wishes, goals = _wished(person)
    places = [
        Place(
            touchpoint,
            [one for one in solutions[touchpoint.pk] if one.status != Stage.LEAVING],
            [one for one in solutions[touchpoint.pk] if one.status == Stage.LEAVING],
            wishes[touchpoint.pk],
            goals[touchpoint.pk],
        )
        for touchpoint in Touchpoint.objects.filter(is_archived=False)
    ]
    return [
        Phase(str(phase.label), [place for place in places if place.touchpoint.phase == phase])
        for phase in Touchpoint.Phase
    ]


def gaps(phases: Iterable[Phase]) -> list[Place]:
    """The places that lack something or have too much, in the order of the journey."""
    return [place for phase in phases for place in phase.places if place.gap]


def _solutions() -> dict[int, list[Solution]]:
    """The solutions of each touchpoint, by name."""
    found: dict[int, list[Solution]] = defaultdict(list)
    pairs = Solution.touchpoints.through.objects.select_related("solution").order_by(
        by_letters("solution__title"), "solution"
    )
    shown = ("touchpoint", *(f"solution__{name}" for name in ("slug", "title", "status")))
    for pair in pairs.only(*shown):
        found[pair.touchpoint_id].append(pair.solution)
    return found


def _wished(person: Person) -> tuple[dict[int, int], dict[int, list[Goal]]]:
    """How many open requests each touchpoint has, and the goals that they serve, most of them first."""
    open_requests = Request.objects.visible_to(person).open()
    through = Request.touchpoints.through.objects.filter(request__in=open_requests.values("pk"))
    rows = through.values_list(
        "touchpoint", "request__goal", "request__goal__title", "request__goal__is_archived"
    )
    wishes: dict[int, int] = defaultdict(int)
    goals: dict[int, list[Goal]] = defaultdict(list)
    counted = rows.annotate(number=Count("request"))
    most_first = sorted(counted, key=lambda row: (-row[-1], row[1] or 0))
    for touchpoint, pk, title, is_archived, number in most_first:
        wishes[touchpoint] += number
        if pk is not None and not is_archived:
            goals[touchpoint].append(Goal(pk=pk, title=title))
    return wishes, goals
