"""Reads what waits for both sides: of everything, of one board, or of one goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Case, F, Q, Value, When

from activity import clock
from requests_app.boards.scope import shown_on
from requests_app.choices import AgendaKind, Status
from requests_app.models import Board, Request
from requests_app.reminding import measuring_due, revisit_due, standing_still, taken_up
from requests_app.rounds.agenda import Waiting
from requests_app.scoring.rules import rules_now
from teams.models import Goal, Person


@dataclass(frozen=True)
class Scope:
    """What a round is about; without board and goal everything."""

    board: Board | None = None
    goal: Goal | None = None

    @property
    def key(self) -> str:
        if self.board is not None:
            return f"board:{self.board.pk}"
        return "" if self.goal is None else f"goal:{self.goal.pk}"

    @property
    def title(self) -> str:
        return str(self.board or self.goal or "")

    @property
    def condition(self) -> Q:
        if self.board is not None:
            return shown_on(self.board)
        return Q() if self.goal is None else Q(goal=self.goal.pk)


EVERYTHING = Scope()


def waiting_for_both(person: Person, scope: Scope, most: int) -> list[Waiting]:
    """The first ``most`` of what waits in ``scope``, among what ``person`` may see, in the agenda's order.

    A round has no more things than minutes, so whoever asks for as many as there are minutes misses nothing.
    Three queries.
    """
    kinds = _kinds(clock.now())
    why = Case(*(When(fits, then=Value(kind)) for kind, fits in kinds.items()), default=Value(""))
    rows = Request.objects.visible_to(person).filter(scope.condition, reduce(or_, kinds.values()), taken_up())
    in_order = rows.annotate(why=why).order_by(
        F("difference").desc(nulls_last=True), "status_since", "number"
    )
    found = in_order.values_list("number", "why", "difference", "status_since")[:most]
    return [Waiting(*row) for row in found]


def _kinds(now: datetime) -> Mapping[str, Q]:
    """The condition of each kind; the first that fits counts."""
    scored = Q(status=Status.SHAPING, difference__isnull=False)
    agreed, rules = scored & Q(difference_provisional=False), rules_now()
    day = now.astimezone(rules.zone).date()
    return {
        AgendaKind.DIVERGENCE: scored & Q(difference_provisional=True),
        AgendaKind.ACCEPTANCE: agreed & Q(difference__gte=rules.gate) & _complete(),
        AgendaKind.NICE_TO_HAVE: agreed & Q(difference__lt=rules.gate),
        AgendaKind.REVISIT: revisit_due(day),
        AgendaKind.OUTCOME: measuring_due(day),
        AgendaKind.STALLED: standing_still(now),
    }


def _complete() -> Q:
    """Goal, tandem and expected result are there: what accepting needs beside scores and gate."""
    there = ("goal", "marketing_owner", "it_owner", "baseline", "target", "measured_on")
    return Q(**{f"{name}__isnull": False for name in there}) & ~Q(metric="")
