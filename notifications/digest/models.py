"""What belongs to digests besides themselves: feeds, the word of a team's lead, and how often they helped."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.models import Person, Team, not_blank
from teams.private_addresses import PrivateAddress

WORD_LENGTH = 280


class DigestFeed(PrivateAddress):
    """The address at which a person's feed reader fetches their digests; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="digest_feed")

    class Meta:
        verbose_name = _("digest feed")
        verbose_name_plural = _("digest feeds")


class TeamWord(models.Model):
    """What a lead says to the readers of a team in the digests of one week (a key such as 2026-W47)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="digest_words", db_index=False)
    week = models.CharField(max_length=8)
    text = models.CharField(max_length=WORD_LENGTH)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("word of a lead")
        verbose_name_plural = _("words of leads")
        constraints = [
            models.UniqueConstraint(fields=["team", "week"], name="team_word_once"),
            not_blank("text", "team_word_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} · {self.week}"


class Use(models.TextChoices):
    """What is counted of digests; never who did it."""

    OPENED = "opened", _("digest page opened")
    FOLLOWED = "followed", _("action followed")


class DigestUse(models.Model):
    """How often all people together did one thing on one day; nothing here tells who."""

    day = models.DateField()
    use = models.CharField(max_length=10, choices=Use.choices)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "use"], name="digest_use_once_a_day"),
            models.CheckConstraint(condition=Q(use__in=["opened", "followed"]), name="digest_use_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.use}"
