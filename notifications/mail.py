"""Mail as objects: its address marks (Message-ID, thread, list), its languages, its two bodies."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from activity.models import Event
from notifications.audience import ASKED
from notifications.incoming.addresses import ReplyTo, bounce_address, reply_address
from notifications.models import Delivery
from notifications.mute_link import mute_url
from notifications.news import News, one_line, tell
from requests_app.markdown import to_html
from requests_app.models import Comment, Request
from teams.models import Person

# Longer subjects help nobody and come near the limit of a header line.
SUBJECT_LENGTH = 180

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def host() -> str:
    """The host that stands behind the @ of the marks of our mail."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def message_id(dedupe_key: str) -> str:
    """The same Message-ID for the same key, so that a repeated mail is recognised as one."""
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{host()}>"


def thread_id(request: Request) -> str:
    """The root that all mails about ``request`` refer to, so that readers see them as one thread."""
    return f"<request.{request.number}@{host()}>"


def absolute(path: str) -> str:
    """The address of a page of the portal, for use outside of it."""
    return f"{settings.BASE_URL}{path}"


@contextmanager
def as_read_by(person: Person, zone: ZoneInfo) -> Iterator[None]:
    """Language and time zone of ``person``."""
    with translation.override(person.language or settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def styled(html: str) -> str:
    """The whole mail ``html`` with its styles written into the elements."""
    return _inliner.inline(html)


def styled_piece(html: str) -> str:
    """A piece of a mail's body, with the styles of ``mail/base.html`` written into the elements."""
    return _inliner.inline_fragment(html, _styles())


@cache
def _styles() -> str:
    return render_to_string("mail/_style.css")


def compose(
    person: Person, subject: str, template: str, context: Mapping[str, Any], headers: Mapping[str, str]
) -> EmailMultiAlternatives:
    """A mail of ``mail/<template>.txt`` and ``.html`` to ``person``, in the active language."""
    context = {**context, "subject": subject_line(subject), "person": person, "base_url": settings.BASE_URL}
    context["is_answerable"] = "Reply-To" in headers
    text = render_to_string(f"mail/{template}.txt", dict(context))
    html = styled(render_to_string(f"mail/{template}.html", dict(context)))
    return addressed(person, subject, text, html, headers)


def subject_line(text: str) -> str:
    """``text`` as it can stand in a mail's header."""
    return one_line(text)[:SUBJECT_LENGTH]


def addressed(
    person: Person, subject: str, text: str, html: str, headers: Mapping[str, str]
) -> EmailMultiAlternatives:
    """A mail of two bodies to ``person``, marked as sent by a machine."""
    marks = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", **headers}
    # What cannot be delivered comes back to an address that tells whose mail it was.
    sender = bounce_address(person.pk)
    if sender:
        marks["From"] = settings.DEFAULT_FROM_EMAIL
    body = text.strip() + "\n"
    mail = EmailMultiAlternatives(subject_line(subject), body, sender or None, [person.email], headers=marks)
    mail.attach_alternative(html, "text/html")
    return mail


def about_request(delivery: Delivery, request: Request, comment: Comment | None) -> EmailMultiAlternatives:
    """The mail that tells ``delivery.person`` of ``delivery.event``; both as they may be seen."""
    event = delivery.event
    if event is None:
        raise ValueError(f"{delivery} is about no event")
    news = tell(event, request, comment, delivery.person_id)
    context = _context(news, event, request, delivery)
    return compose(delivery.person, news.subject, "request", context, _marks(delivery, request))


def _context(news: News, event: Event, request: Request, delivery: Delivery) -> dict[str, Any]:
    return {
        "news": news,
        # Sanitised by the one function that makes HTML of what people write.
        "comment_html": mark_safe(to_html(news.comment.body, settings.BASE_URL)) if news.comment else "",  # noqa: S308
        "event": event,
        "request": request,
        "read_url": absolute(request.get_absolute_url()),
        "why": _("You get this mail because this request concerns you."),
        "mute_url": mute_url(delivery.person_id, request.number),
    }


def _marks(delivery: Delivery, request: Request) -> dict[str, str]:
    root = thread_id(request)
    return {
        "Message-ID": delivery.message_id,
        "In-Reply-To": root,
        "References": root,
        "List-Id": f"Tandem <requests.{host()}>",
        **answer_marks(delivery, request, delivery.event),
    }


def answer_marks(delivery: Delivery, request: Request, event: Event | None) -> dict[str, str]:
    """Where an answer goes to, and what ends the mails about ``request`` (RFC 8058)."""
    asked = event.data.get("comment") if event is not None and event.kind == ASKED else None
    question = asked if isinstance(asked, int) else 0
    answers = reply_address(ReplyTo(request.number, delivery.person_id, question))
    off = mute_url(delivery.person_id, request.number)
    marks = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {**marks, "Reply-To": answers} if answers else marks
