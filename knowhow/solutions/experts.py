"""Who masters a solution, and whether they are enough."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from activity import log
from knowhow.solutions.catalogue import held, hold, may_keep
from knowhow.solutions.models import Expert, Level, Solution
from teams import locks
from teams.models import Membership, Person
from teams.rules import InvalidFields, Missing, RuleViolation

# Fewer masters than this, and one illness stops the work.
ENOUGH = 2
CANDIDATES = 2


def set_expert(solution: Solution, person: Person, level: int, *, by: Person) -> Expert:
    """Say how well ``person`` masters ``solution``.

    :raises InvalidFields: where ``level`` is not 0 to 4, or ``person`` has left.
    :raises RuleViolation: ``not_yours`` for all but the owner team's members and admins, ``already_done``
        where it is said already.
    """
    if level not in Level.values:
        raise InvalidFields([Missing("invalid", _("Choose a level from 0 to 4."), "level")])
    with transaction.atomic():
        solution = held(solution.pk, by)
        person = locks.lock_people([person.pk])[person.pk]
        if not person.is_active:
            raise InvalidFields([Missing("invalid", _("This person has left the company."), "person")])
        expert = Expert.objects.filter(solution=solution, person=person).first()
        before = expert.level if expert else None
        if before == level:
            raise RuleViolation([Missing("already_done", _("This is how it is already."))])
        expert = expert or Expert(solution=solution, person=person)
        expert.level = level
        expert.save()
        _tell("solution.expert_set", solution, person, by, {"from": before, "to": level})
        return expert


def remove_expert(solution: Solution, person: Person, *, by: Person) -> None:
    """Take ``person`` off the experts of ``solution``: the owner team, admins, and the person themselves.

    :raises RuleViolation: ``not_yours``, or ``already_done`` where they are not among them.
    """
    with transaction.atomic():
        solution = hold(solution.pk)
        if by.pk != person.pk and not may_keep(solution.team, by):
            words = _("Only members of the owner team and the person themselves do this.")
            raise RuleViolation([Missing("not_yours", words)])
        expert = Expert.objects.filter(solution=solution, person=person).first()
        if expert is None:
            raise RuleViolation([Missing("already_done", _("This person is not among the experts."))])
        before = expert.level
        expert.delete()
        _tell("solution.expert_removed", solution, person, by, {"from": before, "to": None})


def _tell(kind: str, solution: Solution, person: Person, by: Person, level: dict[str, int | None]) -> None:
    solution.version += 1
    solution.save(update_fields=["version"])
    log.record(kind, solution, by=by, data={"person": person.pk, "level": level, "version": solution.version})


def masters(prefix: str = "experts__") -> Q:
    """The condition on the rows of ``Expert`` behind ``prefix`` that make up the bus factor."""
    return Q(**{f"{prefix}level__gte": Level.ALONE, f"{prefix}person__is_active": True})


def bus_factor(levels: Iterable[int]) -> int:
    """How many people keep the solution running alone, from the levels of its active experts."""
    return sum(level >= Level.ALONE for level in levels)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could become an expert, and why: what they know already."""

    person: Person
    level: int | None
    neighbours: int
    is_owner: bool

    @property
    def words(self) -> str:
        """What they can do with the solution already; "" where that is nothing."""
        return "" if self.level is None else str(Level(self.level).label)


def candidates(solution: Solution, most: int = CANDIDATES) -> list[Candidate]:
    """Who could soonest become an expert of ``solution``, the best first.

    Those who know it already, then experts of neighbouring solutions (of the same team, or at the same
    touchpoints), then the other members of the owner team. Three queries.
    """
    here = dict(solution.experts.values_list("person", "level"))
    near = dict(_neighbours(solution).values_list("person").annotate(number=Count("solution", distinct=True)))
    own = Exists(Membership.objects.filter(team=solution.team_id, person=OuterRef("pk")))
    people = Person.objects.filter(Q(pk__in={*here, *near}) | Q(own), is_active=True)
    found = [
        Candidate(person, here.get(person.pk), near.get(person.pk, 0), person.is_owner)
        for person in people.annotate(is_owner=own)
        if here.get(person.pk, 0) < Level.ALONE
    ]
    return sorted(found, key=_soonest)[:most]


def _neighbours(solution: Solution) -> QuerySet[Expert]:
    """Masters of solutions nearby. The directory of skills joins here, as one more source of people."""
    beside = Solution.objects.filter(
        Q(team=solution.team_id) | Q(touchpoints__in=solution.touchpoints.all())
    ).exclude(pk=solution.pk)
    return Expert.objects.filter(masters(""), solution__in=beside.values("pk"))


def _soonest(candidate: Candidate) -> tuple[int, int, int, str]:
    level = -1 if candidate.level is None else candidate.level
    return (-level, -candidate.neighbours, -candidate.is_owner, candidate.person.sort_key)
