"""Questions to a side: they stay open until that side answers, and it is its turn meanwhile."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import log
from requests_app.discussion.comments import refuse_stale, say, written
from requests_app.discussion.held import hold_comment
from requests_app.discussion.mentions import settled
from requests_app.models import Comment, Request
from requests_app.workflow.situation import Roles, roles_of
from requests_app.workflow.turn import keep_turn
from teams.models import Person, Side
from teams.rules import Missing, RuleViolation


def answer(number: int, question: int, body: str, *, by: Person, version: int | None = None) -> Comment:
    """Answer a question for the side that it asks, by a comment.

    The same answer again from the same person changes nothing.

    :raises Http404: where ``by`` may not see the request, or there is no such question.
    :raises InvalidFields: as for ``comment``.
    :raises RuleViolation: ``not_yours`` for who is not of the side that is asked, ``already_done`` where it
        is answered, ``wrong_status`` where it was deleted.
    :raises StaleVersion: where ``version`` is given and the question has changed since.
    """
    text = written(body)
    with transaction.atomic():
        request, asked = hold_comment(number, question, by)
        if not asked.question_to:
            raise Http404
        said = settled(request, text)
        repeated = asked.answers.filter(author=by, body=said.text, deleted_at=None).first()
        if repeated is not None:
            return repeated
        _refuse(request, asked, by)
        refuse_stale(asked, version)
        made = say(request, said, by, answer_to=asked)
        asked.answered_at, asked.answered_by = made.created_at, by
        asked.save(update_fields=["answered_at", "answered_by"])
        keep_turn(request, made.created_at, progress=True)
        told = {"comment": made.pk, "question": asked.pk, "question_to": asked.question_to}
        data = {**told, "asked_by": asked.author_id, **said.told}
        log.record("request.answered", request, by=by, data=data)
        return made


def may_answer(request: Request, roles: Roles, side: str) -> bool:
    """Whether who is ``roles`` to ``request`` speaks for ``side``: its owner, its team, its leads, admins.

    For Marketing that is the side of those who ask: requester and requesting team, too. Without a serving
    team all of IT are asked. Nobody answers from the other side's seat.
    """
    if side == Side.IT:
        on_side = roles.serving_member or (request.serving_team_id is None and roles.on_it)
        on_side = on_side or roles.it_deputy
        return roles.it_owner or (not roles.marketing_owner and (roles.admin or on_side))
    on_side = roles.requester or roles.requesting_member or roles.marketing_lead or roles.marketing_deputy
    return roles.marketing_owner or (not roles.it_owner and (roles.admin or on_side))


def _refuse(request: Request, asked: Comment, by: Person) -> None:
    if not may_answer(request, roles_of(request, by), asked.question_to):
        side = asked.get_question_to_display()
        words = _("This question is put to %(side)s: its owner, its team and its leads answer it.")
        raise RuleViolation([Missing("not_yours", words % {"side": side})])
    if asked.deleted_at:
        raise RuleViolation([Missing("wrong_status", _("This question was withdrawn."))])
    if asked.answered_at:
        words = _("This question is answered already. Write a comment if there is more to say.")
        raise RuleViolation([Missing("already_done", words)])
