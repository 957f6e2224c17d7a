"""Comments: saying something, changing it for a quarter of an hour, and deleting it with a trace.

A comment leaves the request's version alone: it must not break an open form. Only where a question moves
the turn, which is a fact of the request, the version moves with it.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.boards import locks
from requests_app.discussion.held import hold_comment, hold_request
from requests_app.discussion.mentions import Text, settled
from requests_app.models import ASKABLE, COMMENT_TEXT, Comment, CommentVersion, Request
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.triage.first_response import note_response
from requests_app.triage.snoozing import come_back
from requests_app.workflow.situation import Roles, roles_of
from requests_app.workflow.turn import keep_turn
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

EDIT_WITHIN = timedelta(minutes=15)


def comment(number: int, body: str, *, by: Person, question_to: str = "") -> Comment:
    """Say something about a request, in Markdown; ``question_to`` is the side that has to answer.

    :raises Http404: where ``by`` may not see the request.
    :raises InvalidFields: where ``body`` is empty, too long, holds control characters or mentions somebody
        who may not see the request; where ``question_to`` is no side that can be asked.
    :raises RuleViolation: ``wrong_status`` in a draft.
    """
    text = written(body)
    if question_to and question_to not in dict(ASKABLE):
        raise InvalidFields([Missing("invalid", _("Ask Marketing or IT."), "question_to")])
    with transaction.atomic():
        request = hold_request(number, by)
        said = settled(request, text)
        made = say(request, said, by, question_to=question_to)
        data = {"comment": made.pk, **said.told}
        if not question_to:
            log.record("request.commented", request, by=by, data=data)
            return made
        keep_turn(request, made.created_at)
        log.record("request.asked", request, by=by, data={**data, "question_to": question_to})
        return made


def edit_comment(number: int, comment: int, body: str, *, by: Person, version: int | None = None) -> Comment:
    """Change one's own comment within EDIT_WITHIN; the earlier text stays readable.

    :raises Http404: where ``by`` may not see the request, or there is no such comment.
    :raises InvalidFields: as for ``comment``.
    :raises RuleViolation: ``not_yours``, ``wrong_status`` after that time or for a deleted comment,
        ``already_done`` for a question that is answered: the answer is to what was asked.
    :raises StaleVersion: where ``version`` is given and the comment has changed since.
    """
    text = written(body)
    with transaction.atomic():
        request, found = hold_comment(number, comment, by)
        _refuse_edit(found, by)
        said = settled(request, text, before=found.body)
        if said.text == found.body:
            return found
        refuse_stale(found, version)
        CommentVersion.objects.create(
            comment=found, version=found.version, body=found.body, since=found.edited_at or found.created_at
        )
        found.body, found.edited_at, found.version = said.text, clock.now(), found.version + 1
        found.save(update_fields=["body", "edited_at", "version"])
        data = {"comment": found.pk, "comment_version": found.version, **said.told}
        log.record("request.comment_edited", request, by=by, data=data)
        return found


def delete_comment(number: int, comment: int, *, by: Person, version: int | None = None) -> Comment:
    """Take a comment's text away for good, with all earlier ones; that it was there stays visible.

    A question is withdrawn by it, and a question whose answer is deleted is open again. A second time changes
    nothing.

    :raises Http404: where ``by`` may not see the request, or there is no such comment.
    :raises RuleViolation: ``not_yours`` for others than the author, leads and admins.
    :raises StaleVersion: where ``version`` is given and the comment has changed since.
    """
    with transaction.atomic():
        if Comment.objects.filter(pk=min(comment, HIGHEST_NUMBER), answer_to__isnull=False).exists():
            # Its question may be in another request, which is held as well then.
            locks.lock_links()
        request, found = hold_comment(number, comment, by)
        if not may_delete(found, by, roles_of(request, by)):
            words = _("Only its author, a lead of the teams concerned or an admin deletes a comment.")
            raise RuleViolation([Missing("not_yours", words)])
        if found.deleted_at:
            return found
        refuse_stale(found, version)
        found.versions.all().delete()
        found.body, found.deleted_at, found.version = "", clock.now(), found.version + 1
        found.save(update_fields=["body", "deleted_at", "version"])
        elsewhere = _reopen(found)
        keep_turn(request, found.deleted_at)
        if elsewhere is not None:
            keep_turn(elsewhere, found.deleted_at)
        log.record("request.comment_deleted", request, by=by, data=_told_of_deleted(found))
        return found


def written(body: str) -> str:
    """The text of a comment.

    :raises InvalidFields: where it is empty, too long or holds control characters.
    """
    text = clean_text(body, "body", COMMENT_TEXT)
    if not text:
        raise InvalidFields([Missing("required", _("Write something first."), "body")])
    return text


def say(request: Request, said: Text, by: Person, **fields: Any) -> Comment:
    """Keep a comment on ``request``, whose row is held; the event is the caller's.

    What was put aside in triage comes back by it, and the first word of IT answers a new request.
    """
    come_back(request)
    now = clock.now()
    if note_response(request, by, now):
        request.save(update_fields=["first_response_at"])
    return Comment.objects.create(request=request, author=by, body=said.text, created_at=now, **fields)


def may_edit(comment: Comment, by: Person) -> bool:
    """Whether ``by`` may change the text now."""
    return comment.author_id == by.pk and is_editable(comment)


def is_editable(comment: Comment) -> bool:
    """Whether its author may still change it."""
    is_over = clock.now() - comment.created_at > EDIT_WITHIN
    return not (is_over or comment.deleted_at or comment.answered_at)


def may_delete(comment: Comment, by: Person, roles: Roles) -> bool:
    """Whether ``by``, who is ``roles`` to the request, may take the text away: the author, leads, admins."""
    return by.pk == comment.author_id or roles.leads


def refuse_stale(comment: Comment, version: int | None) -> None:
    """:raises StaleVersion: where the comment is not in ``version`` any more."""
    if version is not None and version != comment.version:
        raise StaleVersion(comment.version)


def _refuse_edit(comment: Comment, by: Person) -> None:
    if comment.author_id != by.pk:
        raise RuleViolation([Missing("not_yours", _("Only its author changes a comment."))])
    if comment.deleted_at:
        raise RuleViolation([Missing("wrong_status", _("This comment was deleted."))])
    if comment.answered_at:
        words = _("This question is answered already. Write another comment instead.")
        raise RuleViolation([Missing("already_done", words)])
    if not is_editable(comment):
        words = _("A comment can be changed for 15 minutes. Write another one instead.")
        raise RuleViolation([Missing("wrong_status", words)])


def _reopen(answer: Comment) -> Request | None:
    """Open the question again that a deleted answer had closed.

    Returns its request, held, where that is another one: a merge that was taken back has parted the two.
    """
    question = answer.answer_to
    if question is None:
        return None
    elsewhere = None
    if question.request_id != answer.request_id:
        elsewhere = Request.objects.select_for_update().get(pk=question.request_id)
    question.answered_at = question.answered_by = None
    question.save(update_fields=["answered_at", "answered_by"])
    return elsewhere


def _told_of_deleted(comment: Comment) -> dict[str, Any]:
    data: dict[str, Any] = {"comment": comment.pk}
    if comment.question_to:
        data["question_to"] = comment.question_to
    if comment.answer_to_id:
        data["question"] = comment.answer_to_id
    return data
