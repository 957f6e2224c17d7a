"""A mail that an administrator sends to themselves, by the way that all mail takes."""

from uuid import uuid4

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock
from notifications.mail import absolute, compose, host, message_id
from notifications.models import Channel, Delivery
from teams.models import Person

KEY = "mail:test:"


def send_test(person: Person) -> Delivery:
    """Put a test mail to ``person`` on its way."""
    now, key = clock.now(), f"{KEY}{uuid4().hex}"
    return Delivery.objects.create(
        person=person,
        channel=Channel.MAIL,
        dedupe_key=key,
        message_id=message_id(key),
        due_at=now,
        created_at=now,
    )


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
