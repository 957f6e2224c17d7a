"""Whose turn it is: the rule of the product as one pure function of a few facts."""

from dataclasses import dataclass
from datetime import datetime

from requests_app.choices import OPEN, Status, Turn, WaitingFor
from requests_app.models import Request


@dataclass(frozen=True)
class TurnFacts:
    """All that the turn depends on."""

    status: str
    waiting_for: str = ""
    has_serving_team: bool = False
    has_marketing_owner: bool = False
    has_it_owner: bool = False
    has_goal: bool = False
    has_result: bool = False


def has_result(request: Request) -> bool:
    """Whether the expected result is complete: metric, baseline, target and measuring date."""
    numbers = (request.baseline, request.target, request.measured_on)
    return bool(request.metric) and all(value is not None for value in numbers)


def facts_of(request: Request) -> TurnFacts:
    """What the rule has to know of ``request``; reads no other table."""
    return TurnFacts(
        status=request.status,
        waiting_for=request.waiting_for,
        has_serving_team=request.serving_team_id is not None,
        has_marketing_owner=request.marketing_owner_id is not None,
        has_it_owner=request.it_owner_id is not None,
        has_goal=request.goal_id is not None,
        has_result=has_result(request),
    )


def whose_turn(facts: TurnFacts) -> Turn:
    """The side that holds the ball; nobody for what is not open or waits for somebody outside."""
    if facts.status not in OPEN:
        return Turn.NOBODY
    if facts.waiting_for:
        return Turn.NOBODY if facts.waiting_for == WaitingFor.OUTSIDE else Turn(facts.waiting_for)
    if facts.status == Status.SUBMITTED:
        waits = facts.has_serving_team and not facts.has_marketing_owner
        return Turn.MARKETING if waits else Turn.IT
    if facts.status == Status.SHAPING:
        return Turn.MARKETING if _only_marketing_is_missing(facts) else Turn.IT
    return Turn.MARKETING if facts.status == Status.IN_REVIEW else Turn.IT


def _only_marketing_is_missing(facts: TurnFacts) -> bool:
    complete = facts.has_marketing_owner and facts.has_goal and facts.has_result
    return facts.has_it_owner and not complete


def refresh_turn(request: Request, now: datetime) -> None:
    """Bring ``turn`` up to date, without saving; ``turn_since`` is the moment at which it last changed."""
    turn = whose_turn(facts_of(request))
    if turn != request.turn or request.turn_since is None:
        request.turn, request.turn_since = turn, now
