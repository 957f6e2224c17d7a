"""What people are told of: requests, goals, teams, solutions, exchanges; how each is named, opened and seen.

An event about a brief is told of what the brief explains. A request is seen by its own rule, everything else
by the registry here; what it does not name, nobody is told of.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from activity.models import Event
from knowhow.exchanges.models import Exchange, ExchangeProposal
from knowhow.models import Mentoring, Solution
from requests_app.models import Request
from requests_app.querysets import visible
from teams.models import Brief, BriefKind, Goal, Person, Team

REQUEST, BRIEF = "request", "brief"


class Place(NamedTuple):
    """Which thing something is about."""

    kind: str
    pk: int


@dataclass(frozen=True)
class Thing:
    """Something that a reader may see, with the words that name it and the address of its page."""

    place: Place
    title: str
    row: Any
    key: str = ""

    @property
    def path(self) -> str:
        """The address of its page."""
        sort = _SORTS.get(self.place.kind)
        return sort.path(self.row) if sort else str(self.row.get_absolute_url())

    @property
    def name(self) -> str:
        """With the number, where it has one."""
        return f"{self.key} {self.title}".strip()


@dataclass(frozen=True)
class _Sort:
    rows: Callable[[Iterable[int]], QuerySet[Any]]
    title: Callable[[Any], str] = str
    path: Callable[[Any], str] = lambda row: str(row.get_absolute_url())


def _mentorings(pks: Iterable[int]) -> QuerySet[Mentoring]:
    return Mentoring.objects.filter(pk__in=pks).select_related("mentor", "learner", "skill")


_SORTS: Mapping[str, _Sort] = {
    "goal": _Sort(lambda pks: Goal.objects.filter(pk__in=pks), lambda goal: goal.title),
    "team": _Sort(lambda pks: Team.objects.filter(pk__in=pks), lambda team: team.name),
    "solution": _Sort(lambda pks: Solution.objects.filter(pk__in=pks), lambda solution: solution.title),
    "exchange": _Sort(lambda pks: Exchange.objects.filter(pk__in=pks)),
    "exchangeproposal": _Sort(lambda pks: ExchangeProposal.objects.filter(pk__in=pks)),
    "mentoring": _Sort(_mentorings, lambda pair: str(pair.skill), lambda _pair: reverse("knowhow:mentors")),
}
# Of these only some know; all others are open to every active person.
_CLOSED: Mapping[str, Any] = {"mentoring": Mentoring.objects.all()}
OPEN_TO_ALL = frozenset(_SORTS) - frozenset(_CLOSED)


def may_be_told_of(person: Person) -> Q:
    """The condition on entries that ``person`` may see now what they are about."""
    if not person.is_active:
        return Q(pk__in=[])
    about: Q = Q(Q(request__isnull=False), visible(person, "request__"))
    about |= Q(object_type__in=sorted(OPEN_TO_ALL))
    for kind, closed in _CLOSED.items():
        about |= Q(Exists(closed.visible_to(person).filter(pk=OuterRef("object_id"))), object_type=kind)
    return about


def places(events: Iterable[Event]) -> dict[int, Place]:
    """What each event is about, by its id; those about nothing that people are told of are left out."""
    events = list(events)
    briefs = {event.object_id for event in events if event.object_type == BRIEF}
    explained = _explained(briefs) if briefs else {}
    found = {}
    for event in events:
        if event.object_type == BRIEF and event.object_id in explained:
            found[event.pk] = explained[event.object_id]
        elif event.object_type == REQUEST or event.object_type in _SORTS:
            found[event.pk] = Place(event.object_type, event.object_id)
    return found


def _explained(briefs: Iterable[int]) -> dict[int, Place]:
    rows = Brief.objects.filter(pk__in=briefs).values_list("pk", "kind", *BriefKind.values)
    return {
        pk: Place(kind, dict(zip(BriefKind.values, explained, strict=True))[kind])
        for pk, kind, *explained in rows
    }


def of_request(request: Request) -> Thing:
    """``request`` as a thing; it must be one that the reader may see."""
    return Thing(Place(REQUEST, request.number), request.title, request, request.key)


def things(wanted: Iterable[Place], person: Person) -> dict[Place, Thing]:
    """Those of ``wanted`` that ``person`` may see now. One query for each kind that is among them."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for place in wanted:
        by_kind[place.kind].add(place.pk)
    found: dict[Place, Thing] = {}
    numbers = by_kind.pop(REQUEST, ())
    for request in Request.objects.visible_to(person).filter(number__in=numbers) if numbers else ():
        found[Place(REQUEST, request.number)] = of_request(request)
    for kind in by_kind.keys() & _SORTS.keys() if person.is_active else ():
        found |= {thing.place: thing for thing in _read(kind, by_kind[kind], person)}
    return found


def _read(kind: str, pks: Iterable[int], person: Person) -> list[Thing]:
    sort = _SORTS[kind]
    rows = sort.rows(pks)
    if kind in _CLOSED:
        rows = rows.filter(pk__in=_CLOSED[kind].visible_to(person).values("pk"))
    return [Thing(Place(kind, row.pk), sort.title(row), row) for row in rows]


def seen_among(pairs: Iterable[tuple[Person, Place]]) -> set[tuple[int, Place]]:
    """Those pairs of people and things other than requests in which the person may see the thing now.

    One query for each kind of which only some know.
    """
    active = {(person.pk, place) for person, place in pairs if person.is_active}
    seen = {(person, place) for person, place in active if place.kind in OPEN_TO_ALL}
    for kind, closed in _CLOSED.items():
        asked = {place.pk for _person, place in active if place.kind == kind}
        if asked:
            seen |= {(person, Place(kind, pk)) for person, pk in closed.filter(pk__in=asked).seen_by_each()}
    return seen & active
