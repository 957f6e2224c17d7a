from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from teams.models.limits import not_blank


class Touchpoint(models.Model):
    """Where customers meet the company; the rows are kept by admins."""

    class Phase(models.TextChoices):
        DISCOVER = "discover", pgettext_lazy("journey phase", "Discover")
        CHOOSE = "choose", pgettext_lazy("journey phase", "Choose")
        BUY = "buy", pgettext_lazy("journey phase", "Buy")
        USE = "use", pgettext_lazy("journey phase", "Use")
        STAY = "stay", pgettext_lazy("journey phase", "Stay")

    slug = models.SlugField(max_length=40, unique=True)
    name_de = models.CharField(_("German name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    phase = models.CharField(_("journey phase"), max_length=10, choices=Phase.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        ordering = ["position", "slug"]
        constraints = [
            not_blank("name_de", "touchpoint_has_german"),
            not_blank("name_en", "touchpoint_has_english"),
            models.CheckConstraint(
                condition=Q(phase__in=["discover", "choose", "buy", "use", "stay"]),
                name="touchpoint_phase_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "").startswith("de") else self.name_en


class Company(models.Model):
    """The one row of what an admin sets for the whole portal."""

    name = models.CharField(_("name of the company"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.TIME_ZONE)
    stalled_after_hours = models.PositiveIntegerField(_("stalled after hours"), default=7 * 24)
    digest_weekday = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the weekly digest"), default=7)
    # How much value, urgency and ease count in the impact of a request, in percent.
    weight_value = models.PositiveSmallIntegerField(_("weight of the value"), default=60)
    weight_urgency = models.PositiveSmallIntegerField(_("weight of the urgency"), default=25)
    weight_ease = models.PositiveSmallIntegerField(_("weight of the ease"), default=15)
    gate = models.PositiveSmallIntegerField(_("gate"), default=40)
    # Working hours, Monday to Friday from 9 to 17: two days.
    first_response_hours = models.PositiveSmallIntegerField(
        _("first response within working hours"), default=16
    )
    # For so long after its last review a brief counts as looked at.
    brief_stale_days = models.PositiveSmallIntegerField(
        _("briefs are looked at again after days"), default=30, db_default=30
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("company")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="company_only_one"),
            not_blank("name", "company_has_name"),
            models.CheckConstraint(condition=Q(digest_weekday__lte=6), name="company_digest_weekday"),
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="company_digest_hour"),
            models.CheckConstraint(condition=Q(stalled_after_hours__gte=1), name="company_stalled_after"),
            models.CheckConstraint(
                condition=Q(
                    weight_value=models.Value(100) - models.F("weight_urgency") - models.F("weight_ease")
                ),
                name="company_weights_are_whole",
            ),
            models.CheckConstraint(condition=Q(gate__lte=100), name="company_gate"),
            models.CheckConstraint(condition=Q(first_response_hours__gte=1), name="company_first_response"),
            models.CheckConstraint(condition=Q(brief_stale_days__gte=1), name="company_brief_stale_days"),
        ]

    def __str__(self) -> str:
        return self.name
