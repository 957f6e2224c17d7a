"""What both sides hold each other to: the checklist before work starts, and changes that both agree on."""

from typing import Any

from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from requests_app.models.request import REASON_TEXT, Request
from requests_app.querysets import OfRequestQuerySet
from teams.models import PLAIN_LINE, Person, not_blank, text_limit


class ChecklistItem(models.Model):
    """Something that has to be done, in the order of ``position``, with the person who does it."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what has to be done"), max_length=PLAIN_LINE)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects: Any = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        constraints = [
            # Checked at the end of the transaction, because a move numbers all items anew.
            models.UniqueConstraint(
                fields=["request", "position"], name="checklist_order", deferrable=Deferrable.DEFERRED
            ),
            not_blank("text", "checklist_item_has_text"),
            models.CheckConstraint(
                condition=Q(done_by=None, done_at=None) | Q(done_by__isnull=False, done_at__isnull=False),
                name="checklist_item_done_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ResultProposal(models.Model):
    """A change of the agreed result that waits for the assent of both sides; gone once it is answered.

    What is NULL stays as it is. ``assented_marketing`` and ``assented_it`` are those who said yes for their
    side, the proposer among them where they act for one.
    """

    request = models.OneToOneField(
        Request, on_delete=models.CASCADE, primary_key=True, related_name="result_proposal"
    )
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    measured_on = models.DateField(null=True)
    reason = models.TextField(max_length=REASON_TEXT)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    assented_marketing = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    assented_it = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects: Any = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed result")
        verbose_name_plural = _("proposed results")
        constraints = [
            models.CheckConstraint(
                condition=~Q(baseline=None, target=None, measured_on=None), name="result_proposal_changes"
            ),
            # Whoever is the second to say yes applies it, so it never stands with both.
            models.CheckConstraint(
                condition=Q(assented_marketing=None) | Q(assented_it=None), name="result_proposal_is_open"
            ),
            not_blank("reason", "result_proposal_has_reason"),
            text_limit("reason", REASON_TEXT, "result_proposal_reason_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.proposed_by_id}"


class TurnPeriod(models.Model):
    """For how long a side held the ball. The database writes these rows itself whenever a turn changes.

    A trigger, so that no way of saving a request can leave a gap; a step that is taken back takes its
    periods with it. Nobody's turns have no row.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="turn_periods")
    side = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects: Any = OfRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "since"], name="turn_period_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(until=None), name="turn_period_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(side__in=("marketing", "it")), name="turn_period_side"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="turn_period_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.side}"
