"""What the first page has pointed people to."""

from django.db import models
from django.db.models import F, Q

from teams.models.people import Person


class Pointer(models.Model):
    """That the first page pointed a person to something: to each thing once, of each kind once a week.

    ``about`` is the thing's id; a brief counts anew with each ``substance``. ``week`` is the Monday of the
    week in which it was shown.
    """

    class Kind(models.TextChoices):
        UNDERSTAND = "understand"
        SETTLE = "settle"
        EXCHANGE = "exchange"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pointers", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.BigIntegerField()
    substance = models.PositiveIntegerField(default=0)
    week = models.DateField()
    shown_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "week"], name="pointer_once_a_week"),
            models.UniqueConstraint(fields=["person", "kind", "about", "substance"], name="pointer_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["understand", "settle", "exchange"]), name="pointer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at=None) | Q(dismissed_at__gte=F("shown_at")),
                name="pointer_dismissed_after_shown",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.about}"
