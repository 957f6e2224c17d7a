"""Where readers stand: their teams, and those that they lead."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from teams.models import Membership, Person, Role

Teams = frozenset[int]


@dataclass(frozen=True)
class Place:
    """The teams of a reader, and those that they lead with their sides."""

    teams: Teams
    led: tuple[tuple[int, str], ...]


def places(people: Iterable[Person]) -> dict[int, Place]:
    """The place of each person, by id."""
    rows = Membership.objects.filter(person__in=people).values_list("person", "team", "role", "team__side")
    teams: dict[int, set[int]] = defaultdict(set)
    led: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for person, team, role, side in rows:
        teams[person].add(team)
        if role == Role.LEAD:
            led[person].append((team, side))
    return {person.pk: Place(frozenset(teams[person.pk]), tuple(led[person.pk])) for person in people}
