"""Solutions and who masters them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import GeneratedField, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models import (
    PLAIN_LINE,
    PLAIN_TEXT,
    Brief,
    BriefKind,
    Person,
    Team,
    Touchpoint,
    not_blank,
    text_limit,
)
from teams.models.understanding import new_brief
from teams.words import weighted_words

DATA_TEXT = 2_000
# In the order in which they are read. The first three are what an explainer needs.
SECTIONS = ("purpose", "limits", "what_to_do", "terms")
REQUIRED_SECTIONS = SECTIONS[:3]


class Stage(models.TextChoices):
    PILOT = "pilot", pgettext_lazy("solution", "Pilot")
    LIVE = "live", pgettext_lazy("solution", "Live")
    LEAVING = "leaving", pgettext_lazy("solution", "Leaving")


class Level(models.IntegerChoices):
    """How well somebody masters a solution; from ``ALONE`` on they count as an expert."""

    LEARNING = 0, _("is getting to know it")
    BASICS = 1, _("knows the basics")
    HELPING = 2, _("works with it with help")
    ALONE = 3, _("keeps it running alone")
    TEACHING = 4, _("teaches it to others")


class Solution(models.Model):
    """A delivered tool or system and its explainer, the plain-language text for those who live with it."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    purpose = models.TextField(_("What it does, and for whom"), max_length=PLAIN_TEXT)
    # Empty where the explainer came in one piece, by API or from before there were sections.
    limits = models.TextField(_("What it cannot do"), max_length=PLAIN_TEXT, blank=True, default="")
    what_to_do = models.TextField(_("What to do when …"), max_length=PLAIN_TEXT, blank=True, default="")
    terms = models.TextField(_("Words explained"), max_length=PLAIN_TEXT, blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=Stage.choices, default=Stage.LIVE)
    data_held = models.TextField(_("Data it holds"), max_length=DATA_TEXT, blank=True, default="")
    review_on = models.DateField(_("Look at it again on"), null=True, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="solutions", verbose_name=_("owner team")
    )
    affected_teams = models.ManyToManyField(
        Team, related_name="affecting_solutions", verbose_name=_("affected teams")
    )
    touchpoints = models.ManyToManyField(Touchpoint, related_name="solutions", verbose_name=_("touchpoints"))
    understanding = models.OneToOneField(
        Brief,
        on_delete=models.PROTECT,
        related_name=BriefKind.SOLUTION.value,
        editable=False,
        db_default=new_brief(BriefKind.SOLUTION),
    )
    # Since when its owner team has been told that too few master it; None while enough do.
    few_told_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    # Without what it cannot do: who looks for something shall not find what has it not.
    words = GeneratedField(
        expression=weighted_words(("title", "A"), ("purpose", "B"), ("what_to_do", "C"), ("terms", "C")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["title", "pk"]
        constraints = [
            not_blank("title", "solution_has_title"),
            not_blank("purpose", "solution_has_purpose"),
            *(text_limit(section, PLAIN_TEXT, f"solution_{section}_limit") for section in SECTIONS),
            text_limit("data_held", DATA_TEXT, "solution_data_limit"),
            models.CheckConstraint(condition=Q(status__in=Stage.values), name="solution_status_known"),
        ]
        indexes = [GinIndex(fields=["words"], name="solution_words")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("solutions:solution", args=[self.slug])

    def explaining_teams(self) -> models.QuerySet[Team]:
        return Team.objects.filter(pk=self.team_id)

    def is_explained(self) -> bool:
        return bool(self.purpose)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The sections of the explainer that are written, each with its heading."""
        headings = (
            (_("What it does, and for whom"), self.purpose),
            (_("What it cannot do"), self.limits),
            (_("What to do when …"), self.what_to_do),
            (_("Words explained"), self.terms),
        )
        return [(str(heading), text) for heading, text in headings if text]


class Expert(models.Model):
    """How well a person masters a solution."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="experts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mastered_solutions")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [
            models.UniqueConstraint(fields=["solution", "person"], name="expert_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="expert_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.solution}"
