"""The mail that tells a sender what became of theirs: through the outbox, to people of the portal alone."""

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock
from notifications.incoming.models import IncomingMail, Outcome
from notifications.mail import absolute, compose, host, put_on_its_way
from notifications.models import Delivery
from requests_app.models import Request
from teams.models import Person

KEY = "mail:answer:"
# So that two machines that answer each other end.
MOST_AN_HOUR = 10


def answer_sender(mail: IncomingMail, person: Person) -> Delivery | None:
    """Put an answer to ``mail`` on the way, unless ``person`` got many of them just now."""
    now = clock.now()
    lately = Delivery.objects.filter(
        person=person, dedupe_key__startswith=KEY, created_at__gt=now - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        return None
    return put_on_its_way(person, f"{KEY}{mail.pk}")


def about_mail(delivery: Delivery) -> EmailMultiAlternatives | None:
    """The answer in the active language; None where what it tells of is gone."""
    mail = IncomingMail.objects.filter(pk=delivery.dedupe_key.removeprefix(KEY)).first()
    if mail is None:
        return None
    request = _request(mail, delivery.person)
    context: dict[str, Any] = {
        "heading": _subject(mail, request),
        "notes": mail.notes,
        "request": request,
        "is_draft": mail.outcome == Outcome.DRAFT,
        "is_taken": mail.outcome in (Outcome.COMMENT, Outcome.ANSWER),
        "read_url": absolute(_path(mail, request)) if request else "",
        "why": _("You get this mail because a mail in your name came to Tandem."),
    }
    marks = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-replied",
        "List-Id": f"Tandem <incoming.{host()}>",
    }
    return compose(delivery.person, context["heading"], "incoming", context, marks)


def _request(mail: IncomingMail, person: Person) -> Request | None:
    if mail.request_id is None:
        return None
    return Request.objects.visible_to(person).filter(pk=mail.request_id).first()


def _path(mail: IncomingMail, request: Request) -> str:
    if mail.outcome == Outcome.DRAFT:
        return reverse("requests:edit", args=[request.number])
    return request.get_absolute_url()


def _subject(mail: IncomingMail, request: Request | None) -> str:
    if mail.outcome == Outcome.DRAFT and request:
        return _("Your draft is there: %(title)s") % {"title": request.title or request.key}
    if mail.outcome == Outcome.REFUSED:
        return _("Your mail was not taken")
    return _("Not all of your mail was taken")
