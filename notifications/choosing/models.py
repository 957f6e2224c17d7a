"""What people, and administrators for all, have chosen to be told, and when they want to be left alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.choosing.kinds import ByMail, Kind, Standing
from teams.models import Person, Team


class Chosen(models.Model):
    """What a person chose for one kind of news; without a row the company's default holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="chosen_news", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    inbox = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, choices=ByMail.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="chosen_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="chosen_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=ByMail.values), name="chosen_mail_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.kind}"


class CompanyDefault(models.Model):
    """What an administrator set for those who have not chosen; without a row what the portal starts with."""

    standing = models.CharField(max_length=10, choices=Standing.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    inbox = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, choices=ByMail.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "kind"], name="company_default_once"),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="company_default_standing_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="company_default_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=ByMail.values), name="company_default_mail_known"),
        ]

    def __str__(self) -> str:
        return f"{self.standing} · {self.kind}"


class QuietTimes(models.Model):
    """When somebody gets no mail, in their own zone; what comes in then is sent together afterwards.

    The hours may lie over midnight. ``days_off`` are weekdays, Monday is 0; at least one day and hour of
    the week stays free.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="quiet_times"
    )
    starts = models.TimeField(_("from"), null=True)
    ends = models.TimeField(_("until"), null=True)
    days_off = ArrayField(models.PositiveSmallIntegerField(), default=list, size=6)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None)
                | (Q(starts__isnull=False, ends__isnull=False) & ~Q(starts=F("ends"))),
                name="quiet_times_are_a_span",
            ),
            models.CheckConstraint(condition=Q(days_off__len__lte=6), name="quiet_times_leave_a_day"),
            models.CheckConstraint(
                condition=Q(days_off__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="quiet_times_weekdays"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.starts}–{self.ends}"


class TeamAttention(models.Model):
    """How much of the requests of a team somebody wants to hear, beside what they are to each of them."""

    class Level(models.TextChoices):
        WATCH = "watch", pgettext_lazy("attention", "Everything")
        MENTIONS = "mentions", pgettext_lazy("attention", "Only where I am mentioned")
        MUTE = "mute", pgettext_lazy("attention", "Nothing")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Level.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "team"], name="team_attention_once"),
            models.CheckConstraint(
                condition=Q(level__in=["watch", "mentions", "mute"]), name="team_attention_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.team_id} · {self.level}"
