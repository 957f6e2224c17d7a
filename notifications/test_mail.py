"""A mail that an administrator sends to themselves, by the way that all mail takes."""

from uuid import uuid4

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.mail import absolute, compose, host, put_on_its_way
from notifications.models import Delivery
from teams.models import Person

KEY = "mail:test:"


def send_test(person: Person) -> Delivery:
    """Put a test mail to ``person`` on its way."""
    return put_on_its_way(person, f"{KEY}{uuid4().hex}")


def about_test(delivery: Delivery) -> EmailMultiAlternatives:
    """The test mail in the active language."""
    heading = _("Test mail")
    context = {
        "heading": heading,
        "notes": [_("This is a test: mail from Tandem reaches you. It took the way that all mail takes.")],
        "read_url": absolute(reverse("notifications:operations")),
        "why": _("You get this mail because you asked for it on the operations page."),
    }
    marks = {"Message-ID": delivery.message_id, "List-Id": f"Tandem <operations.{host()}>"}
    return compose(delivery.person, heading, "incoming", context, marks)
