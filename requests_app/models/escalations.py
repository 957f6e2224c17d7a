"""When the portal speaks up by itself, and what it has spoken of."""

from django.db import models
from django.db.models import Q

from requests_app.models.request import Request

CAUSE_LENGTH = 20
# An instant, a day, or the number of a question.
OCCASION_LENGTH = 40


class EscalationRule(models.Model):
    """What an administrator set for one cause; without a row it is on, after the time it starts with."""

    cause = models.CharField(max_length=CAUSE_LENGTH, unique=True)
    is_on = models.BooleanField(default=True)
    after = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(after=None) | Q(after__gte=1), name="escalation_rule_after_some_time"
            )
        ]

    def __str__(self) -> str:
        return self.cause


class Escalation(models.Model):
    """That something was said of a request, once for each cause and occasion."""

    cause = models.CharField(max_length=CAUSE_LENGTH)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="escalations")
    occasion = models.CharField(max_length=OCCASION_LENGTH)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "cause", "occasion"], name="escalation_once")
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.request_id} {self.occasion}"
