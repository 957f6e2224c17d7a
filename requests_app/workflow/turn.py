"""Whose turn it is: the rule of the product as one pure function of a few facts."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from requests_app.choices import OPEN, Status, Turn, WaitingFor
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.scoring.reading import Round, round_of
from teams.models import Side


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
    # The side that the oldest open question asks.
    asked: str = ""
    marketing_scored: bool = False
    it_scored: bool = False
    has_open_divergence: bool = False
    # IT has proposed a joint value which Marketing has not answered.
    it_proposes: bool = False


def has_result(request: Request) -> bool:
    """Whether the expected result is complete: metric, baseline, target and measuring date."""
    numbers = (request.baseline, request.target, request.measured_on)
    return bool(request.metric) and all(value is not None for value in numbers)


@dataclass(frozen=True)
class Beside:
    """What the turn depends on beside the request's row: who is asked (as ``asked_side``), and the scores."""

    asked: str = ""
    round: Round = field(default=Round())


@cache
def asked_side() -> Coalesce:
    """For annotating requests with the side that their oldest open question asks; "" where there is none."""
    return Coalesce(Subquery(_open_questions(OuterRef("pk"))[:1]), Value(""))


def beside_of(request: Request, scores: Round | None = None) -> Beside:
    """What stands beside ``request`` now; ``scores`` is its present round, where that is known.

    At most two queries.
    """
    # What is not saved yet has neither talk nor scores.
    if request._state.adding:
        return Beside()
    asked = _asked(request) if request.status in OPEN else ""
    is_scored = request.status == Status.SHAPING
    return Beside(asked, (scores or round_of(request)) if is_scored else Round())


def facts_of(request: Request, beside: Beside | None = None) -> TurnFacts:
    """What the rule has to know of ``request``, in at most two queries, none where ``beside`` is known."""
    beside = beside or beside_of(request)
    found = beside.round if request.status == Status.SHAPING else Round()
    return TurnFacts(
        status=request.status,
        waiting_for=request.waiting_for,
        has_serving_team=request.serving_team_id is not None,
        has_marketing_owner=request.marketing_owner_id is not None,
        has_it_owner=request.it_owner_id is not None,
        has_goal=request.goal_id is not None,
        has_result=has_result(request),
        asked=beside.asked if request.status in OPEN else "",
        **_of_scores(found),
    )


def _asked(request: Request) -> str:
    return _open_questions(request).first() or ""


def _open_questions(request: Request | OuterRef) -> "QuerySet[Comment, str]":
    """The sides that are asked, that of the oldest question first."""
    open_ones = Comment.objects.filter(OPEN_QUESTION, request=request).order_by("created_at", "pk")
    return open_ones.values_list("question_to", flat=True)


def _of_scores(found: Round) -> dict[str, Any]:
    return {
        "marketing_scored": Side.MARKETING in found.sides,
        "it_scored": Side.IT in found.sides,
        "has_open_divergence": bool(found.open_divergences),
        "it_proposes": Side.IT in found.awaiting,
    }


def whose_turn(facts: TurnFacts) -> Turn:
    """The side that holds the ball; nobody for what is not open or waits for somebody outside."""
    if facts.status not in OPEN:
        return Turn.NOBODY
    if facts.waiting_for:
        return Turn.NOBODY if facts.waiting_for == WaitingFor.OUTSIDE else Turn(facts.waiting_for)
    if facts.asked:
        return Turn(facts.asked)
    if facts.status == Status.SUBMITTED:
        waits = facts.has_serving_team and not facts.has_marketing_owner
        return Turn.MARKETING if waits else Turn.IT
    if facts.status == Status.SHAPING:
        waits = facts.it_proposes or _only_marketing_is_missing(facts)
        return Turn.MARKETING if waits else Turn.IT
    return Turn.MARKETING if facts.status == Status.IN_REVIEW else Turn.IT


def _only_marketing_is_missing(facts: TurnFacts) -> bool:
    marketing = facts.has_marketing_owner and facts.marketing_scored and facts.has_goal and facts.has_result
    it = facts.has_it_owner and facts.it_scored and not facts.has_open_divergence
    return it and not marketing


def refresh_turn(request: Request, now: datetime, beside: Beside | None = None) -> None:
    """Bring ``turn`` up to date, without saving; ``turn_since`` is the moment at which it last changed.

    ``beside`` is what stands beside the row at this moment, where that is known; else it is read.
    """
    turn = whose_turn(facts_of(request, beside))
    if turn != request.turn or request.turn_since is None:
        request.turn, request.turn_since = turn, now


def keep_turn(request: Request, now: datetime, *, progress: bool = False) -> None:
    """Save the turn of ``request``, whose row is held, where it changed; with ``progress`` it moves on.

    The version moves with the turn: what was read before is no longer true.
    """
    before, changed = request.turn, {"progress_at"} if progress else set()
    refresh_turn(request, now)
    if progress:
        request.progress_at = now
    if request.turn != before:
        request.version += 1
        request.updated_at = now
        changed |= {"turn", "turn_since", "version", "updated_at"}
    if changed:
        request.save(update_fields=sorted(changed))
