"""What people do not want to hear of a request: by their word on it, else by their word on its teams."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from notifications.choosing.models import TeamAttention
from requests_app.models import Mute, Request, Watcher

# A person's id and a request's number.
Pair = tuple[int, int]
Level = TeamAttention.Level


def hushed(pairs: Iterable[Pair]) -> dict[Pair, Level]:
    """Those pairs in which the person wants to hear nothing, or only where they are mentioned.

    A word on a team holds for requests in which the person has no part of their own; it stands back behind
    a word on the request. At most four queries.
    """
    asked = set(pairs)
    people, numbers = {person for person, _ in asked}, {number for _, number in asked}
    found = {pair: level for pair, level in _by_team(people, numbers).items() if pair in asked}
    rows = Mute.objects.filter(person__in=people, request__in=numbers)
    for person, number, keeps_mentions in rows.values_list("person", "request", "keeps_mentions"):
        found[person, number] = Level.MENTIONS if keeps_mentions else Level.MUTE
    return {pair: level for pair, level in found.items() if pair in asked}


def who_hushes(people: Iterable[int]) -> set[int]:
    """Those of ``people`` who want to hear less of any request or team. One query."""
    asked = list(people)
    muting = Mute.objects.filter(person__in=asked).values_list("person")
    return {person for (person,) in muting.union(_less_of_teams(asked).values_list("person"))}


def hushed_teams(people: Iterable[int]) -> dict[int, set[int]]:
    """The teams of whose requests each wants to hear nothing, or only mentions. One query."""
    found: dict[int, set[int]] = {}
    for person, team in _less_of_teams(people).values_list("person", "team"):
        found.setdefault(person, set()).add(team)
    return found


def _less_of_teams(people: Iterable[int]) -> QuerySet[TeamAttention]:
    return TeamAttention.objects.filter(person__in=list(people)).exclude(level=Level.WATCH)


def is_unwanted(level: Level | None, *, is_mentioned: bool) -> bool:
    """Whether news is not told to somebody who set ``level``."""
    return level == Level.MUTE or (level == Level.MENTIONS and not is_mentioned)


def _by_team(people: set[int], numbers: set[int]) -> dict[Pair, Level]:
    rows = TeamAttention.objects.filter(person__in=people).exclude(level=Level.WATCH)
    set_by = {(person, team): level for person, team, level in rows.values_list("person", "team", "level")}
    if not set_by:
        return {}
    teams = {team for _, team in set_by}
    found: dict[Pair, Level] = {}
    own = _own_part({person for person, _ in set_by}, numbers)
    about = Request.objects.filter(
        Q(serving_team__in=teams) | Q(requesting_team__in=teams), number__in=numbers
    )
    for number, *its_teams in about.values_list("number", "serving_team", "requesting_team"):
        for (person, team), level in set_by.items():
            if team in its_teams and (person, number) not in own:
                found[person, number] = _stronger(found.get((person, number)), Level(level))
    return found


def _stronger(before: Level | None, level: Level) -> Level:
    """Of the words on both teams of a request the one that lets more through."""
    return level if before in (None, Level.MUTE) else before


def _own_part(people: set[int], numbers: set[int]) -> set[Pair]:
    """Where somebody filed the request, holds a seat in it or watches it by name."""
    rows = Request.objects.filter(number__in=numbers)
    own = {
        (person, number)
        for number, *persons in rows.values_list("number", "requester", "marketing_owner", "it_owner")
        for person in persons
        if person in people
    }
    watched = Watcher.objects.filter(person__in=people, request__in=numbers)
    return own | set(watched.values_list("person", "request"))


def watching_teams(teams: Iterable[int]) -> Mapping[int, set[int]]:
    """The people who want to hear everything of each team's requests, by the team. One query, or none."""
    wanted = set(teams)
    found: dict[int, set[int]] = {team: set() for team in wanted}
    rows = TeamAttention.objects.filter(team__in=wanted, level=Level.WATCH) if wanted else ()
    for row in rows:
        found[row.team_id].add(row.person_id)
    return found
