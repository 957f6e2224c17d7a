from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q


class Origin(models.TextChoices):
    """The way a change came in."""

    WEB = "web"
    API = "api"
    COMMAND = "command"
    SYSTEM = "system"
    DEMO = "demo"
    IMPORT = "import"


class Event(models.Model):
    """One change, told once and never altered; everything that follows from changes reads these rows.

    ``object_type`` and ``object_id`` name what changed ("request", 12); who may read an event is a join to
    that object. ``shape`` is the version of ``data``'s layout for this kind. ``position`` is stamped after
    commit, so that a reader of ascending positions never misses an event. ``batch`` is the same for what
    one act changed in many places.
    """

    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    for_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    shape = models.PositiveSmallIntegerField(default=1)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    position = models.BigIntegerField(null=True, unique=True)
    batch = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="event_origin_known"),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="event_not_in_future"
            ),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_object"),
            models.Index(fields=["kind", "occurred_at"], name="event_kind_time"),
            models.Index(fields=["occurred_at"], name="event_time"),
            models.Index(fields=["id"], condition=Q(position=None), name="event_unstamped"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.object_id}"


class FanOut(models.Model):
    """The promise, made in the transaction of the change, that its event is told to all it concerns."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="fan_out")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["event"], condition=Q(done_at=None), name="fan_out_open")]

    def __str__(self) -> str:
        return f"fan-out of {self.event_id}"
