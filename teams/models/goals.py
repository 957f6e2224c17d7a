"""Digital goals, what they are measured by, and how that goes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models.limits import PLAIN_LINE, PLAIN_TEXT, not_blank, text_limit
from teams.models.people import Person, Side
from teams.models.teams import Team
from teams.models.understanding import Brief, BriefKind, new_brief
from teams.words import WORDS_OF_GOALS, by_letters

# One of the short sections of a brief; a note beside a value; what came of a goal.
SECTION_TEXT = 2_000
NOTE_TEXT = 1_000
UNIT_LINE = 40
# What numeric(18, 4) holds.
DIGITS, PLACES = 18, 4


class Level(models.TextChoices):
    """Whose goal it is; each serves one of its own level or of one before."""

    COMPANY = "company", _("Company goal")
    JOINT = "joint", _("joint goal")
    TEAM = "team", _("Team goal")


class Health(models.TextChoices):
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")


class Confidence(models.TextChoices):
    HIGH = "high", pgettext_lazy("confidence", "confident")
    MEDIUM = "medium", pgettext_lazy("confidence", "unsure")
    LOW = "low", pgettext_lazy("confidence", "doubtful")


class Goal(models.Model):
    """A digital goal, held by one or more teams; jointly where both sides own it.

    Its brief stands in short sections: ``brief`` is what we want to reach.
    """

    SECTIONS: ClassVar = (
        ("brief", _("What we want to reach")),
        ("customer_change", _("What changes for the customer")),
        ("expected_of_it", _("What we expect of IT")),
        ("expected_of_marketing", _("What we expect of Marketing")),
        ("way_in", _("How to get involved")),
    )

    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    brief = models.TextField(_("what we want to reach"), max_length=PLAIN_TEXT, blank=True, default="")
    customer_change = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")
    expected_of_it = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")
    expected_of_marketing = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")
    way_in = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")
    teams = models.ManyToManyField(Team, related_name="goals", verbose_name=_("owning teams"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    is_company = models.BooleanField(_("company goal"), default=False, db_default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    # What a lead says about it against what its key results say.
    health_said = models.CharField(
        max_length=10, choices=Health.choices, blank=True, default="", db_default=""
    )
    health_reason = models.CharField(max_length=NOTE_TEXT, blank=True, default="", db_default="")
    health_said_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    health_said_at = models.DateTimeField(null=True)

    # What came of it, once its period is closed.
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    result = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")
    learning = models.TextField(max_length=SECTION_TEXT, blank=True, default="", db_default="")

    is_archived = models.BooleanField(_("archived"), default=False)
    understanding = models.OneToOneField(
        Brief,
        on_delete=models.PROTECT,
        related_name=BriefKind.GOAL.value,
        editable=False,
        db_default=new_brief(BriefKind.GOAL),
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = [by_letters("title"), "pk"]
        constraints = [
            not_blank("title", "goal_has_title"),
            text_limit("brief", PLAIN_TEXT, "goal_brief_limit"),
            *(
                text_limit(field, SECTION_TEXT, f"goal_{field}_limit")
                for field in (
                    *("customer_change", "expected_of_it", "expected_of_marketing", "way_in"),
                    *("result", "learning"),
                )
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="goal_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gt=F("starts_on")),
                name="goal_period_whole",
            ),
            models.CheckConstraint(
                condition=Q(health_said="")
                | (Q(health_said__in=Health.values) & ~Q(health_reason="") & Q(health_said_by__isnull=False)),
                name="goal_health_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, result="", learning="")
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False, is_archived=True)
                    & ~Q(result="")
                    & ~Q(learning="")
                ),
                name="goal_closed_with_result_and_learning",
            ),
        ]
        indexes = [GinIndex(WORDS_OF_GOALS, name="goal_words")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("teams:goal", args=[self.pk])

    def explaining_teams(self) -> models.QuerySet[Team]:
        return Team.objects.filter(goals=self)

    def is_explained(self) -> bool:
        return bool(self.brief)

    @property
    def level(self) -> Level:
        """Whose goal it is. One query unless the teams are prefetched."""
        if self.is_company:
            return Level.COMPANY
        sides = {team.side for team in self.teams.all()}
        return Level.JOINT if {Side.MARKETING, Side.IT} <= sides else Level.TEAM

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The sections of the brief that are written, each with its heading."""
        texts = ((str(heading), getattr(self, name)) for name, heading in self.SECTIONS)
        return [(heading, text) for heading, text in texts if text]

    @property
    def unwritten(self) -> list[str]:
        """The headings of the sections that are still empty."""
        return [str(heading) for name, heading in self.SECTIONS if not getattr(self, name)]

    def is_over(self, today: date) -> bool:
        """Whether its period has ended and nobody has closed it."""
        return self.ends_on is not None and self.ends_on < today and self.closed_at is None


class KeyResult(models.Model):
    """What a goal is measured by. ``current`` is the newest value that was checked in.

    Once ended it counts no more: it was reached, or ``ended_because`` says why, or ``moved_to`` where it goes
    on.
    """

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="key_results")
    title = models.CharField(_("what is measured"), max_length=PLAIN_LINE)
    unit = models.CharField(_("unit"), max_length=UNIT_LINE, blank=True, default="")
    baseline = models.DecimalField(_("value at the start"), max_digits=DIGITS, decimal_places=PLACES)
    target = models.DecimalField(_("target"), max_digits=DIGITS, decimal_places=PLACES)
    current = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=PLACES)
    checked_on = models.DateField(null=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=NOTE_TEXT, blank=True, default="")
    moved_to = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="moved_from", editable=False
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("key result")
        verbose_name_plural = _("key results")
        ordering = ["id"]
        constraints = [
            not_blank("title", "key_result_has_title"),
            models.CheckConstraint(condition=~Q(target=F("baseline")), name="key_result_wants_a_change"),
            models.CheckConstraint(
                condition=Q(current=None, checked_on=None, confidence="")
                | Q(current__isnull=False, checked_on__isnull=False, confidence__in=Confidence.values),
                name="key_result_current_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="", moved_to=None)
                | Q(ended_at__isnull=False, moved_to__isnull=False)
                | (Q(ended_at__isnull=False) & ~Q(ended_because=""))
                | Q(
                    Q(target__gt=F("baseline"), current__gte=F("target"))
                    | Q(target__lt=F("baseline"), current__lte=F("target")),
                    ended_at__isnull=False,
                    current__isnull=False,
                ),
                name="key_result_never_ends_silently",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rises(self) -> bool:
        """Whether more is better."""
        return self.target > self.baseline

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class CheckIn(models.Model):
    """How a key result stood on a day, by whom, and how sure they are that it will be reached."""

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="check_ins")
    on = models.DateField()
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    note = models.CharField(max_length=NOTE_TEXT, blank=True, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="check_in_confidence_known"
            ),
        ]
        indexes = [models.Index(fields=["key_result", "on", "id"], name="check_in_in_order")]

    def __str__(self) -> str:
        return f"{self.on} {self.value}"
