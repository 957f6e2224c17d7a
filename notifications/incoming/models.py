from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teams.models import Person


class Outcome(models.TextChoices):
    COMMENT = "comment", _("Became a comment")
    ANSWER = "answer", _("Answered a question")
    DRAFT = "draft", _("Became a draft")
    BOUNCE = "bounce", _("Our own mail came back")
    IGNORED = "ignored", _("Left alone: written by a machine")
    REFUSED = "refused", _("Not taken")


# Why a mail was not taken, in words for administrators.
REFUSALS: Mapping[str, str | Promise] = {
    "forged": _("The address that it went to was not made here"),
    "expired": _("The address that it went to is too old"),
    "foreign_sender": _("It came from somebody else than the address belongs to"),
    "person_gone": _("The person that the address belongs to is not here any more"),
    "not_visible": _("The request is gone, or its sender may not see it"),
    "empty": _("No text of its sender was found in it"),
    "rule": _("A rule of the portal refused it"),
    "too_large": _("It is too large"),
    "too_deep": _("It is built of too many layers"),
    "too_many_parts": _("It is built of too many parts"),
    "broken": _("It is broken and cannot be read"),
    "header_too_long": _("Its header is too long"),
    "header_too_deep": _("Its header cannot be read"),
    "unknown_sender": _("Its sender is not known here"),
    "unknown_team": _("There is no team with this address"),
    "too_many_drafts": _("Its sender made too many drafts in a day"),
    "not_for_us": _("It was addressed to nothing that takes mail"),
    "no_mail": _("It is no mail"),
}


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

    @property
    def reason_words(self) -> str:
        """Why it was not taken, in the active language."""
        return str(REFUSALS.get(self.reason, self.reason))
