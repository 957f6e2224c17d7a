"""The requests that serve a goal, what they shall bring and brought; and those that serve none."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from requests_app.choices import AGREED, OPEN, OutcomeVerdict, Status
from requests_app.models import Outcome, Request
from requests_app.querysets import RequestQuerySet
from teams.models import Goal, Person, Role

SHOWN = 50
PILE = 25
EXPECTED = ("metric", "unit", "baseline", "target", "measured_on")


@dataclass(frozen=True)
class Effect:
    """A request and what was measured after its present delivery; None where that is still to come."""

    row: Request
    measured: Decimal | None
    verdict: OutcomeVerdict | None


@dataclass(frozen=True)
class Served:
    """The requests of one goal that a person sees; each part the newest first and not endless."""

    open: list[Effect]
    done: list[Effect]
    parked: list[Effect]
    more: bool

    @property
    def measured(self) -> int:
        """Of how many deliveries the effect is known."""
        return sum(one.verdict is not None for one in self.done)

    @property
    def reached(self) -> int:
        """How many deliveries brought what was expected."""
        return sum(one.verdict == OutcomeVerdict.REACHED for one in self.done)

    @property
    def parts(self) -> list[tuple[str, list[Effect]]]:
        """Each status's heading key with its requests, those that have none left out."""
        found = (("open", self.open), ("done", self.done), ("parked", self.parked))
        return [(name, rows) for name, rows in found if rows]


def served_by(goal: Goal, person: Person) -> Served:
    """What serves ``goal``, as far as ``person`` may see it. Three queries."""
    rows = Request.objects.visible_to(person).filter(goal=goal)
    parts = [effects(rows.filter(status__in=some)) for some in (OPEN, (Status.DONE,), (Status.PARKED,))]
    more = any(len(part) > SHOWN for part in parts)
    return Served(parts[0][:SHOWN], parts[1][:SHOWN], parts[2][:SHOWN], more)


def effects(rows: RequestQuerySet) -> list[Effect]:
    """``rows``, the newest first, one more than is shown; with what came of them. One query."""
    outcomes = Outcome.objects.filter(request=OuterRef("pk"), delivered_at=OuterRef("done_at"))
    measured = ArraySubquery(outcomes.values(row=JSONObject(value="measured", verdict="verdict")))
    found: Any = rows.for_rows(*EXPECTED).annotate(outcome_rows=measured)
    return [_effect(row) for row in found.order_by("-number")[: SHOWN + 1]]


def _effect(row: Any) -> Effect:
    outcome = next(iter(row.outcome_rows), None)
    if outcome is None:
        return Effect(row, None, None)
    return Effect(row, Decimal(str(outcome["value"])), OutcomeVerdict(outcome["verdict"]))


@dataclass(frozen=True)
class Pile:
    """Open requests that serve no goal; each with whether the person may name one in place."""

    rows: list[tuple[Request, bool]]
    more: bool


def without_goal(person: Person, *, own: bool = False) -> Pile:
    """The open requests without a goal that ``person`` sees, the oldest first. One query.

    ``own``: only their own, and those that their teams asked for.
    """
    rows = Request.objects.visible_to(person).open().filter(goal=None)
    if own:
        rows = rows.filter(Q(requester=person) | Q(requesting_team__in=person.team_ids()))
    found = list(rows.for_rows("requester_id").order_by("number")[: PILE + 1])
    return Pile(_with_rights(found[:PILE], person), len(found) > PILE)


def _with_rights(rows: Sequence[Request], person: Person) -> list[tuple[Request, bool]]:
    """The rule of ``intake.edit.may_edit``; from *ready* on it needs a reason, so a form of its own."""
    led = {team.pk for team in person.own_teams() if team.role == Role.LEAD}

    def may(row: Request) -> bool:
        is_near = person.pk in (row.requester_id, row.marketing_owner_id, row.it_owner_id)
        leads = bool({row.requesting_team_id, row.serving_team_id} & led)
        return row.status not in AGREED and (is_near or leads or person.is_admin)

    return [(row, may(row)) for row in rows]
