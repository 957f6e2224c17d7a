"""What the two ends of each scale mean, in a sentence."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Dimension

# What each way in says to a value that is no point of a scale.
WHOLE = _("Choose a whole number from 1 to 5.")


@dataclass(frozen=True)
class Scale:
    """The meaning of 1 and of 5."""

    low: str | Promise
    high: str | Promise


SCALES: dict[str, Scale] = {
    Dimension.CUSTOMER_VALUE: Scale(
        _("Customers would hardly notice it."), _("It solves what customers miss most.")
    ),
    Dimension.REACH: Scale(_("It concerns a few customers."), _("It concerns nearly all customers.")),
    Dimension.GOAL_FIT: Scale(
        _("It touches the goal only at its edge."), _("Without it the goal is out of reach.")
    ),
    Dimension.TIME_CRITICALITY: Scale(
        _("Nothing is lost if it comes later."), _("Later it is of no use any more.")
    ),
    Dimension.EFFORT: Scale(_("It takes a few days."), _("It keeps several people busy for months.")),
    Dimension.COMPREHENSION_BURDEN: Scale(
        _("It explains itself."), _("Everybody concerned has to be trained.")
    ),
}
