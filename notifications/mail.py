"""Mail as objects: its address marks (Message-ID, thread, list), its languages, its two bodies."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity import clock
from notifications import absence_mail
from notifications.audience import ASKING
from notifications.choosing.kinds import kind_of
from notifications.incoming.addresses import ReplyTo, bounce_address, reply_address
from notifications.less_link import less_url
from notifications.models import Channel, Delivery
from notifications.mute_link import mute_url
from notifications.news import News, Said, one_line
from notifications.things import REQUEST, Place
from requests_app.markdown import to_html
from teams.invitation_mail import BY_A_MACHINE
from teams.models import Person

# Longer subjects help nobody and come near the limit of a header line.
SUBJECT_LENGTH = 180
# A mail of hundreds of things is read by nobody; the inbox holds them all.
MOST_THINGS = 40
# What was said of one thing while somebody was away for weeks is read at its page.
MOST_NEWS = 12

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def host() -> str:
    """The host that stands behind the @ of the marks of our mail."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def message_id(dedupe_key: str) -> str:
    """The same Message-ID for the same key, so that a repeated mail is recognised as one."""
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{host()}>"


def put_on_its_way(person: Person, key: str) -> Delivery:
    """Let a mail to ``person`` go out now that tells of no event; what ``key`` begins with says what of."""
    now = clock.now()
    return Delivery.objects.create(
        person=person,
        channel=Channel.MAIL,
        dedupe_key=key,
        message_id=message_id(key),
        due_at=now,
        created_at=now,
    )


def thread_id(place: Place) -> str:
    """The root that all mails about one thing refer to, so that readers see them as one thread."""
    return f"<{place.kind}.{place.pk}@{host()}>"


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
    marks = {**BY_A_MACHINE, **headers}
    # What cannot be delivered comes back to an address that tells whose mail it was.
    sender = bounce_address(person.pk)
    if sender:
        marks["From"] = settings.DEFAULT_FROM_EMAIL
    body = text.strip() + "\n"
    mail = EmailMultiAlternatives(subject_line(subject), body, sender or None, [person.email], headers=marks)
    mail.attach_alternative(html, "text/html")
    return mail


def letter(person: Person, message_id: str, said: Sequence[Said]) -> EmailMultiAlternatives:
    """The mail that tells ``person`` of what was ``said``, oldest first, in the active language.

    All of it about one thing belongs to that thing's thread.

    :raises ValueError: where there is nothing to tell.
    """
    groups = [_group(pieces) for pieces in _by_thing(said).values()]
    if not groups:
        raise ValueError(f"{message_id} tells of nothing")
    context = {
        "heading": _where_from(said, _heading(groups)),
        "groups": groups[:MOST_THINGS],
        "preheader": said[-1].news.sentence,
        "read_url": groups[0]["url"] if len(groups) == 1 else absolute(reverse("notifications:inbox")),
        "more": max(len(groups) - MOST_THINGS, 0),
        "why": _why(said),
        "preferences_url": absolute(reverse("notifications:choosing")),
    }
    marks = _marks(message_id, said)
    if len(groups) == 1 and groups[0]["request"] is not None:
        off = mute_url(person.pk, groups[0]["request"].pk)
        context |= {"mute_url": off}
        marks |= answer_marks(person, said, off)
    else:
        off = less_url(person.pk, {kind_of(piece.event, person.pk) for piece in said})
        context |= {"less_url": off}
        marks |= one_click(off)
    return compose(person, _subject(groups, said), "news", context, marks)


def _why(said: Sequence[Said]) -> str:
    """Each reason once, and in whose place."""
    reasons = dict.fromkeys(_reason(piece) for piece in said)
    return " ".join([_("Why you get this mail:"), *reasons])


def _reason(piece: Said) -> str:
    absent = piece.delivery.stands_for
    if absent is not None:
        return _("You stand in for %(name)s.") % {"name": absent.name}
    return str(piece.delivery.get_why_display() or _("It concerns you."))


def _by_thing(said: Sequence[Said]) -> dict[Place, list[Said]]:
    found: dict[Place, list[Said]] = {}
    for piece in said:
        found.setdefault(piece.thing.place, []).append(piece)
    return found


def _group(pieces: Sequence[Said]) -> dict[str, Any]:
    thing = pieces[0].thing
    return {
        "thing": thing,
        "request": thing.row if thing.place.kind == REQUEST else None,
        "url": absolute(thing.path),
        "earlier": max(len(pieces) - MOST_NEWS, 0),
        "news": [{"news": piece.news, "comment_html": _comment(piece.news)} for piece in pieces[-MOST_NEWS:]],
    }


def _comment(news: News) -> str:
    # Sanitised by the one function that makes HTML of what people write.
    return mark_safe(to_html(news.comment.body, settings.BASE_URL)) if news.comment else ""  # noqa: S308


def _heading(groups: Sequence[Mapping[str, Any]]) -> str:
    if len(groups) == 1:
        return str(groups[0]["thing"].name)
    words = ngettext("%(count)d thing has news", "%(count)d things have news", len(groups))
    return words % {"count": len(groups)}


def _subject(groups: Sequence[Mapping[str, Any]], said: Sequence[Said]) -> str:
    """The latest news itself, and how much more there is."""
    news, others = said[-1].news.subject, len(groups) - 1
    if others:
        words = ngettext(
            "%(subject)s (and news of %(count)d more)", "%(subject)s (and news of %(count)d more)", others
        )
        news = words % {"subject": news, "count": others}
    elif len(said) > 1:
        more = len(said) - 1
        words = ngettext("%(subject)s (and %(count)d more)", "%(subject)s (and %(count)d more)", more)
        news = words % {"subject": news, "count": more}
    return _where_from(said, news)


def _where_from(said: Sequence[Said], words: str) -> str:
    """``words``, said to be of the time in which the reader was away, where all of it waited for them."""
    if all(absence_mail.has_waited(piece.delivery) for piece in said):
        return _("While you were away: %(news)s") % {"news": words}
    return words


def _marks(message_id: str, said: Sequence[Said]) -> dict[str, str]:
    marks = {"Message-ID": message_id, "List-Id": f"Tandem <requests.{host()}>"}
    places = {piece.thing.place for piece in said}
    if len(places) == 1:
        root = thread_id(places.pop())
        marks |= {"In-Reply-To": root, "References": root}
    return marks


def one_click(off: str) -> dict[str, str]:
    """What lets mail programs offer to unsubscribe by the address ``off`` (RFC 8058)."""
    return {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def answer_marks(person: Person, said: Sequence[Said], off: str) -> dict[str, str]:
    """Where an answer about the one request of ``said`` goes to, and the click that ends it (RFC 8058)."""
    asked = (piece.event.data.get("comment") for piece in said if piece.event.kind in ASKING)
    questions = {pk for pk in asked if isinstance(pk, int)}
    question = questions.pop() if len(questions) == 1 else 0
    answers = reply_address(ReplyTo(said[0].thing.place.pk, person.pk, question))
    marks = one_click(off)
    return {**marks, "Reply-To": answers} if answers else marks
