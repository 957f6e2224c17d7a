from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.choices import OutcomeVerdict
from requests_app.models.request import REASON_TEXT, Request
from requests_app.querysets import OfRequestQuerySet
from teams.models import PLAIN_LINE, Person, text_limit


class Outcome(models.Model):
    """What was measured after one delivery, with what had been expected at that time.

    It belongs to the delivery at ``delivered_at``; once the request is reopened it is history.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="outcomes")
    delivered_at = models.DateTimeField()
    metric = models.CharField(max_length=PLAIN_LINE, blank=True, default="")
    unit = models.CharField(max_length=40, blank=True, default="")
    baseline = models.DecimalField(max_digits=18, decimal_places=4)
    target = models.DecimalField(max_digits=18, decimal_places=4)
    measured = models.DecimalField(_("measured value"), max_digits=18, decimal_places=4)
    verdict = models.CharField(max_length=10, choices=OutcomeVerdict.choices)
    # The difference of what both sides had scored blindly; NULL where a lead let it pass unscored.
    blind_difference = models.PositiveSmallIntegerField(null=True)
    marketing_learnt = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    it_learnt = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects: Any = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.UniqueConstraint(fields=["request", "delivered_at"], name="outcome_once_a_delivery"),
            models.CheckConstraint(
                condition=Q(verdict__in=OutcomeVerdict.values), name="outcome_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(blind_difference=None) | Q(blind_difference__lte=100),
                name="outcome_difference_range",
            ),
            text_limit("marketing_learnt", REASON_TEXT, "outcome_marketing_learnt_limit"),
            text_limit("it_learnt", REASON_TEXT, "outcome_it_learnt_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.verdict}"
