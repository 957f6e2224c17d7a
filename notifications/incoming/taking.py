"""What a mail to the portal does: it answers, asks for something new, or tells that our own mail came back.

Each mail is taken once, by its Message-ID, in one transaction with what it does. Who wrote it is told what
was not taken of it; nobody who is not known here is ever written to.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from activity import clock, log
from activity.models import Origin
from notifications.incoming import addresses
from notifications.incoming.addresses import BadToken, ReplyTo
from notifications.incoming.answering import answer_sender
from notifications.incoming.cutting import new_words
from notifications.incoming.models import IncomingMail, Outcome
from notifications.incoming.parsing import (
    LARGEST_MAIL,
    Enclosed,
    Incoming,
    Unreadable,
    key_of,
    read,
    read_head,
)
from requests_app.attachments.keeping import attach
from requests_app.discussion.comments import comment
from requests_app.discussion.questions import answer
from requests_app.intake.drafts import save_draft
from requests_app.intake.fields import RequestFields
from requests_app.models import NEED_TEXT, Comment, Request
from teams.deliverable import address_failed
from teams.models import PLAIN_LINE, Person, Side, Team
from teams.rules import RuleViolation

logger = logging.getLogger(__name__)

# By mail nobody fills their list of drafts by mistake.
MOST_DRAFTS_A_DAY = 20
ONE_DAY = timedelta(days=1)
# Why somebody may not answer a question, which is no fault of the text.
NOT_THEIRS = frozenset({"not_yours", "already_done", "wrong_status"})


@dataclass
class Taken:
    """What became of a mail, and what its sender is told of it."""

    outcome: Outcome
    reason: str = ""
    person: Person | None = None
    request: Request | None = None
    notes: list[str] = field(default_factory=list)


def take(raw: bytes, *, envelope: Sequence[str] = (), size: int = 0) -> IncomingMail:
    """Do what the mail says, once; the same mail again changes nothing.

    ``envelope`` are the recipients that the mail server was given, where they are known; ``size`` in bytes is
    given where ``raw`` is only the beginning of a mail that is too large.
    """
    key, size = key_of(raw), max(size, len(raw))
    with transaction.atomic(), log.origin(Origin.API):
        row, is_new = IncomingMail.objects.get_or_create(
            key=key, defaults={"outcome": Outcome.REFUSED, "received_at": clock.now(), "size": size}
        )
        if not is_new:
            return row
        head = _head(raw, size)
        taken = _judged(raw, head, (*envelope, *head.recipients)) if head else _refused("no_mail")
        row.sender = head.sender if head else ""
        row.outcome, row.reason, row.notes = taken.outcome, taken.reason, taken.notes
        row.person, row.request = taken.person, taken.request
        row.save()
        logger.info("A mail from %s: %s %s", row.sender or "nobody", row.outcome, row.reason)
        if taken.person is not None and (taken.notes or taken.outcome == Outcome.DRAFT):
            answer_sender(row, taken.person)
    return row


def _head(raw: bytes, size: int) -> Incoming | None:
    try:
        return replace(read_head(raw), size=size)
    except Unreadable:
        return None


def _refused(reason: str, person: Person | None = None, *notes: str) -> Taken:
    return Taken(Outcome.REFUSED, reason, person, notes=list(notes))


def _judged(raw: bytes, head: Incoming, recipients: Sequence[str]) -> Taken:
    tag = addresses.tag_of(recipients)
    if tag is None:
        return _refused("not_for_us")
    if tag.startswith(addresses.BOUNCE):
        return _come_back(raw, tag)
    if head.is_from_machine:
        return Taken(Outcome.IGNORED, "from_machine")
    sender = Person.objects.filter(email__iexact=head.sender, is_active=True).first() if head.sender else None
    if not tag:
        return _in_words_of(sender, lambda: _refused("not_for_us", sender, *_where_to_write(sender)))
    if tag.startswith(addresses.NEW):
        return _in_words_of(sender, lambda: _new_draft(raw, head, tag, sender))
    return _reply(raw, head, tag, sender)


def _in_words_of(person: Person | None, act: Callable[[], Taken]) -> Taken:
    """What ``act`` gives, with its words in the language of ``person``."""
    with translation.override((person.language if person else "") or settings.LANGUAGE_CODE):
        return act()


def _reply(raw: bytes, head: Incoming, tag: str, sender: Person | None) -> Taken:
    try:
        to = addresses.read_reply(tag)
    except BadToken as error:
        code = error.code
        return _in_words_of(sender, lambda: _refused(code, sender, *_why_not_ours(sender)))
    person = Person.objects.filter(pk=to.person, is_active=True).first()
    if person is None:
        return _refused("person_gone")
    if not addresses.is_sender(person, head.sender):
        return _in_words_of(person, lambda: _refused("foreign_sender", person, _foreign(head.sender)))
    return _in_words_of(person, lambda: _answered(raw, head, to, person))


def _where_to_write(sender: Person | None) -> list[str]:
    """Said only to who is known here: others would be written to by us in somebody's name."""
    if sender is None:
        return []
    teams = f"{settings.BASE_URL}{reverse('teams:teams')}"
    words = _("Nobody reads this address. Answer a mail about a request, or write to a team: %(teams)s")
    return [words % {"teams": teams}]


def _why_not_ours(sender: Person | None) -> list[str]:
    if sender is None:
        return []
    return [_("This address does not work any more. Open the request in Tandem and answer there.")]


def _foreign(sender: str) -> str:
    words = _(
        "Somebody answered a mail that Tandem had sent to you, from the address %(address)s. It was not"
        " taken: answers count only from your own address. If it was you, write from the one you sign in by."
    )
    return words % {"address": sender or "–"}


def _whole(raw: bytes, head: Incoming, person: Person) -> Incoming | Taken:
    """The mail with all that it holds; or why it is not read."""
    if head.size > LARGEST_MAIL:
        words = _(
            "Your mail has more than %(limit)d MB and was not taken. Put large files to the request itself."
        )
        return _refused("too_large", person, words % {"limit": LARGEST_MAIL // 1024**2})
    try:
        return read(raw)
    except Unreadable as error:
        words = _("Your mail is built in a way that Tandem does not read. Send it again as plain text.")
        return _refused(error.code, person, words)


def _answered(raw: bytes, head: Incoming, to: ReplyTo, person: Person) -> Taken:
    mail = _whole(raw, head, person)
    if isinstance(mail, Taken):
        return mail
    request = Request.objects.visible_to(person).submitted().filter(number=to.request).first()
    if request is None:
        words = _("The request that you answered is not there any more, or you may not see it any more.")
        return _refused("not_visible", person, words)
    text = new_words(mail.text)
    if not text and not mail.files:
        return _refused("empty", person, _("There was no text of yours in the mail that Tandem could find."))
    taken = _said(request, text, to.question, person) if text else Taken(Outcome.COMMENT, "", person, request)
    if taken.outcome != Outcome.REFUSED and mail.files:
        taken.notes += _attached(request, mail.files, person)
    return taken


def _said(request: Request, text: str, question: int, person: Person) -> Taken:
    """The text as an answer to the question that the mail was about, else as a comment."""
    try:
        if question and _is_open(request, question) and _answers(request, text, question, person):
            return Taken(Outcome.ANSWER, "", person, request)
        comment(request.number, text, by=person)
    except RuleViolation as refused:
        return Taken(Outcome.REFUSED, "rule", person, request, [str(one.message) for one in refused.missing])
    except Http404:
        return _refused("not_visible", person)
    return Taken(Outcome.COMMENT, "", person, request)


def _answers(request: Request, text: str, question: int, person: Person) -> bool:
    """Whether ``text`` answers the question; who was only told of it says something about it instead.

    :raises RuleViolation: where the text itself is wrong.
    """
    try:
        answer(request.number, question, text, by=person)
    except RuleViolation as refused:
        if not NOT_THEIRS & {missing.code for missing in refused.missing}:
            raise
        return False
    return True


def _is_open(request: Request, question: int) -> bool:
    return Comment.objects.filter(pk=question, request=request, answered_at=None, deleted_at=None).exists()


def _attached(request: Request, files: Sequence[Enclosed], person: Person) -> list[str]:
    """Put each file to the request by the usual rules; returns why some were not taken."""
    notes: list[str] = []
    for one in files:
        if one.name == "winmail.dat":
            notes.append(
                _(
                    "Your mail program packed its files into “winmail.dat”, which nobody can open. Send them"
                    " as usual attachments, or put them to the request in Tandem."
                )
            )
            continue
        try:
            attach(request.number, [File(BytesIO(one.content), name=one.name)], by=person)
        except RuleViolation as refused:
            notes += [str(missing.message) for missing in refused.missing]
    return notes


def _new_draft(raw: bytes, head: Incoming, tag: str, sender: Person | None) -> Taken:
    """A draft of who wrote it, for the team whose address it is."""
    team = addresses.team_of(tag)
    if sender is None:
        return _refused("unknown_sender")
    if team is None:
        return _refused("unknown_team", sender, _("There is no team with the address that you wrote to."))
    today = IncomingMail.objects.filter(
        person=sender, outcome=Outcome.DRAFT, received_at__gt=clock.now() - ONE_DAY
    )
    if today.count() >= MOST_DRAFTS_A_DAY:
        words = _("You have made %(most)d drafts by mail today. Write the next one in Tandem.")
        return _refused("too_many_drafts", sender, words % {"most": MOST_DRAFTS_A_DAY})
    mail = _whole(raw, head, sender)
    return mail if isinstance(mail, Taken) else _drafted(mail, team, sender)


def _drafted(mail: Incoming, team: Team, sender: Person) -> Taken:
    fields: RequestFields = {
        "title": mail.subject[:PLAIN_LINE],
        "customer_need": new_words(mail.text)[:NEED_TEXT],
    }
    if team.side == Side.IT:
        fields["serving_team"] = team
    else:
        fields["requesting_team"] = team
    try:
        draft = save_draft(fields, by=sender)
    except RuleViolation as refused:
        return _refused("rule", sender, *(str(missing.message) for missing in refused.missing))
    notes = []
    if mail.files:
        notes.append(_("The files of your mail were not kept: put them to the request once it is submitted."))
    return Taken(Outcome.DRAFT, "", sender, draft, notes)


def _come_back(raw: bytes, tag: str) -> Taken:
    """One of our own mails came back."""
    try:
        person = Person.objects.filter(pk=addresses.read_bounce(tag)).first()
        mail = read(raw)
    except (BadToken, Unreadable) as error:
        return Taken(Outcome.IGNORED, error.code)
    if mail.failed is None or person is None:
        return Taken(Outcome.IGNORED, "from_machine")
    if not mail.failed.is_for_good:
        return Taken(Outcome.IGNORED, "failed_for_now")
    address_failed(person, f"{mail.failed.status} {mail.failed.words}".strip(), by=None)
    return Taken(Outcome.BOUNCE, mail.failed.status, person)
