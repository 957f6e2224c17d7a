"""Who is told of each of many events, and why: those whom it concerns, who see it and want to hear it.

Where the seat of somebody who is away is concerned, who stands in for them is told as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from activity.models import Event
from notifications import audience
from notifications.audience import Circle, Why
from notifications.choosing.attention import hushed, is_unwanted
from notifications.choosing.kinds import is_mentioned
from notifications.circles import circles
from notifications.concerned import ANSWERED, FOR_LEADS, told_of_things
from notifications.sight import pairs_seen
from notifications.things import REQUEST
from teams.models import Absence, Person, Side


@dataclass(frozen=True)
class Telling:
    """That ``person`` is told of ``event``; ``stands_for`` is whose seat they stand in for."""

    event: Event
    person: Person
    why: str = ""
    stands_for: Person | None = None


def of_things(events: Sequence[Event]) -> list[Telling]:
    """What is told of goals, briefs, exchanges and mentorings."""
    return [Telling(event, person, _why(event)) for event, person in told_of_things(events)]


def _why(event: Event) -> Why:
    if event.kind == ANSWERED:
        return Why.ASKED
    return Why.LEADING if event.kind in FOR_LEADS else Why.TAKING_PART


def of_requests(events: Sequence[Event]) -> list[Telling]:
    """Each event about a request with each active person who is told of it. The queries do not grow."""
    about = [event for event in events if event.kind in audience.TOLD_OF and event.object_type == REQUEST]
    around = circles(event.object_id for event in about)
    told: dict[tuple[Event, int], Why] = {}
    for event in about:
        if (circle := around.get(event.object_id)) is not None:
            happening = happening_of(event)
            for person in sorted(audience.told(happening, circle)):
                told[event, person] = audience.why_told(person, happening, circle)
    people = _people({person for _event, person in told})
    whole = [Telling(event, people[pk], why) for (event, pk), why in told.items() if pk in people]
    return _wanted(_seen([*whole, *_stand_ins(whole, around)]))


def _stand_ins(told: Sequence[Telling], around: Mapping[int, Circle]) -> list[Telling]:
    """Who is told in the place of owners who are away: their deputy, or without one their leads."""
    owners = {one.person.pk for one in told if one.why == Why.OWNER}
    rows = Absence.objects.now().filter(person__in=owners) if owners else Absence.objects.none()
    away = dict(rows.with_deputy().values_list("person", "deputy"))
    alone = set(rows.without_deputy().values_list("person", flat=True)) if owners else set()
    if not away and not alone:
        return []
    already = {(one.event, one.person.pk) for one in told}
    found: dict[tuple[Event, int], Person] = {}
    for one in told:
        if one.why == Why.OWNER and one.person.pk in away.keys() | alone:
            circle = around[one.event.object_id]
            for pk in {away[one.person.pk]} if one.person.pk in away else _leads(one.person.pk, circle):
                found[one.event, pk] = one.person
    people = _people({pk for _event, pk in found})
    return [
        Telling(event, people[pk], Why.DEPUTY, absent)
        for (event, pk), absent in found.items()
        if pk in people and pk != event.actor_id and (event, pk) not in already
    ]


def _leads(owner: int, circle: Circle) -> set[int]:
    side = Side.IT if circle.seats.get(Side.IT) == owner else Side.MARKETING
    return set(circle.leads.get(side, ()))


def _people(pks: Iterable[int]) -> dict[int, Person]:
    return Person.objects.filter(is_active=True).in_bulk(list(pks))


def _seen(told: Sequence[Telling]) -> list[Telling]:
    seen = pairs_seen((one.person, one.event.object_id) for one in told)
    return [one for one in told if (one.person.pk, one.event.object_id) in seen]


def _wanted(told: Sequence[Telling]) -> list[Telling]:
    levels = hushed((one.person.pk, one.event.object_id) for one in told)
    return [
        one
        for one in told
        if not is_unwanted(
            levels.get((one.person.pk, one.event.object_id)),
            is_mentioned=is_mentioned(one.event, one.person.pk),
        )
    ]


def happening_of(event: Event) -> audience.Happening:
    """What of ``event`` decides who is told."""
    moved = [*event.data.get("watchers", ()), *event.data.get("supporters", ())]
    return audience.Happening(
        event.kind,
        event.actor_id,
        seat=str(event.data.get("seat", "")),
        side=str(event.data.get("side", "")),
        is_revealed=not audience.is_blind(event.kind, event.data),
        moved=frozenset(row["person"] for row in moved) if event.kind == "request.merged" else frozenset(),
        mentioned=frozenset(event.data.get("mentions", ())),
        question_to=str(event.data.get("question_to", "")),
        turn=str(event.data.get("turn", "")),
        cause=str(event.data.get("cause", "")),
        asked_by=event.data.get("asked_by"),
    )
