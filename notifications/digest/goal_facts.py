"""What the whole company's digests tell of goals and briefs; every active person may see all of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from activity.models import Event, Origin
from notifications.digest.places import Teams
from notifications.digest.select import Happening, Unseen
from teams.models import Goal
from teams.understanding.reviewing import stale

CHECKED_IN, CREATED, CLOSED = "goal.checked_in", "goal.created", "goal.closed"
JUDGED, EDITED = "goal.health_said", "goal.edited"
# Of edits only those by which the goal means something else now.
TOLD = Q(kind__in=(CHECKED_IN, CREATED, CLOSED, JUDGED)) | Q(kind=EDITED, data__in_substance=True)
UNSEEN_READ = 300


def goals_moved(since: datetime, until: datetime) -> list[Happening]:
    """What happened to goals from ``since`` to ``until``, the oldest first. Two queries."""
    told = Event.objects.filter(TOLD, object_type="goal", occurred_at__gte=since, occurred_at__lt=until)
    rows = told.exclude(origin=Origin.IMPORT).order_by("occurred_at", "id")
    events = list(rows.only("kind", "object_id", "position", "occurred_at"))
    owners = _owners({event.object_id for event in events})
    return [
        Happening(
            event=event.pk,
            kind=event.kind,
            number=event.object_id,
            position=event.position,
            at=event.occurred_at,
            teams=owners[event.object_id],
        )
        for event in events
    ]


def goal_owners() -> dict[int, Teams]:
    """The teams that own each goal, by its id. One query."""
    found = defaultdict[int, Teams](frozenset)
    for goal, team in Goal.teams.through.objects.values_list("goal", "team"):
        found[goal] |= {team}
    return dict(found)


def _owners(goals: Collection[int]) -> defaultdict[int, Teams]:
    found = defaultdict[int, Teams](frozenset)
    if goals:
        for goal, team in Goal.teams.through.objects.filter(goal__in=goals).values_list("goal", "team"):
            found[goal] |= {team}
    return found


def not_looked_at(until: datetime) -> list[Unseen]:
    """The briefs of current goals and teams that are stale at ``until``, the longest unseen first.

    Two queries.
    """
    briefs = list(stale(until)[:UNSEEN_READ])
    goals = {brief.goal.pk: brief.pk for brief in briefs if hasattr(brief, "goal")}
    owners = _owners(goals)
    by_brief = {brief: owners[goal] for goal, brief in goals.items()}
    return [
        Unseen(
            brief.pk,
            by_brief[brief.pk] if brief.pk in by_brief else frozenset({brief.team.pk}),
            brief.reviewed_at.isoformat(),
        )
        for brief in briefs
    ]
