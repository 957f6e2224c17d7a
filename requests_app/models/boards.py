from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Status
from teams.models import Team


class WipLimit(models.Model):
    """How many requests of a status a serving team works on at once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="wip_limits")
    status = models.CharField(max_length=20, choices=Status.choices)
    limit = models.PositiveSmallIntegerField(_("limit"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "status"], name="wip_limit_once"),
            models.CheckConstraint(condition=Q(limit__gte=1), name="wip_limit_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["shaping", "ready", "in_progress", "in_review"]),
                name="wip_limit_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.status} {self.limit}"
