"""Who is away from when to when, and who stands in for them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activity import clock
from teams.models.people import Person


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def now(self) -> Self:
        """Those that hold at this moment."""
        moment = clock.now()
        return self.filter(ended_at=None, starts_at__lte=moment, ends_at__gt=moment, person__is_active=True)

    def with_deputy(self) -> Self:
        """Those whose deputy is there to stand in: active, and not away as well."""
        away = Absence.objects.now().filter(person=models.OuterRef("deputy"))
        return self.filter(~models.Exists(away), deputy__is_active=True)

    def without_deputy(self) -> Self:
        """Those of people for whom their leads stand in."""
        away = Absence.objects.now().filter(person=models.OuterRef("deputy"))
        return self.filter(Q(deputy=None) | Q(deputy__is_active=False) | Q(models.Exists(away)))


class Absence(models.Model):
    """That somebody is away: from the beginning of their first day to the end of their last, in their zone.

    A person has at most one that is not over; it is over when its time is, or when they end it before.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences", db_index=False)
    deputy = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="stands_in")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="absence_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="absence_days_forward"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="absence_forward"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")), name="absence_deputy_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.first_day}–{self.last_day}"
