from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.choices import RequestType
from requests_app.models.request import NEED_TEXT
from teams.models import PLAIN_LINE, Goal, Person, Team, text_limit

GUIDANCE_TEXT = 2_000


class RequestTemplate(models.Model):
    """What leads want those to know who file a request of a type, and what such a request starts with."""

    type = models.CharField(_("type"), max_length=20, choices=RequestType.choices, unique=True)
    guidance = models.TextField(_("guidance"), max_length=GUIDANCE_TEXT, blank=True, default="")
    example = models.TextField(_("example"), max_length=GUIDANCE_TEXT, blank=True, default="")
    title = models.CharField(_("title"), max_length=PLAIN_LINE, blank=True, default="")
    customer_need = models.TextField(_("customer need"), max_length=NEED_TEXT, blank=True, default="")
    outcome = models.TextField(_("outcome for the customer"), max_length=NEED_TEXT, blank=True, default="")
    metric = models.CharField(_("metric"), max_length=PLAIN_LINE, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="")
    goal = models.ForeignKey(
        Goal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("goal")
    )
    serving_team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("serving team"),
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("request template")
        verbose_name_plural = _("request templates")
        ordering = ["type"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=RequestType.values), name="template_type_known"),
            text_limit("guidance", GUIDANCE_TEXT, "template_guidance_limit"),
            text_limit("example", GUIDANCE_TEXT, "template_example_limit"),
            text_limit("customer_need", NEED_TEXT, "template_need_limit"),
            text_limit("outcome", NEED_TEXT, "template_outcome_limit"),
        ]

    def __str__(self) -> str:
        return str(self.get_type_display())
