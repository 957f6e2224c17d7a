"""What a batch of digests lists of goals and briefs, read at once as it stands now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from activity.models import Event
from notifications.digest.select import Selection
from teams.goals.key_results import today
from teams.goals.tree import all_goals, rolled_up
from teams.models import Brief, Goal


@dataclass(frozen=True)
class GoalShelf:
    """Goals by id with how far each has come, their listed events, and the briefs that nobody looked at."""

    goals: Mapping[int, Goal] = field(default_factory=dict)
    done: Mapping[int, Fraction | None] = field(default_factory=dict)
    events: Mapping[int, Event] = field(default_factory=dict)
    briefs: Mapping[int, Brief] = field(default_factory=dict)
    today: date = date.min


def fill_goals(listed: Sequence[Selection]) -> GoalShelf:
    """Read what ``listed`` names. Five queries at most, whoever reads it; none where it names no goals."""
    goals = {row["goal"] for one in listed for row in one.goals}
    briefs = {row["brief"] for one in listed for row in one.unseen}
    if not goals and not briefs:
        return GoalShelf()
    tree = all_goals(teams=False) if goals else []
    return GoalShelf(
        goals={goal.pk: goal for goal in tree if goal.pk in goals},
        done=rolled_up(tree),
        events=_events(event for one in listed for row in one.goals for event in row["events"]),
        briefs=Brief.objects.select_related("goal", "team").in_bulk(list(briefs)),
        today=today(),
    )


def _events(pks: Iterable[int]) -> dict[int, Event]:
    return Event.objects.select_related("actor").in_bulk(list(set(pks)))
