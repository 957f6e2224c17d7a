"""The round: the half hour in which both sides go through what waits for both of them, one by one."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.choices import AgendaKind, AgendaOutcome
from requests_app.models.boards import Board
from requests_app.models.request import REASON_TEXT, Request
from requests_app.querysets import OfRequestQuerySet
from teams.models import PLAIN_LINE, Goal, Person, text_limit

LEAST_MINUTES, MOST_MINUTES = 5, 240
NOTE_TEXT = 4_000


class Round(models.Model):
    """One meeting; open until ``closed_at``, whoever closes which lid meanwhile.

    ``scope`` names what it is about ("" for everything, "board:3", "goal:7"), so that only one is open about
    the same; ``scope_title`` keeps its words when a board is thrown away. ``position`` is the place on the
    agenda that is talked about, one more than the last at the end.
    """

    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    scope = models.CharField(max_length=40, blank=True, default="")
    scope_title = models.CharField(max_length=PLAIN_LINE, blank=True, default="")
    board = models.ForeignKey(Board, on_delete=models.SET_NULL, null=True, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=1)
    present = models.ManyToManyField(Person, through="Presence", related_name="rounds")
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope"], condition=Q(closed_at=None), name="round_open_once_a_scope"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=LEAST_MINUTES, minutes__lte=MOST_MINUTES), name="round_minutes"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="round_position"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, closed_at__gte=models.F("opened_at")),
                name="round_closed_by_and_at",
            ),
        ]
        indexes = [
            models.Index(
                models.F("closed_at").desc(nulls_first=True), models.F("id").desc(), name="round_newest"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("requests:round", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def title(self) -> str:
        """What the round is about, in words."""
        return self.scope_title or _("Everything that waits for both sides")


class Presence(models.Model):
    """That a person takes part in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.person_id}"


class RoundItem(models.Model):
    """A request on a round's agenda; ``note`` is what people wrote into the minutes instead of the log."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=AgendaKind.choices)
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=AgendaOutcome.choices, blank=True, default="")
    reason = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    note = models.TextField(max_length=NOTE_TEXT, blank=True, default="")

    objects: Any = OfRequestQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "request"], name="round_item_once"),
            models.UniqueConstraint(fields=["round", "position"], name="round_item_place"),
            models.CheckConstraint(condition=Q(kind__in=AgendaKind.values), name="round_item_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=AgendaOutcome.values), name="round_item_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=AgendaOutcome.DEFERRED) | ~Q(reason=""),
                name="round_item_deferred_has_reason",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="round_item_minutes"),
            text_limit("reason", REASON_TEXT, "round_item_reason_limit"),
            text_limit("note", NOTE_TEXT, "round_item_note_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.request_id}"
