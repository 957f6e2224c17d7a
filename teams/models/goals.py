from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams.models.limits import PLAIN_LINE, PLAIN_TEXT, not_blank, text_limit
from teams.models.teams import Team
from teams.models.understanding import Brief, BriefKind, new_brief


class Goal(models.Model):
    """A digital goal, held by one or more teams; jointly where both sides own it."""

    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    brief = models.TextField(_("brief"), max_length=PLAIN_TEXT, blank=True, default="")
    teams = models.ManyToManyField(Team, related_name="goals", verbose_name=_("owning teams"))
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
        ordering = ["title"]
        constraints = [
            not_blank("title", "goal_has_title"),
            text_limit("brief", PLAIN_TEXT, "goal_brief_limit"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("teams:goal", args=[self.pk])

    def explaining_teams(self) -> models.QuerySet[Team]:
        return Team.objects.filter(goals=self)

    def is_explained(self) -> bool:
        return bool(self.brief)
