from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Dimension
from requests_app.models.request import REASON_TEXT, Request
from teams.models import Person, Side, not_blank, text_limit

LOWEST, HIGHEST = 1, 5
BOTH_SIDES = (Side.MARKETING, Side.IT)
SCORING_SIDES = [(side.value, side.label) for side in BOTH_SIDES]


class ScoringRound(models.Model):
    """One blind round. ``revealed_at``: both sides are in; what was decided with is kept by the decision."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="scoring_rounds")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # Percentages of value, urgency and ease, and the gate, as they were at the decision.
    weights: "models.JSONField[Any]" = models.JSONField(null=True)
    gate = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("scoring round")
        verbose_name_plural = _("scoring rounds")
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="scoring_round_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scoring_round_number"),
            models.CheckConstraint(
                condition=Q(decided_at=None, weights=None, gate=None)
                | Q(decided_at__isnull=False, weights__isnull=False, gate__isnull=False, gate__lte=100),
                name="scoring_round_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.number}"


def _between(name: str) -> Q:
    return Q(**{f"{name}__gte": LOWEST, f"{name}__lte": HIGHEST})


class SideScore(models.Model):
    """The view of one side in a round; IT's comes with its estimate in person-days."""

    round = models.ForeignKey(ScoringRound, on_delete=models.CASCADE, related_name="scores")
    side = models.CharField(max_length=10, choices=SCORING_SIDES)
    customer_value = models.PositiveSmallIntegerField(Dimension.CUSTOMER_VALUE.label)
    reach = models.PositiveSmallIntegerField(Dimension.REACH.label)
    goal_fit = models.PositiveSmallIntegerField(Dimension.GOAL_FIT.label)
    time_criticality = models.PositiveSmallIntegerField(Dimension.TIME_CRITICALITY.label)
    effort = models.PositiveSmallIntegerField(Dimension.EFFORT.label)
    comprehension_burden = models.PositiveSmallIntegerField(Dimension.COMPREHENSION_BURDEN.label)
    best = models.DecimalField(_("best case"), max_digits=7, decimal_places=2, null=True)
    likely = models.DecimalField(_("likely"), max_digits=7, decimal_places=2, null=True)
    worst = models.DecimalField(_("worst case"), max_digits=7, decimal_places=2, null=True)
    # The six values with which the side came into the reveal: alignment and hit rates count from these.
    blind: "models.JSONField[Any]" = models.JSONField(null=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["round", "side"], name="side_score_once"),
            models.CheckConstraint(condition=Q(side__in=BOTH_SIDES), name="side_score_side"),
            *(
                models.CheckConstraint(condition=_between(name), name=f"side_score_{name}")
                for name in Dimension.values
            ),
            models.CheckConstraint(
                condition=Q(side=Side.MARKETING, best=None, likely=None, worst=None)
                | (
                    Q(side=Side.IT, best__isnull=False, likely__isnull=False, worst__isnull=False)
                    & Q(best__gt=0, likely__gte=F("best"), worst__gte=F("likely"))
                ),
                name="side_score_estimate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.side}"

    @property
    def values(self) -> dict[str, int]:
        """The six values by dimension."""
        return {name: getattr(self, name) for name in Dimension.values}


class Scorer(models.Model):
    """For which side of a request a person scores: for one only, however many rounds there are."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="scorers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=SCORING_SIDES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="scorer_for_one_side"),
            models.CheckConstraint(condition=Q(side__in=BOTH_SIDES), name="scorer_side"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.request_id}"


class AgreedScore(models.Model):
    """A joint value for a divergence: proposed by one side, agreed once the other assents."""

    round = models.ForeignKey(ScoringRound, on_delete=models.CASCADE, related_name="agreed")
    dimension = models.CharField(max_length=24, choices=Dimension.choices)
    value = models.PositiveSmallIntegerField(_("joint value"))
    note = models.TextField(_("note"), max_length=REASON_TEXT)
    proposed_side = models.CharField(max_length=10, choices=SCORING_SIDES)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("joint score")
        verbose_name_plural = _("joint scores")
        constraints = [
            models.UniqueConstraint(fields=["round", "dimension"], name="agreed_score_once"),
            models.CheckConstraint(condition=_between("value"), name="agreed_score_value"),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="agreed_score_dimension"
            ),
            models.CheckConstraint(condition=Q(proposed_side__in=BOTH_SIDES), name="agreed_score_side"),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("proposed_by"))),
                name="agreed_score_by_another",
            ),
            not_blank("note", "agreed_score_has_note"),
            text_limit("note", REASON_TEXT, "agreed_score_note_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.dimension}"
