"""The mail that brings an invitation."""

import logging
from smtplib import SMTPException

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from teams.invitations import Invited

logger = logging.getLogger(__name__)

# No out-of-office note shall answer what nobody has written by hand.
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(invited: Invited) -> bool:
    """Send the link, in the language of who invites; whether the mail server took it.

    The page that invited shows the link as well, so a mail server that is away stops nobody.
    """
    context = {"invitation": invited.invitation, "url": invited.url, "base_url": settings.BASE_URL}
    message = EmailMultiAlternatives(
        _("Your invitation to Tandem"),
        render_to_string("mail/invitation.txt", context),
        to=[invited.invitation.email],
        headers=BY_A_MACHINE,
    )
    html = css_inline.inline(render_to_string("mail/invitation.html", context))
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("Invitation %s could not be mailed: %s", invited.invitation.pk, error)
        return False
    return True
