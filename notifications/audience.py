"""Who is told of an event, as PRODUCT §4 says; pure, from facts that the fan-out has read."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from teams.models import Side

SUBMITTED = "request.submitted"
UNDONE = "request.undone"
COMMENTED = "request.commented"
ASKED = "request.asked"
ANSWERED = "request.answered"
COMMENT_EDITED = "request.comment_edited"
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
# Both sides are in, or one has changed what both have seen; before that nobody is told of scores.
SCORED = "request.scored"
PROPOSED = "request.score_proposed"
JOINT = frozenset({SCORED, PROPOSED, "request.score_agreed", "request.score_reopened"})
TALK = frozenset({COMMENTED, ASKED, ANSWERED, COMMENT_EDITED})
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
# What the portal says by itself, so that nothing is forgotten.
REMINDING = FOR_MARKETING | {SEAT_EMPTIED, "request.stalled", "request.revisit_asked"}
TOLD_OF = UNDOABLE | TALK | {SUBMITTED, SEAT_EMPTIED} | JOINT | FOR_TANDEM | FOR_MARKETING | OUTCOME


def is_blind(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether scores were entered that the other side must not know of yet."""
    return kind == SCORED and not {"revealed", "score_changes"} & data.keys()


@dataclass(frozen=True)
class Happening:
    """An event on a request, as far as it decides who is told."""

    kind: str
    actor: int | None
    seat: str = ""
    # Of scoring: the side that acted, and whether both sides may see what was entered.
    side: str = ""
    is_revealed: bool = True
    # Watchers and supporters that a merge moved to the other request.
    moved: Set[int] = frozenset()
    # Whom a comment names; of a changed one only those whom it did not name before.
    mentioned: Set[int] = frozenset()
    question_to: str = ""
    asked_by: int | None = None


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
    empty_seats: Set[str] = frozenset()
    # Who wants to hear nothing of the request, whatever they are to it.
    muted: Set[int] = frozenset()


def told(happening: Happening, circle: Circle) -> set[int]:
    """The ids of those who are told, each once, never the one who did it nor who muted the request.

    Seeing is checked elsewhere.
    """
    if happening.kind not in TOLD_OF:
        return set()
    return _concerned(happening, circle) - {happening.actor} - circle.muted


def _concerned(happening: Happening, circle: Circle) -> set[int]:
    if happening.kind == SUBMITTED:
        return _leads_for_it(circle)
    if happening.kind == SEAT_EMPTIED:
        return _leads_for(Side.IT if happening.seat == "it_owner" else Side.MARKETING, circle)
    if happening.kind in JOINT:
        return _concerned_by_scores(happening, circle)
    if happening.kind in FOR_TANDEM | FOR_MARKETING:
        asked = (Side.MARKETING,) if happening.kind in FOR_MARKETING else (Side.MARKETING, Side.IT)
        return set().union(*(_in_seat(circle, side) for side in asked))
    return _around(happening, circle)


def _around(happening: Happening, circle: Circle) -> set[int]:
    """Those around the request, and whom the words themselves are meant for."""
    if happening.kind == COMMENT_EDITED:
        return set(happening.mentioned)
    concerned = {*circle.owners, *circle.watchers, *happening.moved, *happening.mentioned}
    concerned |= {person for person in (circle.requester, happening.asked_by) if person is not None}
    if happening.kind == ASKED and happening.question_to in circle.empty_seats:
        concerned |= _leads_for(happening.question_to, circle)
    if happening.kind in DECISIONS or happening.kind == DELIVERED:
        concerned |= circle.supporters
    return concerned


def _in_seat(circle: Circle, side: str) -> set[int]:
    """Who holds the seat; where nobody does, those who lead its team."""
    holder = circle.seats.get(side)
    if holder is not None:
        return {holder}
    return _leads_for(side, circle)


def _concerned_by_scores(happening: Happening, circle: Circle) -> set[int]:
    """Both owners; the leads of the other side where its seat is empty."""
    if not happening.is_revealed:
        return set()
    other = Side.IT if happening.side == Side.MARKETING else Side.MARKETING
    if circle.seats.get(other):
        return set(circle.owners)
    return {*circle.owners, *circle.leads.get(other, ())}


def _leads_for(side: str, circle: Circle) -> set[int]:
    return _leads_for_it(circle) if side == Side.IT else set(circle.leads.get(side, ()))


def _leads_for_it(circle: Circle) -> set[int]:
    return set(circle.leads.get(Side.IT, ()) if circle.has_serving_team else circle.it_leads)
