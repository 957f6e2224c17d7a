from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import GeneratedField
from django.utils.translation import gettext_lazy as _

from knowhow.bridges.models import Mentoring, Openness, RoleProfile, TeamTie
from knowhow.skills.models import PersonSkill, Skill, SkillGroup, SkillWord
from teams.models import PLAIN_LINE, PLAIN_TEXT, Team, not_blank, text_limit
from teams.words import weighted_words

__all__ = [
    "Mentoring",
    "Openness",
    "PersonSkill",
    "RoleProfile",
    "Skill",
    "SkillGroup",
    "SkillWord",
    "Solution",
    "TeamTie",
]


class Solution(models.Model):
    """A delivered tool or system and its explainer, the plain-language text for those who live with it."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    explainer = models.TextField(_("explainer"), max_length=PLAIN_TEXT)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="solutions", verbose_name=_("owner team")
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    words = GeneratedField(
        expression=weighted_words(("title", "A"), ("explainer", "B")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["title"]
        constraints = [
            not_blank("title", "solution_has_title"),
            not_blank("explainer", "solution_has_explainer"),
            text_limit("explainer", PLAIN_TEXT, "solution_explainer_limit"),
        ]
        indexes = [GinIndex(fields=["words"], name="solution_words")]

    def __str__(self) -> str:
        return self.title
