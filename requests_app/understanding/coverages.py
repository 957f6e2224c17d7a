"""Who should understand a goal, a team or a solution: PRODUCT §6, told in docs/understanding.md.

Restricted requests touch nobody here: coverage reads the same to everybody, and must not give them away.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from django.db.models import F

from knowhow.models import Solution
from requests_app.choices import OPEN, Status
from requests_app.models import Request
from teams.models import Brief, BriefKind, Confirmation, Goal, Membership
from teams.understanding import Coverage, coverage

# What serves a goal or is done with a team; what was declined or withdrawn touches nobody.
SERVING = (*OPEN, Status.DONE, Status.PARKED)

Briefs = Collection[int]
# The ids of teams by the id of the brief.
Teams = Mapping[int, Set[int]]


def coverages(briefs: Iterable[Brief]) -> dict[int, Coverage]:
    """The coverage of each brief by its id, in a number of queries that does not grow with them."""
    wanted = list(briefs)
    should, confirmed = those_who_should(wanted), _confirmed([brief.pk for brief in wanted])
    return {brief.pk: coverage(should[brief.pk], confirmed[brief.pk]) for brief in wanted}


def those_who_should(briefs: Iterable[Brief]) -> dict[int, set[int]]:
    """The ids of the people who should understand each brief, by its id."""
    return {brief: audience.should for brief, audience in audiences(briefs).items()}


@dataclass(frozen=True)
class Audience:
    """The people who ``should`` understand something, and the teams (``owners``) that answer for it."""

    should: set[int]
    owners: Set[int]


def audiences(briefs: Iterable[Brief]) -> dict[int, Audience]:
    """For whom each brief is, by its id.

    Those who should are the active people of the teams that it touches, without the members of its owners.
    """
    by_kind: dict[str, list[int]] = defaultdict(list)
    for brief in briefs:
        by_kind[brief.kind].append(brief.pk)
    touched: dict[int, Set[int]] = {}
    owners: dict[int, Set[int]] = {}
    for kind, ids in by_kind.items():
        touching, owning = TOUCHING[kind]
        touched |= touching(ids)
        owners |= owning(ids)
    members = _members({*_all(touched), *_all(owners)})
    return {
        brief: Audience(
            _people(members, touched.get(brief, ())) - _people(members, owners.get(brief, ())),
            owners.get(brief, set()),
        )
        for ids in by_kind.values()
        for brief in ids
    }


def _goals_touch(briefs: Briefs) -> Teams:
    rows = Request.objects.for_everyone().filter(goal__understanding__in=briefs, status__in=SERVING)
    found: dict[int, set[int]] = defaultdict(set)
    pairs = rows.order_by().values_list("goal__understanding", "requesting_team", "serving_team").distinct()
    for brief, *teams in pairs:
        found[brief] |= {team for team in teams if team is not None}
    return found


def _own_goals(briefs: Briefs) -> Teams:
    rows = Goal.teams.through.objects.filter(goal__understanding__in=briefs)
    return _grouped(rows.values_list("goal__understanding", "team"))


def _teams_touch(briefs: Briefs) -> Teams:
    """The teams on the other side of what was asked of a team, or asked by it."""
    found: dict[int, set[int]] = defaultdict(set)
    for own, other in (("requesting_team", "serving_team"), ("serving_team", "requesting_team")):
        rows = Request.objects.for_everyone().filter(
            **{f"{own}__understanding__in": briefs, f"{other}__isnull": False}, status__in=SERVING
        )
        pairs = rows.order_by().values_list(f"{own}__understanding", other).distinct()
        for brief, teams in _grouped(pairs).items():
            found[brief] |= teams
    return found


def _own_teams(briefs: Briefs) -> Teams:
    rows = Brief.objects.filter(pk__in=briefs)
    return _grouped(rows.values_list("pk", "team"))


def _solutions_touch(briefs: Briefs) -> Teams:
    """The teams of which the owner team says that the solution shapes their work."""
    rows = Solution.affected_teams.through.objects.filter(solution__understanding__in=briefs)
    return _grouped(rows.values_list("solution__understanding", "team"))


def _own_solutions(briefs: Briefs) -> Teams:
    return _grouped(Solution.objects.filter(understanding__in=briefs).values_list("understanding", "team"))


TOUCHING: dict[str, tuple[Callable[[Briefs], Teams], Callable[[Briefs], Teams]]] = {
    BriefKind.GOAL: (_goals_touch, _own_goals),
    BriefKind.TEAM: (_teams_touch, _own_teams),
    BriefKind.SOLUTION: (_solutions_touch, _own_solutions),
}


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def _all(teams: Teams) -> set[int]:
    return {team for some in teams.values() for team in some}


def _members(teams: Collection[int]) -> Teams:
    rows = Membership.objects.filter(team__in=teams, person__is_active=True)
    return _grouped(rows.values_list("team", "person"))


def _people(members: Teams, teams: Iterable[int]) -> set[int]:
    return {person for team in teams for person in members.get(team, ())}


def _confirmed(briefs: Briefs) -> dict[int, set[int]]:
    rows = Confirmation.objects.filter(
        brief__in=briefs, substance=F("brief__substance"), person__is_active=True
    )
    return _grouped(rows.values_list("brief", "person"))
