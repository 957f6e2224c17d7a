from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, GeneratedField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activity.models import Origin
from knowhow.models import Solution
from requests_app.choices import OPEN, PersonalData, RequestType, Status, Turn, WaitingFor
from requests_app.querysets import SEATS, TEAMS, RequestQuerySet
from teams.models import PLAIN_LINE, PLAIN_TEXT, Goal, Person, Team, Touchpoint, text_limit
from teams.words import weighted_words

NEED_TEXT = PLAIN_TEXT
REASON_TEXT = 2_000
LABEL_LINE = 60


def life_place() -> Case:
    """The place of a request's status in its life, from draft on: what lists are grouped by."""
    return Case(
        *(When(status=status, then=Value(place)) for place, status in enumerate(Status.values)),
        output_field=models.SmallIntegerField(),
    )


def waits_for_response() -> "ExpressionWrapper[Q]":
    """Whether the clock of the first response runs; for imported requests it never does."""
    return ExpressionWrapper(
        Q(first_response_at=None) & ~Q(origin=Origin.IMPORT.value), output_field=models.BooleanField()
    )


class Label(models.Model):
    """A word that requests are found by; forms write several separated by commas, so it holds none."""

    name = models.CharField(max_length=LABEL_LINE, unique=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^,[:space:]]([^,[:cntrl:]]*[^,[:space:]])?$"),
                name="label_is_a_word",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Request(models.Model):
    """What Marketing needs. Status, owners, rank, turn, version: written by the domain functions alone."""

    number = models.BigAutoField(primary_key=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    rank = models.CharField(max_length=200, db_collation="C", null=True)  # noqa: DJ001 - drafts have no place

    title = models.CharField(_("title"), max_length=PLAIN_LINE, blank=True, default="")
    customer_need = models.TextField(_("customer need"), max_length=NEED_TEXT, blank=True, default="")
    outcome = models.TextField(_("outcome for the customer"), max_length=NEED_TEXT, blank=True, default="")
    type = models.CharField(_("type"), max_length=20, choices=RequestType.choices, blank=True, default="")
    metric = models.CharField(_("metric"), max_length=PLAIN_LINE, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="")
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    measured_on = models.DateField(_("measured on"), null=True, blank=True)
    touchpoints = models.ManyToManyField(
        Touchpoint, blank=True, related_name="+", verbose_name=_("touchpoints")
    )
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("goal")
    )
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    deadline_reason = models.TextField(
        _("reason for the deadline"), max_length=REASON_TEXT, blank=True, default=""
    )
    wished_tool = models.TextField(_("wished tool"), max_length=REASON_TEXT, blank=True, default="")
    labels = models.ManyToManyField(Label, blank=True, related_name="requests", verbose_name=_("labels"))
    restricted = models.BooleanField(_("restricted"), default=False)

    requester = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    requesting_team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requesting team"),
    )
    serving_team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("serving team"),
    )
    marketing_owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    it_owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    turn = models.CharField(max_length=10, choices=Turn.choices, default=Turn.NOBODY)
    turn_since = models.DateTimeField(null=True)
    # The last transition, answer, score or field edit: what the rule of stalled work counts from.
    progress_at = models.DateTimeField(null=True)
    status_since = models.DateTimeField()

    # What the two sides found, NULL until both have scored: nobody can tell one side's values from it.
    scoring_round = models.PositiveSmallIntegerField(default=1)
    difference = models.PositiveSmallIntegerField(_("impact"), null=True)
    difference_provisional = models.BooleanField(default=False)
    effort = models.DecimalField(_("effort"), max_digits=2, decimal_places=1, null=True)

    agreed_on = models.DateField(_("agreed delivery date"), null=True, blank=True)
    one_off_cost = models.DecimalField(
        _("expected one-off cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    yearly_cost = models.DecimalField(
        _("expected yearly cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    personal_data = models.CharField(
        _("personal data"), max_length=4, choices=PersonalData.choices, blank=True, default=""
    )
    personal_data_which = models.TextField(
        _("which personal data"), max_length=REASON_TEXT, blank=True, default=""
    )
    # Who answers for data protection need not have an account.
    personal_data_signed_by = models.CharField(
        _("signed off by"), max_length=PLAIN_LINE, blank=True, default=""
    )
    personal_data_signed_on = models.DateField(_("signed off on"), null=True, blank=True)

    blocked_reason = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    waiting_for = models.CharField(max_length=10, choices=WaitingFor.choices, blank=True, default="")
    revisit_on = models.DateField(_("revisit on"), null=True)
    times_reconsidered = models.PositiveSmallIntegerField(default=0)
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, null=True, related_name="requests")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    # For which date, or which stall, the tandem has been told already: each is told once.
    revisit_asked_for = models.DateField(null=True)
    stall_told_at = models.DateTimeField(null=True)
    outcome_asked_for = models.DateField(null=True)
    outcome_reminded_for = models.DateField(null=True)
    # The measuring date may be put off once in the outcome review.
    measuring_moved = models.BooleanField(default=False)
    # When somebody of IT first said or did something about it: what the target of triage is measured by.
    first_response_at = models.DateTimeField(null=True)
    # Put aside in triage until then, by whoever serves it, for all of them.
    snoozed_until = models.DateTimeField(null=True)
    snooze_reason = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    # A lead started or returned it although its column was full.
    over_wip = models.BooleanField(default=False)

    submission_id = models.UUIDField(null=True, unique=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.WEB)
    import_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - unique where set
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    words = GeneratedField(
        expression=weighted_words(
            ("title", "A"), ("customer_need", "B"), ("outcome", "B"), ("wished_tool", "C"), ("metric", "C")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[RequestQuerySet] = RequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(fields=["status", "rank"], name="request_rank_unique_in_status"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="request_status_known"),
            models.CheckConstraint(
                condition=Q(type="") | Q(type__in=RequestType.values), name="request_type_known"
            ),
            models.CheckConstraint(condition=Q(turn__in=Turn.values), name="request_turn_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="request_origin_known"),
            models.CheckConstraint(
                condition=Q(waiting_for="", blocked_reason="")
                | (Q(waiting_for__in=WaitingFor.values) & ~Q(blocked_reason="")),
                name="request_blocked_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(rank__isnull=False), name="request_has_rank"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(origin=Origin.IMPORT)
                | (
                    ~Q(title="")
                    & ~Q(customer_need="")
                    & ~Q(outcome="")
                    & ~Q(type="")
                    & Q(requester__isnull=False, requesting_team__isnull=False)
                ),
                name="request_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(deadline=None)
                | ~Q(deadline_reason="")
                | Q(origin=Origin.IMPORT),
                name="request_deadline_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(restricted=False) | Q(serving_team__isnull=False),
                name="request_restricted_has_team",
            ),
            models.CheckConstraint(
                condition=Q(marketing_owner=None) | Q(it_owner=None) | ~Q(marketing_owner=F("it_owner")),
                name="request_tandem_is_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status="parked") | Q(revisit_on__isnull=False) | Q(origin=Origin.IMPORT),
                name="request_parked_has_date",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("number")), name="request_no_own_duplicate"
            ),
            models.CheckConstraint(condition=Q(scoring_round__gte=1), name="request_scoring_round"),
            models.CheckConstraint(
                condition=Q(difference=None, effort=None)
                | Q(
                    difference__isnull=False,
                    effort__isnull=False,
                    difference__lte=100,
                    effort__gte=1,
                    effort__lte=5,
                ),
                name="request_difference_range",
            ),
            models.CheckConstraint(
                condition=(Q(one_off_cost=None) | Q(one_off_cost__gte=0))
                & (Q(yearly_cost=None) | Q(yearly_cost__gte=0)),
                name="request_costs_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(personal_data__in=PersonalData.values), name="request_personal_data_known"
            ),
            models.CheckConstraint(
                condition=Q(personal_data="yes")
                | Q(personal_data_which="", personal_data_signed_by="", personal_data_signed_on=None),
                name="request_personal_data_named",
            ),
            models.CheckConstraint(
                condition=Q(personal_data_signed_by="", personal_data_signed_on=None)
                | (~Q(personal_data_signed_by="") & Q(personal_data_signed_on__isnull=False)),
                name="request_sign_off_by_name_and_date",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None, snooze_reason="")
                | Q(snoozed_until__isnull=False, status=Status.SUBMITTED),
                name="request_snoozed_while_new",
            ),
            text_limit("snooze_reason", REASON_TEXT, "request_snooze_reason_limit"),
            text_limit("personal_data_which", REASON_TEXT, "request_personal_data_limit"),
            text_limit("customer_need", NEED_TEXT, "request_need_limit"),
            text_limit("outcome", NEED_TEXT, "request_outcome_limit"),
            text_limit("deadline_reason", REASON_TEXT, "request_deadline_reason_limit"),
            text_limit("wished_tool", REASON_TEXT, "request_wished_tool_limit"),
            text_limit("blocked_reason", REASON_TEXT, "request_blocked_reason_limit"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="request_words"),
            models.Index(fields=["serving_team", "status", "rank"], name="request_board"),
            models.Index(fields=["serving_team", "status", "restricted", "done_at"], name="request_counts"),
            models.Index(fields=["requesting_team", "status"], name="request_requesting"),
            models.Index(fields=["requester", "-number"], name="request_requester"),
            models.Index(fields=["marketing_owner", "turn"], name="request_marketing_turn"),
            models.Index(fields=["it_owner", "turn"], name="request_it_turn"),
            models.Index(fields=["status", "-number"], name="request_status"),
            models.Index(fields=["-updated_at", "-number"], name="request_updated"),
            # The order of triage.
            models.Index(
                waits_for_response().desc(),
                "submitted_at",
                "number",
                condition=Q(status="submitted"),
                name="request_triage",
            ),
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="request_snoozed",
            ),
            models.Index(fields=["-created_at", "-number"], name="request_created"),
            models.Index(fields=["deadline", "number"], name="request_deadline"),
            models.Index(fields=["title", "number"], name="request_title"),
            models.Index(fields=["turn_since", "number"], name="request_turn_since"),
            models.Index(life_place(), F("number").desc(), name="request_life_place"),
            models.Index(
                F("difference").desc(nulls_last=True), F("number").desc(), name="request_by_difference"
            ),
            models.Index(fields=["goal", "status"], name="request_goal"),
            models.Index(fields=["status", "done_at"], name="request_done"),
            models.Index(fields=["progress_at"], condition=Q(status__in=OPEN), name="request_stalled"),
            models.Index(
                fields=["-difference", "-number"],
                condition=Q(difference__isnull=False),
                name="request_difference",
            ),
            models.Index(fields=["revisit_on"], condition=Q(status="parked"), name="request_revisit"),
            models.Index(fields=["measured_on"], condition=Q(status="done"), name="request_measuring"),
            # All that tells who sees a request of those that not everybody sees.
            models.Index(
                fields=["number"],
                include=["status", "restricted", "requester", *SEATS, *TEAMS],
                condition=Q(restricted=True) | Q(status="draft"),
                name="request_guarded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("requests:detail", args=[self.number])

    @property
    def key(self) -> str:
        return f"T-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_stalled(self) -> bool:
        """Whether it was said that nothing moves, and nothing has moved since."""
        told, moved = self.stall_told_at, self.progress_at
        return self.is_open and told is not None and (moved is None or told >= moved)

    @property
    def is_blocked(self) -> bool:
        return bool(self.waiting_for)
