"""The fixed words of a request."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SHAPING = "shaping", _("Shaping")
    READY = "ready", _("Ready")
    IN_PROGRESS = "in_progress", _("In progress")
    IN_REVIEW = "in_review", _("In review")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (Status.SUBMITTED, Status.SHAPING, Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW)
# From here on both sides rely on what the request says, so a change needs a reason.
AGREED = (Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE)
BOARD_COLUMNS = (
    Status.SHAPING,
    Status.READY,
    Status.IN_PROGRESS,
    Status.IN_REVIEW,
    Status.DONE,
    Status.PARKED,
)
# What lanes across a board are made of.
BOARD_LANES = ("team", "goal", "type", "touchpoint", "owner")
# The steps drawn on top of a request's page.
LIFE = (
    Status.SUBMITTED,
    Status.SHAPING,
    Status.READY,
    Status.IN_PROGRESS,
    Status.IN_REVIEW,
    Status.DONE,
)


class RequestType(models.TextChoices):
    CAMPAIGN_TOOL = "campaign_tool", _("Campaign tool")
    DATA_ANALYTICS = "data_analytics", _("Data & analytics")
    AUTOMATION = "automation", _("Automation")
    PERSONALISATION = "personalisation", _("Personalisation")
    WEBSITE_APP = "website_app", _("Website & app")
    INTEGRATION = "integration", _("Integration")
    OTHER = "other", pgettext_lazy("request type", "Other")


class Turn(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    IT = "it", _("IT")
    NOBODY = "nobody", pgettext_lazy("turn", "Nobody")


class WaitingFor(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    IT = "it", _("IT")
    OUTSIDE = "outside", pgettext_lazy("waiting for", "Somebody outside")


class Dimension(models.TextChoices):
    """What each side scores, from 1 to 5, in the order in which it is asked."""

    CUSTOMER_VALUE = "customer_value", _("Customer value")
    REACH = "reach", _("Reach")
    GOAL_FIT = "goal_fit", _("Goal fit")
    TIME_CRITICALITY = "time_criticality", _("Time criticality")
    EFFORT = "effort", pgettext_lazy("dimension", "Effort")
    COMPREHENSION_BURDEN = "comprehension_burden", _("Comprehension burden")


class PersonalData(models.TextChoices):
    """Whether the wished solution handles personal data; unknown until somebody says."""

    UNKNOWN = "", _("Not said yet")
    NONE = "none", _("No personal data")
    YES = "yes", _("Personal data")


class OutcomeVerdict(models.TextChoices):
    """What a delivery came to, measured against what both sides expected."""

    REACHED = "reached", pgettext_lazy("outcome", "Reached")
    PARTLY = "partly", pgettext_lazy("outcome", "Partly reached")
    MISSED = "missed", pgettext_lazy("outcome", "Missed")


class AgendaKind(models.TextChoices):
    """Why a request is on the agenda of a round; where several fit, the first."""

    DIVERGENCE = "divergence", _("Talk about a divergence")
    ACCEPTANCE = "acceptance", _("Ready to be accepted")
    NICE_TO_HAVE = "nice_to_have", _("Below the gate")
    REVISIT = "revisit", _("Parked until now")
    OUTCOME = "outcome", _("Outcome to review")
    STALLED = "stalled", _("Stands still")


class AgendaOutcome(models.TextChoices):
    """What a round came to with one request; empty while it is open."""

    DECIDED = "decided", pgettext_lazy("on the agenda", "Decided")
    DEFERRED = "deferred", pgettext_lazy("on the agenda", "Put off")
    LEFT = "left", pgettext_lazy("on the agenda", "Not decided")
