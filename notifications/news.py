"""An event in words: what the inbox row says and the subject of its mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activity.models import Event
from notifications.audience import TALK
from requests_app.discussion.mentions import plain
from requests_app.models import Comment, Request
from teams.models import Person, Side

# kind: (subject of the mail, sentence of the inbox). %(who)s is the acting person's name.
_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "request.submitted": (_("%(key)s is new: %(title)s"), _("%(who)s filed this request.")),
    "request.assigned": (_("%(key)s was assigned: %(title)s"), _("%(who)s assigned this request.")),
    "request.shaped": (_("%(key)s is being shaped: %(title)s"), _("%(who)s took this request to shape it.")),
    "request.accepted": (_("%(key)s was accepted: %(title)s"), _("%(who)s accepted this request.")),
    "request.rethought": (
        _("%(key)s is being shaped again: %(title)s"),
        _("%(who)s put this request back to shaping."),
    ),
    "request.parked": (_("%(key)s was parked: %(title)s"), _("%(who)s parked this request.")),
    "request.declined": (_("%(key)s was declined: %(title)s"), _("%(who)s declined this request.")),
    "request.started": (_("%(key)s was started: %(title)s"), _("%(who)s started work on this request.")),
    "request.handed_over": (
        _("%(key)s is ready for review: %(title)s"),
        _("%(who)s handed this request over for review."),
    ),
    "request.sent_back": (_("%(key)s was sent back: %(title)s"), _("%(who)s sent this request back.")),
    "request.delivered": (_("%(key)s was delivered: %(title)s"), _("%(who)s confirmed the delivery.")),
    "request.withdrawn": (_("%(key)s was withdrawn: %(title)s"), _("%(who)s withdrew this request.")),
    "request.reconsidered": (
        _("%(key)s is being reconsidered: %(title)s"),
        _("%(who)s asks to reconsider this request."),
    ),
    "request.reopened": (_("%(key)s was reopened: %(title)s"), _("%(who)s reopened this request.")),
    "request.merged": (
        _("%(key)s was merged as a duplicate: %(title)s"),
        _("%(who)s merged this request as a duplicate."),
    ),
    "request.unmerged": (
        _("%(key)s stands on its own again: %(title)s"),
        _("%(who)s took the merge of this request back."),
    ),
    "request.blocked": (_("%(key)s is blocked: %(title)s"), _("%(who)s marked this request as blocked.")),
    "request.unblocked": (_("%(key)s can go on: %(title)s"), _("%(who)s lifted the block.")),
    "request.undone": (_("%(key)s: taken back: %(title)s"), _("%(who)s took the last step back.")),
    "request.commented": (_("%(key)s has a new comment: %(title)s"), _("%(who)s commented.")),
    "request.scored": (
        _("%(key)s: both sides have scored: %(title)s"),
        _("%(who)s scored, and now both sides are in. See where you agree and what to talk about."),
    ),
    "request.score_proposed": (
        _("%(key)s: a joint value is proposed: %(title)s"),
        _("%(who)s proposes a joint value. Agree to it, or propose another one."),
    ),
    "request.score_agreed": (
        _("%(key)s: both sides agree on a point: %(title)s"),
        _("%(who)s agreed to a joint value."),
    ),
    "request.score_reopened": (
        _("%(key)s: a point is open again: %(title)s"),
        _("%(who)s wants to talk about a point again."),
    ),
    "request.asked": (
        _("%(key)s has a question to %(side)s: %(title)s"),
        _("%(who)s asked %(side)s a question."),
    ),
    "request.answered": (_("%(key)s has an answer: %(title)s"), _("%(who)s answered a question.")),
    "request.stalled": (
        _("%(key)s has come to a halt: %(title)s"),
        _("Nothing has moved on this request for a while. What does it need to go on?"),
    ),
    "request.revisit_asked": (
        _("%(key)s is to be looked at again: %(title)s"),
        _("This request was parked until today. Is it worth another look?"),
    ),
    "request.result_proposed": (
        _("%(key)s: another result is proposed: %(title)s"),
        _("%(who)s proposes to change the agreed result."),
    ),
    "request.result_assented": (
        _("%(key)s: one side agrees to another result: %(title)s"),
        _("%(who)s agrees to change the agreed result."),
    ),
    "request.result_agreed": (
        _("%(key)s: another result is agreed: %(title)s"),
        _("%(who)s agreed: the changed result holds now."),
    ),
    "request.result_rejected": (
        _("%(key)s: the result stays as it was: %(title)s"),
        _("%(who)s turned the change of the result down."),
    ),
    "request.measuring_postponed": (
        _("%(key)s is measured later: %(title)s"),
        _("%(who)s put the measuring date off."),
    ),
    "request.outcome_asked": (
        _("%(key)s: what has it achieved? %(title)s"),
        _("Today the result is measured. Record what came out."),
    ),
    "request.outcome_reminded": (
        _("%(key)s still waits for its result: %(title)s"),
        _("The result was to be measured a week ago. Record it, or put the date off once."),
    ),
    "request.outcome_recorded": (
        _("%(key)s: the result is there: %(title)s"),
        _("%(who)s recorded what this request has achieved."),
    ),
    "request.learning_added": (
        _("%(key)s: something was learnt: %(title)s"),
        _("%(who)s wrote down what was learnt from this request."),
    ),
    "request.seat_emptied": (
        _("%(key)s needs somebody for an empty seat: %(title)s"),
        _("A seat of this request became empty."),
    ),
}
# After the reveal.
_SCORES_CHANGED = (
    _("%(key)s: scores have changed: %(title)s"),
    _("%(who)s changed what their side had scored."),
)
_MENTIONED = (_("%(who)s mentioned you in %(key)s: %(title)s"), _("%(who)s mentioned you."))
_OTHERWISE = (_("%(key)s has news: %(title)s"), _("Something changed in this request."))
_PORTAL = pgettext_lazy("who did it", "Tandem")


@dataclass(frozen=True)
class News:
    """An event told to a reader who may see its request; the words are in the active language."""

    subject: str
    sentence: str
    quote: str = ""
    comment: Comment | None = None

    @property
    def said(self) -> str:
        """The comment as plain text."""
        return plain(self.comment.body) if self.comment else ""


def _words_for(event: Event, reader: int | None) -> tuple[str | Promise, str | Promise]:
    if reader is not None and reader in event.data.get("mentions", ()):
        return _MENTIONED
    return _SCORES_CHANGED if "score_changes" in event.data else _WORDS.get(event.kind, _OTHERWISE)


def tell(event: Event, request: Request, comment: Comment | None = None, reader: int | None = None) -> News:
    """The words for ``event``; ``request`` and ``comment`` must be ones that the reader may see.

    With ``reader``, a person's id, it says that they are mentioned.
    """
    subject, sentence = _words_for(event, reader)
    words = {
        "key": request.key,
        "title": one_line(request.title),
        "who": str(event.actor or _PORTAL),
        "side": _side(event.data.get("question_to")),
    }
    return News(str(subject) % words, str(sentence) % words, reason(event.data), comment)


def _side(side: object) -> str:
    return str(Side(side).label) if side in Side.values else ""


def comments_told(events: Iterable[Event], person: Person) -> dict[int, Comment]:
    """The comment that each event tells of, by the event's id, as far as ``person`` sees it."""
    ids = {event.pk: event.data.get("comment") for event in events if event.kind in TALK}
    wanted = [pk for pk in ids.values() if isinstance(pk, int)]
    seen = Comment.objects.visible_to(person).filter(deleted_at=None)
    found = seen.in_bulk(wanted) if wanted else {}
    return {event: found[pk] for event, pk in ids.items() if isinstance(pk, int) and pk in found}


def reason(data: dict[str, Any]) -> str:
    """The reason that came with the event, or nothing."""
    given = data.get("reason", "")
    return given if isinstance(given, str) else ""


def one_line(text: str) -> str:
    """``text`` without line breaks and control characters, so that it can stand in a mail's header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
