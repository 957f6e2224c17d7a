from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from teams.models import Team


class TeamForecasts(models.Model):
    """The forecasts of a team's open requests, kept until something happens to one of them.

    ``made_for`` says how the team's open requests stood when they were made; other forecasts are worthless.
    They are read through requests that the reader may see, never from here.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="+")
    made_for = models.CharField(max_length=120)
    forecasts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # How long requests stay in each status, and the team's pace: made at the same time.
    load = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "team forecasts"

    def __str__(self) -> str:
        return f"{self.team_id} {self.made_for}"


class SharedHistory(models.Model):
    """What all teams' requests went through, as arrays, kept for a day: what thin histories borrow from."""

    day = models.DateField(primary_key=True)
    record = models.BinaryField()

    class Meta:
        verbose_name_plural = "shared histories"

    def __str__(self) -> str:
        return self.day.isoformat()


class Calibration(models.Model):
    """What past forecasts were worth, measured on ``day``: for each team the counts of the back-test."""

    day = models.DateField(primary_key=True)
    first = models.DateField()
    teams = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    def __str__(self) -> str:
        return self.day.isoformat()
