"""The goals as a tree with how far each has come: its key results and the goals that serve it, rolled up."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q

from teams.goals.health import expected, health_of_result, mean_progress, percent, progress, worst
from teams.models import Goal, Health, KeyResult, Level
from teams.words import letters

ORDER = tuple(Level)


@dataclass(frozen=True)
class Node:
    """A goal where it stands in the tree, ``depth`` steps below its top; teams and key results at hand."""

    goal: Goal
    depth: int
    done: Fraction | None
    wanted: Fraction | None
    health: Health | None
    is_over: bool
    # Shown only because something below it was asked for.
    is_frame: bool = False

    @property
    def percent(self) -> int | None:
        return percent(self.done)

    @property
    def wanted_percent(self) -> int | None:
        return percent(self.wanted)


def counting(goal: Goal) -> list[KeyResult]:
    """The key results that speak for ``goal``: those that run; of a closed one those that did not move on."""
    found = list(goal.key_results.all())
    if goal.closed_at is None:
        return [one for one in found if one.is_open]
    return [one for one in found if one.moved_to_id is None]


def health_of(goal: Goal, today: date) -> Health | None:
    """What a lead said, else the worst of the key results; None where nobody can say, or it is closed."""
    if goal.closed_at is not None:
        return None
    return Health(goal.health_said) if goal.health_said else computed_health(goal, today)


def computed_health(goal: Goal, today: date) -> Health | None:
    """The worst that the key results say, whatever a lead says."""
    wanted = expected(goal.starts_on, goal.ends_on, today)
    return worst(
        health_of_result(progress(one.baseline, one.target, one.current), wanted, one.confidence)
        for one in counting(goal)
    )


def rolled_up(goals: Iterable[Goal]) -> dict[int, Fraction | None]:
    """How far each goal has come, by its id: the mean over its key results and the goals that serve it, each
    counting once, between 0 and 1.
    """
    below: dict[int | None, list[Goal]] = defaultdict(list)
    for goal in goals:
        below[goal.parent_id].append(goal)
    found: dict[int, Fraction | None] = {}

    def climb(goal: Goal) -> Fraction | None:
        parts = [progress(one.baseline, one.target, one.current) for one in counting(goal)]
        parts += [climb(child) for child in below[goal.pk]]
        found[goal.pk] = mean_progress(parts)
        return found[goal.pk]

    known = {goal.pk for goals in below.values() for goal in goals}
    for parent, tops in list(below.items()):
        if parent not in known:
            for goal in tops:
                climb(goal)
    return found


def in_tree(goals: Sequence[Goal], today: date, wanted: Callable[[Goal], bool]) -> list[Node]:
    """Those of ``goals`` that are ``wanted``, and what stands above them, from the top down.

    ``goals`` also holds what is only rolled up: closed goals are never shown here.
    """
    done = rolled_up(goals)
    below = _below(goals)
    nodes: list[Node] = []

    def walk(goal: Goal, depth: int) -> bool:
        place = len(nodes)
        inside = [walk(child, depth + 1) for child in below[goal.pk]]
        shown = wanted(goal)
        if not shown and not any(inside):
            return False
        nodes.insert(place, _node(goal, depth, done[goal.pk], today, is_frame=not shown))
        return True

    for top in below[None]:
        walk(top, 0)
    return nodes


def _below(goals: Sequence[Goal]) -> Mapping[int | None, list[Goal]]:
    shown = [goal for goal in goals if not goal.is_archived]
    known = {goal.pk for goal in shown}
    below: dict[int | None, list[Goal]] = defaultdict(list)
    for goal in sorted(shown, key=lambda one: (ORDER.index(one.level), letters(one.title), one.pk)):
        below[goal.parent_id if goal.parent_id in known else None].append(goal)
    return below


def _node(goal: Goal, depth: int, done: Fraction | None, today: date, *, is_frame: bool) -> Node:
    wanted = expected(goal.starts_on, goal.ends_on, today)
    return Node(goal, depth, done, wanted, health_of(goal, today), goal.is_over(today), is_frame)


def all_goals(*, teams: bool = True) -> list[Goal]:
    """All goals that are shown or rolled up, with key results and, where wanted, teams: a query for each."""
    rows = Goal.objects.filter(Q(is_archived=False) | Q(closed_at__isnull=False))
    return list(rows.prefetch_related(*(("teams",) if teams else ()), "key_results"))
