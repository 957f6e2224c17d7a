"""The words of what people are told: the subject of its mail and the sentence of the inbox, by kind of event.

``%(who)s`` is the acting person's name, ``%(key)s`` and ``%(title)s`` name what it is about.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = tuple[str | Promise, str | Promise]

REQUESTS: dict[str, Words] = {
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
        _(
            "It is your side’s turn, and nothing has moved for a while. A step, a score, an answer or an "
            "edit ends this."
        ),
    ),
    "request.escalated": (_("%(key)s needs you: %(title)s"), _("This request needs somebody.")),
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
# What each cause of an escalation says: why, and what ends it.
ESCALATIONS: dict[str, Words] = {
    "stalled long": (
        _("%(key)s has stood still for long: %(title)s"),
        _(
            "Nothing has moved for %(days)s days, so the leads of both sides are asked. A step, a score, an "
            "answer or an edit ends this."
        ),
    ),
    "deadline": (
        _("%(key)s will probably miss its deadline: %(title)s"),
        _(
            "By its team’s history the deadline is kept in %(chance)s of 100 cases. Another deadline, or "
            "work that goes faster, ends this."
        ),
    ),
    "question": (
        _("%(key)s: a question waits for an answer: %(title)s"),
        _("%(side)s was asked %(days)s days ago and has not answered. The answer ends this."),
    ),
    "first response": (
        _("%(key)s waits for its first response: %(title)s"),
        _(
            "Hardly any of the time is left in which IT wants to answer a new request. A comment, a question "
            "or a decision of IT ends this."
        ),
    ),
}
# After the reveal.
SCORES_CHANGED = (
    _("%(key)s: scores have changed: %(title)s"),
    _("%(who)s changed what their side had scored."),
)
MENTIONED = (_("%(who)s mentioned you in %(key)s: %(title)s"), _("%(who)s mentioned you."))
OTHERWISE = (_("%(key)s has news: %(title)s"), _("Something changed in this request."))
PORTAL = pgettext_lazy("who did it", "Tandem")

EXCHANGES: dict[str, Words] = {
    "exchange.planned": (
        _("You are invited: %(title)s"),
        _("You wished for this exchange; now it has a day. Sign up for a seat."),
    ),
    "exchange.signed_up": (_("You have a seat: %(title)s"), _("You are signed up.")),
    "exchange.signed_off": (
        _("You are signed off: %(title)s"),
        _("Your seat is free for somebody else."),
    ),
    "exchange.edited": (
        _("Something has changed: %(title)s"),
        _("%(who)s changed this exchange. This is how it stands now."),
    ),
    "exchange.moved": (
        _("Moved to another time: %(title)s"),
        _("%(who)s moved this exchange. These are the new hours."),
    ),
    "exchange.cancelled": (
        _("Cancelled: %(title)s"),
        _("%(who)s cancelled this exchange."),
    ),
    "exchange.reminded": (
        _("Soon: %(title)s"),
        _("It begins within a day. If you cannot come, sign off: somebody else may wait for the seat."),
    ),
    "exchange.feedback_asked": (
        _("Did it help? %(title)s"),
        _("One question, one click: can you now do what was promised?"),
    ),
}
HOSTS = (_("You host it: %(title)s"), _("It stands in your calendar."))
MOVED_UP = (
    _("A seat became free for you: %(title)s"),
    _("You moved up from the waiting list. If you cannot come any more, sign off."),
)
WOULD_YOU_HOST = (
    _("Would you host it? %(title)s"),
    _("People would come to this exchange, and you have had to do with its topic."),
)
PROPOSED = frozenset({"exchange_proposal.made", "exchange_proposal.wished"})
ABOUT_EXCHANGES = PROPOSED | frozenset(EXCHANGES) | {"exchange.filled"}
# Goals, teams and solutions are explained by their briefs.
THINGS: dict[str, Words] = {
    "brief.asked": (
        _("A question about %(title)s"),
        _("%(who)s asked your team a question about how this is explained."),
    ),
    "brief.answered": (
        _("Your question about %(title)s has an answer"),
        _("%(who)s answered your question. Does it help you?"),
    ),
    "brief.review_asked": (
        _("Is this still true? %(title)s"),
        _("Nobody has looked at how this is explained for a while. One click says that it still holds."),
    ),
    "solution.left_to_few": (
        _("Too few people master %(title)s"),
        _("Fewer than two people keep it running on their own. Its page names who could learn it."),
    ),
    "goal.health_said": (
        _("How it stands with the goal %(title)s"),
        _("%(who)s said how this goal stands."),
    ),
    "goal.closed": (
        _("The goal %(title)s is closed"),
        _("%(who)s closed this goal with its result and what was learnt."),
    ),
    "mentoring.proposed": (
        _("You two could learn from each other: %(title)s"),
        _("A pair of mentor and learner is proposed. Say whether you would like that."),
    ),
    "mentoring.answered": (
        _("An answer to your mentoring: %(title)s"),
        _("%(who)s answered the proposal."),
    ),
    "mentoring.ended": (_("Your mentoring has ended: %(title)s"), _("%(who)s ended it.")),
}
