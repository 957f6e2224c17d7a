"""Who is told of an event, as PRODUCT §4 says; pure, from facts that the fan-out has read."""

from collections.abc import Set
from dataclasses import dataclass, field

from teams.models import Side

SUBMITTED = "request.submitted"
UNDONE = "request.undone"
COMMENTED = "request.commented"
DECISIONS = frozenset({"request.accepted", "request.parked", "request.declined", "request.merged"})
DELIVERED = "request.delivered"
# What can be undone within a minute; mail about it waits until that minute is over.
UNDOABLE = DECISIONS | frozenset(
    f"request.{word}"
    for word in (
        *("assigned", "shaped", "rethought", "started", "handed_over", "sent_back", "delivered"),
        *("withdrawn", "reconsidered", "reopened", "unmerged", "blocked", "unblocked"),
    )
)
# A seat became empty because its holder left, or lost the side it needs.
SEAT_EMPTIED = "request.seat_emptied"
# What both owners answer for, or are reminded of; where a seat is empty, the leads of its side.
FOR_TANDEM = frozenset(
    f"request.{word}"
    for word in (
        *("stalled", "revisit_asked", "measuring_postponed"),
        *("result_proposed", "result_assented", "result_agreed", "result_rejected"),
    )
)
# The outcome is up to Marketing's seat; what it is, is told like a step.
FOR_MARKETING = frozenset({"request.outcome_asked", "request.outcome_reminded"})
OUTCOME = frozenset({"request.outcome_recorded", "request.learning_added"})
TOLD_OF = UNDOABLE | {SUBMITTED, COMMENTED, SEAT_EMPTIED} | FOR_TANDEM | FOR_MARKETING | OUTCOME


@dataclass(frozen=True)
class Happening:
    """An event on a request, as far as it decides who is told."""

    kind: str
    actor: int | None
    seat: str = ""
    # Watchers and supporters that a merge moved to the other request.
    moved: Set[int] = frozenset()


@dataclass(frozen=True)
class Circle:
    """The people around a request: ids of people, each set possibly empty."""

    requester: int | None = None
    owners: Set[int] = frozenset()
    # Who holds which side's seat.
    seats: dict[str, int | None] = field(default_factory=dict)
    watchers: Set[int] = frozenset()
    supporters: Set[int] = frozenset()
    has_serving_team: bool = False
    leads: dict[str, Set[int]] = field(default_factory=dict)
    it_leads: Set[int] = frozenset()


def told(happening: Happening, circle: Circle) -> set[int]:
    """The ids of those who are told, each once, never the one who did it; seeing is checked elsewhere."""
    return _concerned(happening, circle) - {happening.actor} if happening.kind in TOLD_OF else set()


def _concerned(happening: Happening, circle: Circle) -> set[int]:
    if happening.kind == SUBMITTED:
        return _leads_for_it(circle)
    if happening.kind == SEAT_EMPTIED:
        side = Side.IT if happening.seat == "it_owner" else Side.MARKETING
        return _leads_for_it(circle) if side == Side.IT else set(circle.leads.get(side, ()))
    if happening.kind in FOR_TANDEM:
        return _in_seat(circle, Side.MARKETING) | _in_seat(circle, Side.IT)
    if happening.kind in FOR_MARKETING:
        return _in_seat(circle, Side.MARKETING)
    concerned = {*circle.owners, *circle.watchers, *happening.moved}
    if circle.requester is not None:
        concerned.add(circle.requester)
    if happening.kind in DECISIONS or happening.kind == DELIVERED:
        concerned |= circle.supporters
    return concerned


def _in_seat(circle: Circle, side: str) -> set[int]:
    """Who holds the seat; where nobody does, those who lead its team."""
    holder = circle.seats.get(side)
    if holder is not None:
        return {holder}
    return _leads_for_it(circle) if side == Side.IT else set(circle.leads.get(side, ()))


def _leads_for_it(circle: Circle) -> set[int]:
    return set(circle.leads.get(Side.IT, ()) if circle.has_serving_team else circle.it_leads)
