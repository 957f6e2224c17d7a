from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models.request import Request
from requests_app.querysets import CommentQuerySet
from teams.models import Person, text_limit

COMMENT_TEXT = 20_000


class Comment(models.Model):
    """A contribution to the talk, in Markdown; ``moved_from`` is the merged request it was written on."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField(_("comment"), max_length=COMMENT_TEXT)
    moved_from = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="comment_has_body"),
            text_limit("body", COMMENT_TEXT, "comment_body_limit"),
        ]
        indexes = [
            models.Index(fields=["request", "created_at", "id"], name="comment_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.request_id}"
