"""The talk about a request as its page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from requests_app.discussion.comments import may_delete, may_edit
from requests_app.discussion.questions import may_answer
from requests_app.keys import keys_in
from requests_app.models import Comment, Request
from requests_app.talk_forms import AnswerForm
from requests_app.workflow.situation import Situation

READ = (
    *("request", "body", "created_at", "moved_from", "question_to", "answered_at", "answer_to", "edited_at"),
    *("deleted_at", "version", "author__name", "author__side", "answered_by__name"),
)


@dataclass(frozen=True)
class Said:
    """A comment, and what its reader may do with it now."""

    comment: Comment
    may_edit: bool = False
    may_delete: bool = False
    # Only where the reader may answer.
    answer_form: AnswerForm | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is a question that waits."""
        return is_open(self.comment)


def is_open(comment: Comment) -> bool:
    """Whether ``comment`` is a question that waits for its answer."""
    return bool(comment.question_to) and comment.answered_at is None and comment.deleted_at is None


def answer_form(question: Comment, data: Mapping[str, Any] | None = None) -> AnswerForm:
    """The form under ``question``; its fields have ids of their own."""
    return AnswerForm(data, auto_id=f"answer-{question.pk}-%s")


def newest_comments(found: Request, limit: int) -> tuple[list[Comment], bool]:
    """The newest ``limit`` comments in the order of the talk, and whether there are more. One query."""
    said = found.comments.select_related("author", "answered_by").only(*READ)
    rows = list(said.order_by("-created_at", "-pk")[: limit + 1])
    return rows[:limit][::-1], len(rows) > limit


def named_in(comments: Iterable[Comment], *texts: str) -> set[int]:
    """The numbers of the requests that ``comments`` and ``texts`` speak of, or were written on."""
    said = list(comments)
    origins = {comment.moved_from_id for comment in said if comment.moved_from_id is not None}
    return keys_in([*texts, *(comment.body for comment in said)]) | origins


def talk(comments: Iterable[Comment], situation: Situation) -> list[Said]:
    """``comments`` in the eyes of the person of ``situation``; no query."""
    return [_said(comment, situation) for comment in comments]


def _said(comment: Comment, s: Situation) -> Said:
    if comment.deleted_at:
        return Said(comment)
    answers = is_open(comment) and may_answer(s.request, s.roles, comment.question_to)
    return Said(
        comment,
        may_edit=may_edit(comment, s.by),
        may_delete=may_delete(comment, s.by, s.roles),
        answer_form=answer_form(comment) if answers else None,
    )
