from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.chat.kinds import Kind
from teams.models import Person, Team

NAME_LENGTH = 80


class Vendor(models.TextChoices):
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    MATTERMOST = "mattermost", "Mattermost"


class ChatChannelQuerySet(models.QuerySet["ChatChannel"]):
    def of_team(self, team: Team) -> "ChatChannelQuerySet":
        """Those of ``team`` that were not removed."""
        return self.filter(team=team, removed_at=None)

    def told(self) -> "ChatChannelQuerySet":
        """Those that are switched on."""
        return self.filter(removed_at=None, is_on=True)


class ChatChannel(models.Model):
    """A channel of a team's chat that is told of the team's requests through an incoming webhook.

    Who knows the webhook's address may write into the channel: it is kept sealed and never shown again.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="chat_channels")
    vendor = models.CharField(_("program"), max_length=12, choices=Vendor.choices)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    sealed_url = models.TextField()
    # What of the address is no secret, to tell channels apart by.
    host = models.CharField(max_length=253)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=Kind.choices), verbose_name=_("what it is told")
    )
    is_on = models.BooleanField(default=True)
    # Without a success in between.
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")
    last_told_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    # Its deliveries stay as history, so the row does; its address goes.
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[ChatChannelQuerySet] = ChatChannelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("chat channel")
        verbose_name_plural = _("chat channels")
        constraints = [
            models.CheckConstraint(condition=Q(vendor__in=Vendor.values), name="chat_vendor_known"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(sealed_url="", is_on=False), name="chat_removed_is_forgotten"
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=Kind.values) & ~Q(kinds=[]), name="chat_kinds_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_vendor_display()} · {self.name}"
