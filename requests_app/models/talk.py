from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models.request import Request
from requests_app.querysets import CommentQuerySet
from teams.models import Person, Side, text_limit

COMMENT_TEXT = 20_000
ASKABLE = [(side.value, side.label) for side in (Side.MARKETING, Side.IT)]
OPEN_QUESTION = ~Q(question_to="") & Q(answered_at=None, deleted_at=None)


class Comment(models.Model):
    """A contribution to the talk, in Markdown; ``moved_from`` is the merged request it was written on."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField(_("comment"), max_length=COMMENT_TEXT)
    moved_from = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    # A question stays open until the side that is asked answers it, and moves the turn meanwhile.
    question_to = models.CharField(max_length=10, choices=ASKABLE, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answer_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    edited_at = models.DateTimeField(null=True)
    # A deleted comment leaves a trace: its row without its text.
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    # Kept by a trigger of the database: a generated column would have rewritten the whole table at once.
    words = SearchVectorField(null=True, editable=False)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(body="") | Q(deleted_at__isnull=False), name="comment_has_body"
            ),
            models.CheckConstraint(
                condition=Q(question_to__in=("", Side.MARKETING, Side.IT)), name="comment_question_side"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(question_to=""), name="comment_only_questions_answered"
            ),
            models.UniqueConstraint(
                fields=["answer_to"],
                condition=Q(answer_to__isnull=False, deleted_at=None),
                name="comment_answered_once",
            ),
            text_limit("body", COMMENT_TEXT, "comment_body_limit"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="comment_words"),
            models.Index(fields=["request", "created_at", "id"], name="comment_of_request"),
            models.Index(
                fields=["request", "created_at", "id"], condition=OPEN_QUESTION, name="comment_open_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.request_id}"


class CommentVersion(models.Model):
    """What a comment said before it was changed; goes with its text when the comment is deleted."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    body = models.TextField(_("comment"), max_length=COMMENT_TEXT)
    # When this was written.
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("earlier text of a comment")
        verbose_name_plural = _("earlier texts of comments")
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="comment_version_once"),
            models.CheckConstraint(condition=~Q(body=""), name="comment_version_has_body"),
            text_limit("body", COMMENT_TEXT, "comment_version_body_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} · {self.version}"
