import uuid
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models import PLAIN_LINE, Person, not_blank, text_limit
from teams.private_addresses import PrivateAddress
from teams.words import weighted_words

ABILITY_TEXT = 2_000
REASON_TEXT = 1_000
TOPIC_LINE = 80
LINK_LINE = 500
ZONE_LINE = 60
MOST_SEATS = 500
MOST_SESSIONS = 26
# Indexed as it stands here.
WORDS_OF_EXCHANGES = weighted_words(("title", "A"), ("topic", "B"), ("ability", "C"))


class ExchangeKind(models.TextChoices):
    SESSION = "session", pgettext_lazy("exchange", "Session")
    SHADOWING = "shadowing", _("Job shadowing")


class Standing(models.TextChoices):
    """How somebody stands to an exchange that they have signed up for."""

    SEAT = "seat", _("has a seat")
    WAITING = "waiting", _("on the waiting list")
    LEFT = "left", _("signed off")


class Answer(models.TextChoices):
    """Whether somebody can now do what the exchange promised."""

    YES = "yes", pgettext_lazy("feedback", "Yes")
    PARTLY = "partly", pgettext_lazy("feedback", "Partly")
    NO = "no", pgettext_lazy("feedback", "Not yet")


class ExchangeSeries(models.Model):
    """Sessions at the same wall time of every so many weeks; each of them is an exchange of its own."""

    every_weeks = models.PositiveSmallIntegerField()
    times = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every_weeks__range=(1, 8)), name="series_rhythm"),
            models.CheckConstraint(condition=Q(times__range=(2, MOST_SESSIONS)), name="series_length"),
        ]


def _counted(standing: str) -> Coalesce:
    """How many people stand to an exchange like this, as a subquery: a list asks for it row by row."""
    rows = SignUp.objects.filter(exchange=OuterRef("pk"), standing=standing)
    count = rows.order_by().values("exchange").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, person: Person) -> Self:
        """Every active member sees every exchange: whoever may learn from it must be able to find it."""
        return self if person.is_active else self.none()

    def counted(self) -> Self:
        """With ``taken`` and ``waiting``: how many have a seat, how many wait for one."""
        return self.annotate(taken=_counted(Standing.SEAT), waiting=_counted(Standing.WAITING))

    def with_room(self) -> Self:
        """Those with a free seat."""
        return self.counted().filter(Q(taken__lt=F("seats")))

    def planned(self) -> Self:
        return self.filter(cancelled_at=None)


class Exchange(models.Model):
    """One session, or one day of job shadowing: somebody shows others how it is done.

    ``zone`` is where its hours are said: they keep their wall time there. ``uid`` and ``sequence`` are what
    calendars know it by; ``invited_at`` is when the invitation last changed.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ExchangeKind.choices)
    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    ability = models.TextField(_("what you will be able to do"), max_length=ABILITY_TEXT)
    topic = models.CharField(_("topic"), max_length=TOPIC_LINE, blank=True, default="")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hosted_exchanges")
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=ZONE_LINE)
    place = models.CharField(_("place"), max_length=PLAIN_LINE, blank=True, default="")
    link = models.URLField(_("link"), max_length=LINK_LINE, blank=True, default="")
    seats = models.PositiveSmallIntegerField(_("seats"))
    series = models.ForeignKey(ExchangeSeries, on_delete=models.PROTECT, null=True, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    invited_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(max_length=REASON_TEXT, blank=True, default="")
    # For which beginning the reminder went out; when those who were there were asked.
    reminded_for = models.DateTimeField(null=True)
    feedback_asked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects: ClassVar[ExchangeQuerySet] = ExchangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = [
            not_blank("title", "exchange_has_title"),
            not_blank("ability", "exchange_has_ability"),
            text_limit("ability", ABILITY_TEXT, "exchange_ability_limit"),
            text_limit("cancel_reason", REASON_TEXT, "exchange_reason_limit"),
            models.CheckConstraint(condition=Q(kind__in=ExchangeKind.values), name="exchange_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="exchange_forward"),
            models.CheckConstraint(condition=Q(seats__range=(1, MOST_SEATS)), name="exchange_seats"),
            models.CheckConstraint(
                condition=~Q(kind=ExchangeKind.SHADOWING) | Q(seats=1), name="exchange_shadowing_is_for_one"
            ),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="exchange_has_place_or_link"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="exchange_start"),
            models.Index(fields=["ends_at", "id"], name="exchange_end"),
            models.Index(fields=["host", "starts_at"], name="exchange_host"),
            GinIndex(WORDS_OF_EXCHANGES, name="exchange_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchanges:exchange", args=[self.pk])

    @property
    def free(self) -> int:
        """How many seats are free, of an exchange that was read ``counted``."""
        taken: int = self.taken  # type: ignore[attr-defined]
        return max(0, self.seats - taken)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_shadowing(self) -> bool:
        return self.kind == ExchangeKind.SHADOWING


class SignUp(models.Model):
    """That somebody wants to come. ``place`` numbers the seats, so that no seat is given twice.

    ``since`` is the order of the waiting list. ``turns`` counts how often they signed off: with it a calendar
    takes a later invitation as newer than the cancellation before it.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="signups", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signups")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    place = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()
    turns = models.PositiveIntegerField(default=0)
    # None until the host, or they themselves, have said so.
    attended = models.BooleanField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(fields=["exchange", "person"], name="sign_up_once"),
            models.UniqueConstraint(fields=["exchange", "place"], name="sign_up_seat_once"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="sign_up_standing_known"),
            models.CheckConstraint(
                condition=Q(standing=Standing.SEAT, place__gte=1)
                | (~Q(standing=Standing.SEAT) & Q(place=None)),
                name="sign_up_seat_has_place",
            ),
            models.CheckConstraint(condition=Q(answer__in=["", *Answer.values]), name="sign_up_answer_known"),
            models.CheckConstraint(condition=Q(answer="") | Q(attended=True), name="sign_up_answer_of_guest"),
        ]
        indexes = [models.Index(fields=["exchange", "standing", "since", "id"], name="sign_up_order")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.exchange_id}"


class ExchangeMaterial(models.Model):
    """A link to what was shown, or to what helps to prepare."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    link = models.URLField(_("link"), max_length=LINK_LINE)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            not_blank("title", "material_has_title"),
            not_blank("link", "material_has_link"),
            models.UniqueConstraint(fields=["exchange", "link"], name="material_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ExchangeProposal(models.Model):
    """A wish for an exchange that nobody hosts yet; enough who would come find it a host."""

    kind = models.CharField(_("kind"), max_length=10, choices=ExchangeKind.choices)
    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    ability = models.TextField(_("what you would like to be able to do"), max_length=ABILITY_TEXT)
    topic = models.CharField(_("topic"), max_length=TOPIC_LINE, blank=True, default="")
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exchange_proposals")
    # What became of it: an exchange, or nothing.
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, null=True, related_name="proposals")
    hosts_asked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proposed exchange")
        verbose_name_plural = _("proposed exchanges")
        constraints = [
            not_blank("title", "proposal_has_title"),
            not_blank("ability", "proposal_has_ability"),
            text_limit("ability", ABILITY_TEXT, "proposal_ability_limit"),
            models.CheckConstraint(condition=Q(kind__in=ExchangeKind.values), name="proposal_kind_known"),
            models.CheckConstraint(
                condition=Q(exchange=None) | Q(closed_at__isnull=False), name="proposal_taken_up_is_closed"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], condition=Q(closed_at=None), name="proposal_open")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchanges:proposal", args=[self.pk])


class Wish(models.Model):
    """That one person would come, of one proposal."""

    proposal = models.ForeignKey(ExchangeProposal, on_delete=models.CASCADE, related_name="wishes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="wish_once")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.proposal_id}"


class CalendarFeed(PrivateAddress):
    """The address at which a person's calendar program fetches their exchanges; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_feed")

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
