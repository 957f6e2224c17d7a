from typing import ClassVar

from django.db import models
from django.db.models import Q

from requests_app.models.words import WORD_LENGTH


class Lesson(models.Model):
    """What is suggested for new requests, and how much of each answer past requests have taught.

    ``texts`` and ``words`` hold for each answer (a team's id, a type) how many requests and words it has had.
    """

    class Kind(models.TextChoices):
        TEAM = "team"
        TYPE = "type"

    kind = models.CharField(primary_key=True, max_length=4, choices=Kind.choices)
    texts = models.JSONField()
    words = models.JSONField()
    # How many different words there are.
    vocabulary = models.PositiveIntegerField()
    # Of how many held back requests the answer was right, and how many the most frequent one would have been.
    judged = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    most_frequent = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Lesson"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["team", "type"]), name="lesson_kind_known")
        ]

    def __str__(self) -> str:
        return self.kind


class Clue(models.Model):
    """A word, and how often it stood in the requests of each answer."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="clues")
    word = models.CharField(max_length=WORD_LENGTH, db_collation="C")
    counts = models.JSONField()

    objects: ClassVar[models.Manager["Clue"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "word"], name="clue_once")]

    def __str__(self) -> str:
        return self.word
