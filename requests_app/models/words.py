from typing import ClassVar

from django.db import models
from django.db.models import F, Func, GeneratedField

WORD_LENGTH = 40


class Word(models.Model):
    """A word of the portal's own vocabulary, as the search index keeps it: ``newsletteranmeld``.

    Learnt from unrestricted, submitted requests only. ``texts`` says in about how many of them it stands.
    """

    text = models.CharField(primary_key=True, max_length=WORD_LENGTH, db_collation="C")
    # A word that ends with another begins with it when both are read backwards, which an index can find.
    backwards = GeneratedField(
        expression=Func(F("text"), function="reverse"),
        output_field=models.CharField(max_length=WORD_LENGTH, db_collation="C"),
        db_persist=True,
    )
    texts = models.PositiveIntegerField(default=1)
    learnt_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Word"]] = models.Manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["backwards"], name="word_backwards")]

    def __str__(self) -> str:
        return self.text
