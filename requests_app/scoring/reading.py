"""The scores of a request's round as they stand in the database, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from requests_app.choices import Dimension
from requests_app.models import AgreedScore, Request, Scorer, ScoringRound, SideScore
from requests_app.querysets import RequestQuerySet
from requests_app.scoring import arithmetic
from requests_app.scoring.arithmetic import Weights
from requests_app.scoring.rules import rules_row
from teams.models import Person, Side

BOTH = (Side.MARKETING, Side.IT)
ESTIMATE = ("best", "likely", "worst")


@dataclass(frozen=True)
class Entered:
    """What one side has entered."""

    side: str
    values: dict[str, int]
    estimate: dict[str, float | None]
    by: int
    by_name: str
    at: datetime
    version: int
    blind: dict[str, int] | None = None


@dataclass(frozen=True)
class Agreement:
    """A joint value for a divergence; ``agreed_by`` None while the other side has not assented."""

    dimension: str
    value: int
    note: str
    side: str
    by: int
    by_name: str
    agreed_by: int | None
    agreed_by_name: str

    @property
    def is_agreed(self) -> bool:
        return self.agreed_by is not None


@dataclass(frozen=True)
class Round:
    """One round with everything in it; who may look at it is decided in ``seeing``."""

    number: int = 1
    sides: Mapping[str, Entered] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    decided: bool = False
    # As the decision was made with; before it, those of today hold.
    weights: Weights | None = None
    gate: int | None = None

    @property
    def is_revealed(self) -> bool:
        """Whether both sides are in, so that everybody may see what they said."""
        return all(side in self.sides for side in BOTH)

    @property
    def marketing(self) -> dict[str, int]:
        return self.sides[Side.MARKETING].values

    @property
    def it(self) -> dict[str, int]:
        return self.sides[Side.IT].values

    @cached_property
    def divergences(self) -> list[str]:
        """The dimensions to talk about, agreed or not."""
        return arithmetic.divergences(self.marketing, self.it) if self.is_revealed else []

    @property
    def open_divergences(self) -> list[str]:
        return [name for name in self.divergences if name not in self.agreed]

    @property
    def agreed(self) -> dict[str, int]:
        return {name: one.value for name, one in self.agreements.items() if one.is_agreed}

    @property
    def awaiting(self) -> set[str]:
        """The sides that made a proposal which the other has not answered."""
        return {one.side for one in self.agreements.values() if not one.is_agreed}

    @cached_property
    def joint(self) -> dict[str, Fraction]:
        return arithmetic.joint(self.marketing, self.it, self.agreed)

    def difference(self, weights: Weights) -> int:
        """The difference with the weights of the decision, before it with ``weights``."""
        return arithmetic.difference(self.joint, self.weights or weights)


def round_of(request: Request) -> Round:
    """The present round of ``request``: what ``with_scores`` brought along, else one query."""
    if hasattr(request, "round_rows"):
        rows = request.round_rows
    else:
        present = _rows().filter(request=request, number=request.scoring_round)
        rows = list(present.values_list("row", flat=True))
    return round_from(rows, request.scoring_round)


@cache
def round_rows() -> ArraySubquery:
    """For annotating requests with what ``round_from`` takes: their present round, where it has begun."""
    here = _rows().filter(request=OuterRef("pk"), number=OuterRef("scoring_round"))
    return ArraySubquery(here.values("row"))


def round_from(rows: Sequence[dict[str, Any]], number: int) -> Round:
    """The round of ``round_rows``; an empty one called ``number`` where it has not begun."""
    return _round(rows[0]) if rows else Round(number)


def earlier_rounds(request: Request) -> list[Round]:
    """The rounds before the present one, the newest first: history, each as blind as it was left."""
    earlier = _rows().filter(request=request, number__lt=request.scoring_round).order_by("-number")
    return [_round(row) for row in earlier.values_list("row", flat=True)]


def with_scores(requests: RequestQuerySet, person: Person) -> RequestQuerySet:
    """``requests`` with what ``round_of``, ``scores_for`` and ``rules_for`` read, in the same query."""
    own = Scorer.objects.filter(request=OuterRef("pk"), person=person).values("side")[:1]
    return requests.annotate(
        round_rows=round_rows(),
        scores_for=Coalesce(Subquery(own), Value("")),
        rules_row=rules_row(),
    )


@cache
def _rows() -> Any:  # a queryset with an annotation that its type cannot name
    scores = SideScore.objects.filter(round=OuterRef("pk")).values(
        row=JSONObject(
            side="side",
            values=JSONObject(**{name: F(name) for name in Dimension.values}),
            estimate=JSONObject(**{name: F(name) for name in ESTIMATE}),
            by="entered_by",
            by_name="entered_by__name",
            at="changed_at",
            version="version",
            blind="blind",
        )
    )
    agreed = AgreedScore.objects.filter(round=OuterRef("pk")).values(
        row=JSONObject(
            dimension="dimension",
            value="value",
            note="note",
            side="proposed_side",
            by="proposed_by",
            by_name="proposed_by__name",
            agreed_by="agreed_by",
            agreed_by_name="agreed_by__name",
        )
    )
    return ScoringRound.objects.annotate(
        row=JSONObject(
            number="number",
            weights="weights",
            gate="gate",
            decided_at="decided_at",
            scores=ArraySubquery(scores),
            agreed=ArraySubquery(agreed),
        )
    )


def _round(row: dict[str, Any]) -> Round:
    agreed = [Agreement(**{**one, "agreed_by_name": one["agreed_by_name"] or ""}) for one in row["agreed"]]
    return Round(
        number=row["number"],
        sides={one["side"]: _entered(one) for one in row["scores"]},
        agreements={one.dimension: one for one in agreed},
        decided=row["decided_at"] is not None,
        weights=Weights(**row["weights"]) if row["weights"] else None,
        gate=row["gate"],
    )


def _entered(row: dict[str, Any]) -> Entered:
    return Entered(**{**row, "at": datetime.fromisoformat(row["at"])})
