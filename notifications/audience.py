"""Who is told of an event, as PRODUCT §4 says; pure, from facts that the fan-out has read."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

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
        *("revisit_asked", "measuring_postponed"),
        *("result_proposed", "result_assented", "result_agreed", "result_rejected"),
    )
)
# The outcome is up to Marketing's seat; what it is, is told like a step.
FOR_MARKETING = frozenset({"request.outcome_asked", "request.outcome_reminded"})
# Work that stands still is up to the side whose turn it is; what each further cause asks for is its own.
STALLED = "request.stalled"
ESCALATED = "request.escalated"
# What tells of words that somebody said; of an escalation it is the question that waits.
QUOTING = TALK | {ESCALATED}
# What tells of a question that an answer would close.
ASKING = frozenset({ASKED, ESCALATED})
OUTCOME = frozenset({"request.outcome_recorded", "request.learning_added"})
# What the portal says by itself, so that nothing is forgotten.
REMINDING = FOR_MARKETING | {SEAT_EMPTIED, STALLED, ESCALATED, "request.revisit_asked"}
TOLD_OF = (
    UNDOABLE | TALK | {SUBMITTED, SEAT_EMPTIED} | JOINT | FOR_TANDEM | FOR_MARKETING | OUTCOME | REMINDING
)


def is_blind(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether scores were entered that the other side must not know of yet."""
    return kind == SCORED and not {"revealed", "score_changes"} & data.keys()


# Who is told of these and holds no seat is told as a lead, whatever else they are to the request.
FOR_LEADS = FOR_TANDEM | FOR_MARKETING | {SUBMITTED, SEAT_EMPTIED, STALLED, ESCALATED}


class Why(models.TextChoices):
    """Why somebody is told, in a sentence to them; of several reasons the nearest one."""

    MENTIONED = "mentioned", _("You are mentioned.")
    OWNER = "owner", _("You hold a seat of this request.")
    REQUESTER = "requester", _("You filed this request.")
    ASKED = "asked", _("You asked this question.")
    LEADING = "leading", _("You lead a team that it concerns.")
    WATCHING = "watching", _("You watch this request.")
    SUPPORTING = "supporting", _("You support this request.")
    TEAM = "team", _("You watch a team that it concerns.")
    DEPUTY = "deputy", _("You stand in for somebody who is away.")
    TAKING_PART = "taking_part", _("You take part, or were asked to.")


BOTH = (Side.MARKETING, Side.IT)


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
    # Of work that stands still: whose turn it is; of an escalation: what it is about.
    turn: str = ""
    cause: str = ""
    asked_by: int | None = None


@dataclass(frozen=True)
class Circle:
    """The people around a request: ids of people, each set possibly empty."""

    requester: int | None = None
    owners: Set[int] = frozenset()
    # Who holds which side's seat.
    seats: dict[str, int | None] = field(default_factory=dict)
    watchers: Set[int] = frozenset()
    # Who watches one of its teams.
    team_watchers: Set[int] = frozenset()
    supporters: Set[int] = frozenset()
    has_serving_team: bool = False
    leads: dict[str, Set[int]] = field(default_factory=dict)
    it_leads: Set[int] = frozenset()
    empty_seats: Set[str] = frozenset()


def told(happening: Happening, circle: Circle) -> set[int]:
    """The ids of those who are told, each once, never the one who did it.

    What they may see and want to hear is looked at elsewhere.
    """
    if happening.kind not in TOLD_OF:
        return set()
    return _concerned(happening, circle) - {happening.actor}


def why_told(person: int, happening: Happening, circle: Circle) -> Why:
    """Why the person with the id ``person`` is one of ``told``."""
    if happening.kind in FOR_LEADS and person not in circle.owners:
        leads = _leads_for(Side.MARKETING, circle) | _leads_for_it(circle)
        return Why.LEADING if person in leads or person not in circle.team_watchers else Why.TEAM
    parts = (
        (happening.mentioned, Why.MENTIONED),
        (circle.owners, Why.OWNER),
        ({happening.asked_by}, Why.ASKED),
        ({circle.requester}, Why.REQUESTER),
        (circle.watchers | happening.moved, Why.WATCHING),
        (circle.supporters, Why.SUPPORTING),
        (circle.team_watchers, Why.TEAM),
    )
    return next((why for people, why in parts if person in people), Why.LEADING)


def _concerned(happening: Happening, circle: Circle) -> set[int]:
    if happening.kind == SUBMITTED:
        return _leads_for_it(circle) | circle.team_watchers
    if happening.kind == SEAT_EMPTIED:
        return _leads_for(Side.IT if happening.seat == "it_owner" else Side.MARKETING, circle)
    if happening.kind in JOINT:
        return _concerned_by_scores(happening, circle)
    if happening.kind in FOR_TANDEM | FOR_MARKETING | {STALLED}:
        asked = (Side.MARKETING,) if happening.kind in FOR_MARKETING else BOTH
        if happening.kind == STALLED and happening.turn in BOTH:
            asked = (Side(happening.turn),)
        return set().union(*(_in_seat(circle, side) for side in asked))
    if happening.kind == ESCALATED:
        return _concerned_by_cause(happening, circle)
    return _around(happening, circle)


def _concerned_by_cause(happening: Happening, circle: Circle) -> set[int]:
    if happening.cause == "stalled long":
        return _leads_for(Side.MARKETING, circle) | _leads_for_it(circle)
    if happening.cause == "question":
        return _in_seat(circle, happening.question_to)
    if happening.cause == "first response":
        return _leads_for_it(circle)
    return set().union(*(_in_seat(circle, side) for side in BOTH))


def _around(happening: Happening, circle: Circle) -> set[int]:
    """Those around the request, and whom the words themselves are meant for."""
    if happening.kind == COMMENT_EDITED:
        return set(happening.mentioned)
    concerned = {*circle.owners, *circle.watchers, *circle.team_watchers}
    concerned |= {*happening.moved, *happening.mentioned}
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
