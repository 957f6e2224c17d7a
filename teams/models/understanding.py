"""What is explained to others, who understood it, and what they asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models.limits import PLAIN_LINE, not_blank, text_limit
from teams.models.people import Person

if TYPE_CHECKING:
    from teams.models.teams import Team

# A sentence of one's own, and a question or its answer.
WORDS_LINE = 300
QUESTION_TEXT = 2_000


class BriefKind(models.TextChoices):
    """What a brief explains. Its value names the relation from the brief to that row."""

    GOAL = "goal", _("Goal")
    TEAM = "team", _("Team")
    SOLUTION = "solution", _("Solution")


class Explained(Protocol):
    """A row that has a brief; its texts stand in the row itself."""

    pk: int

    def explaining_teams(self) -> models.QuerySet[Team]:
        """The teams that answer for its being understood."""

    def is_explained(self) -> bool:
        """Whether there is a text that could be understood."""

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The parts of that text that are written, each with its heading."""

    def get_absolute_url(self) -> str:
        """The page on which it is explained."""


def new_brief(kind: str) -> Func:
    """The database's default of the column that names a row's brief: a new one of ``kind``.

    So whatever puts the row in, no goal, team or solution is ever without its brief.
    """
    return Func(Value(kind), function="teams_new_brief", output_field=models.BigIntegerField())


class Brief(models.Model):
    """That a goal, a team or a solution is explained; ``substance`` counts the changes of what it means.

    Who confirmed an earlier substance has not confirmed this one; ``what_changed`` tells them why.
    ``reviewed_at`` is when somebody who answers for it last wrote it or said that it is still true.
    """

    kind = models.CharField(max_length=10, choices=BriefKind.choices)
    substance = models.PositiveIntegerField(default=1)
    what_changed = models.CharField(_("what changed"), max_length=PLAIN_LINE, blank=True, default="")
    changed_at = models.DateTimeField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # The review that was asked for, by the ``reviewed_at`` it was asked about.
    review_asked_for = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BriefKind.values), name="brief_kind_known"),
            models.CheckConstraint(condition=Q(substance__gte=1), name="brief_substance_counts"),
            models.CheckConstraint(
                condition=Q(substance=1) | ~Q(what_changed=""), name="brief_says_what_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def thing(self) -> Explained:
        """What is explained. One query unless it was fetched with the brief."""
        found: Explained = getattr(self, self.kind)
        return found


class OfBriefQuerySet(models.QuerySet[Any]):
    def visible_to(self, person: Person) -> Self:
        """Goals, teams and solutions are open to everybody who is active, and so is what is said of them."""
        return self if person.is_active else self.none()


class Confirmation(models.Model):
    """That a person understood the brief as it stood at ``substance``, in a sentence of their own or none."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="confirmations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="confirmations")
    substance = models.PositiveIntegerField()
    words = models.CharField(_("in my own words"), max_length=WORDS_LINE, blank=True, default="")
    at = models.DateTimeField()

    objects: Any = OfBriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(fields=["brief", "person", "substance"], name="confirmation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.brief_id} {self.person_id}"


class BriefQuestion(models.Model):
    """What somebody did not understand; settled once the asker says that the answer will do."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="questions")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="brief_questions")
    text = models.TextField(pgettext_lazy("about a brief", "question"), max_length=QUESTION_TEXT)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=QUESTION_TEXT, blank=True, default="")
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects: Any = OfBriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a brief")
        verbose_name_plural = _("questions about briefs")
        constraints = [
            not_blank("text", "brief_question_has_text"),
            text_limit("text", QUESTION_TEXT, "brief_question_limit"),
            text_limit("answer", QUESTION_TEXT, "brief_answer_limit"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__gte=F("asked_at"))),
                name="brief_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(answered_at__isnull=False, settled_at__gte=F("answered_at")),
                name="brief_question_settled_after_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["brief"], condition=Q(answered_at=None), name="brief_question_open"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.answered_at is None
