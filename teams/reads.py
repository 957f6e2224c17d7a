"""What the pages of this room show, in a fixed number of queries."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from teams import numbered
from teams.models import Goal, Membership, Person, Role, Side, Team
from teams.numbered import Page


def memberships(role: str = "") -> "Prefetch[str, QuerySet[Membership], str]":
    """The memberships of active people, leads first, as ``shown``."""
    rows = Membership.objects.filter(person__is_active=True).select_related("person")
    if role:
        rows = rows.filter(role=role)
    return Prefetch("memberships", rows.order_by("role", "person__sort_key"), to_attr="shown")


def own_teams() -> "Prefetch[str, QuerySet[Membership], str]":
    """The memberships of people with their teams, by name."""
    return Prefetch("memberships", Membership.objects.select_related("team").order_by("team__sort_key"))


def teams_by_side() -> list[tuple[str, list[Team]]]:
    """Each side that has teams, and these with their leads (``shown``) and the number of people."""
    size = Count("memberships", filter=Q(memberships__person__is_active=True))
    # Counting drops the order that the model has by itself.
    rows = Team.objects.annotate(size=size).order_by("sort_key").prefetch_related(memberships(Role.LEAD))
    teams: list[Team] = list(rows)
    sides = ((side, [team for team in teams if team.side == side]) for side in Side)
    return [(str(side.label), list(own)) for side, own in sides if own]


def goals(*, archived: bool = False) -> QuerySet[Goal]:
    """Goals with the teams that own them."""
    return Goal.objects.filter(is_archived=archived).prefetch_related("teams")


def is_joint(teams: Iterable[Team]) -> bool:
    """Whether both Marketing and IT are among the owners."""
    return {Side.MARKETING, Side.IT} <= {team.side for team in teams}


def found(words: str, side: str, *, inactive: bool = False) -> QuerySet[Person]:
    """The people whom ``words`` in name and address and ``side`` fit."""
    people = Person.objects.all() if inactive else Person.objects.filter(is_active=True)
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if side in Side.values:
        both = [side, "both"] if side != Side.OTHER else [side]
        people = people.filter(side__in=both)
    return people


def page_of(people: QuerySet[Person], number: int) -> Page[Person]:
    """A page of ``people`` by name, with their memberships."""
    return numbered.page_of(people.order_by("sort_key", "pk").prefetch_related(own_teams()), number)
