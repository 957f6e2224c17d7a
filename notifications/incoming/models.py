from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.models import Person


class Outcome(models.TextChoices):
    COMMENT = "comment", _("Became a comment")
    ANSWER = "answer", _("Answered a question")
    DRAFT = "draft", _("Became a draft")
    BOUNCE = "bounce", _("Our own mail came back")
    IGNORED = "ignored", _("Left alone: written by a machine")
    REFUSED = "refused", _("Not taken")


class IncomingMail(models.Model):
    """A mail that was looked at once, by its Message-ID: what became of it, never what it says."""

    key = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=254, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    # Why it was not taken, or what of it: a word for figures.
    reason = models.CharField(max_length=40, blank=True, default="")
    # What its sender is told of that, in their language.
    notes = models.JSONField(default=list)
    # Whose mail it was found to be.
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # The request that it was taken into; the address of a page is told only as far as it may be seen.
    request = models.ForeignKey(
        "requests_app.Request", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    size = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="incoming_outcome_known")
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="incoming_newest"),
            models.Index(fields=["person", "received_at"], name="incoming_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} · {self.outcome}"
