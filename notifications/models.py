from collections.abc import Iterable
from typing import ClassVar, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activity import clock
from activity.models import Event
from notifications.audience import Why
from notifications.chat.models import ChatChannel
from notifications.choosing.models import Chosen, CompanyDefault, QuietTimes, TeamAttention
from notifications.digest.models import DigestFeed, DigestUse, TeamWord
from notifications.incoming.models import IncomingMail
from notifications.operations.models import Heartbeat
from notifications.things import REQUEST, Place, may_be_told_of
from requests_app.models import Request
from teams.models import Person

# A week's key such as 2026-W47.
WEEK_KEY = 8


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("E-mail")
    DIGEST = "digest", _("Weekly digest")
    CHAT = "chat", _("Chat")


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    DONE = "done", pgettext_lazy("delivery", "Delivered")
    SKIPPED = "skipped", pgettext_lazy("delivery", "Not sent any more")
    DEAD = "dead", pgettext_lazy("delivery", "Given up")


class Delivery(models.Model):
    """One thing to tell one person by one channel; ``dedupe_key`` makes it one, however often asked for.

    A worker holds it by a lease; whoever finds the lease expired may try again. ``message_id`` follows from
    the dedupe key of the first delivery that its mail told, so that a repeated mail can be recognised.
    ``due_at`` is when it goes out at the latest, ``ready_at`` when it may go along with others; what has the
    same ``together`` is one mail. ``why`` it is told, and in whose place: ``stands_for``.
    Of a chat channel (``chat``) ``person`` is who put it there, or asked for a test.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    chat = models.ForeignKey(
        "notifications.ChatChannel",
        on_delete=models.CASCADE,
        null=True,
        related_name="deliveries",
        db_index=False,
    )
    dedupe_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    together = models.CharField(max_length=60, blank=True, default="", db_default="")
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="", db_default="")
    stands_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(finished_at__isnull=False), name="delivery_end_has_time"
            ),
            models.CheckConstraint(
                condition=Q(channel="chat", chat__isnull=False) | (~Q(channel="chat") & Q(chat=None)),
                name="delivery_chat_has_channel",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at", "id"], condition=Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["id"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(fields=["chat", "id"], condition=Q(channel="chat"), name="delivery_of_chat"),
            # For how many end in a while: small, and no burden for those who write.
            BrinIndex(fields=["finished_at"], name="delivery_finished", autosummarize=True),
            models.Index(
                fields=["person", "id"], condition=Q(state="waiting", channel="mail"), name="delivery_to_mail"
            ),
            models.Index(
                fields=["person", "finished_at"],
                condition=Q(state="done", channel__in=["mail", "digest"]),
                name="delivery_mailed",
            ),
        ]

    def __str__(self) -> str:
        return self.dedupe_key


def lies_here() -> Q:
    """The condition on entries that they are neither archived nor put off to a later moment."""
    return Q(archived_at=None) & (Q(snoozed_until=None) | Q(snoozed_until__lte=clock.now()))


class InboxEntryQuerySet(models.QuerySet["InboxEntry"]):
    def visible_to(self, person: Person) -> Self:
        """The entries of ``person`` about what they may see now."""
        return self.filter(may_be_told_of(person), person=person)

    def here(self) -> Self:
        """Those that lie in the inbox now: neither archived nor put off."""
        return self.filter(lies_here())

    def unread(self) -> Self:
        return self.here().filter(read_at=None)

    def about(self, places: Iterable[Place]) -> Self:
        """Those about one of ``places``."""
        wanted = set(places)
        about = Q(request__in=[place.pk for place in wanted if place.kind == REQUEST])
        for place in wanted:
            if place.kind != REQUEST:
                about |= Q(request=None, object_type=place.kind, object_id=place.pk)
        return self.filter(about)


class InboxEntry(models.Model):
    """That something happened, told to one person on their inbox page.

    It is about a request, or about another thing, which ``object_type`` and ``object_id`` name.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="inbox_entries", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="inbox_entries")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, null=True, related_name="+")
    object_type = models.CharField(max_length=30, blank=True, default="", db_default="")
    object_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="", db_default="")
    stands_for = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[InboxEntryQuerySet] = InboxEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("inbox entry")
        verbose_name_plural = _("inbox entries")
        constraints = [
            models.UniqueConstraint(fields=["person", "event"], name="inbox_entry_once"),
            models.CheckConstraint(
                condition=Q(request__isnull=False, object_type="", object_id=None)
                | Q(~Q(object_type=""), request=None, object_id__isnull=False),
                name="inbox_entry_about_one",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="inbox_entry_newest"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="inbox_entry_unread"),
            models.Index(
                fields=["person", "request", "object_type", "object_id", "-created_at", "-id"],
                name="inbox_entry_thread",
            ),
            models.Index(fields=["created_at"], name="inbox_entry_age"),
            models.Index(
                fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="inbox_entry_snoozed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.event_id}"

    @property
    def place(self) -> Place:
        """What it is about."""
        if self.request_id is not None:
            return Place(REQUEST, self.request_id)
        return Place(self.object_type, self.object_id or 0)


class Digest(models.Model):
    """The digest of one person and week: what was chosen for it, by ids, never texts.

    It tells of the events up to ``period_end`` and ``last_position`` that the one before did not tell of.
    ``next_weekday``, ``next_hour`` and ``next_every`` are what its reader, else the company, wished at its
    making; they hold for the next one.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests", db_index=False)
    week = models.CharField(max_length=WEEK_KEY)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    last_position = models.BigIntegerField(default=0)
    selection = models.JSONField(default=dict)
    next_weekday = models.PositiveSmallIntegerField()
    next_hour = models.PositiveSmallIntegerField()
    next_every = models.PositiveSmallIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(fields=["person", "week"], name="digest_once"),
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")), name="digest_period_forward"
            ),
            models.CheckConstraint(condition=Q(next_weekday__lte=6), name="digest_weekday"),
            models.CheckConstraint(condition=Q(next_hour__lte=23), name="digest_hour"),
            models.CheckConstraint(condition=Q(next_every__in=[1, 2]), name="digest_every"),
        ]
        indexes = [models.Index(fields=["person", "-period_end"], name="digest_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.week}"


class DigestPreference(models.Model):
    """Whether and when a person gets the digest by mail; without a row every week, when the company does.

    ``weekday`` and ``hour`` (local) are None where the company's hold; it comes ``every`` week or second one.
    ``round`` grows when it is switched on again, so that a link from an earlier mail does not switch it off.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="digest_preference"
    )
    weekly = models.BooleanField(default=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    hour = models.PositiveSmallIntegerField(null=True)
    every = models.PositiveSmallIntegerField(default=1, db_default=1)
    round = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday=None) | Q(weekday__lte=6), name="digest_wish_weekday"),
            models.CheckConstraint(condition=Q(hour=None) | Q(hour__lte=23), name="digest_wish_hour"),
            models.CheckConstraint(condition=Q(every__in=[1, 2]), name="digest_wish_every"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.weekly}"


class Slot(models.Model):
    """One moment of a schedule, taken by whoever inserted the row first."""

    name = models.CharField(max_length=40)
    slot = models.CharField(max_length=40)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="slot_once")]
        indexes = [models.Index(fields=["taken_at"], name="slot_age")]

    def __str__(self) -> str:
        return f"{self.name} {self.slot}"


class DemoMailQuerySet(models.QuerySet["DemoMail"]):
    def visible_to(self, person: Person) -> Self:
        """The mails sent to ``person``; an administrator sees all."""
        return self if person.is_admin else self.filter(recipient__iexact=person.email)


class DemoMail(models.Model):
    """A mail that the demo kept instead of sending it."""

    recipient = models.EmailField(max_length=254)
    subject = models.CharField(max_length=1_000, blank=True, default="")
    headers = models.JSONField(default=dict)
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField()

    objects: ClassVar[DemoMailQuerySet] = DemoMailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["-sent_at", "-id"], name="demo_mail_newest")]

    def __str__(self) -> str:
        return f"{self.recipient} · {self.subject}"


__all__ = [
    "Channel",
    "ChatChannel",
    "Chosen",
    "CompanyDefault",
    "Delivery",
    "DemoMail",
    "Digest",
    "DigestFeed",
    "DigestPreference",
    "DigestUse",
    "Heartbeat",
    "InboxEntry",
    "IncomingMail",
    "QuietTimes",
    "Slot",
    "State",
    "TeamAttention",
    "TeamWord",
]
