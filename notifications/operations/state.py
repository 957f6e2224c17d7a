"""How the telling of things stands at this moment, read from the database; the same for page and metrics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now

from activity import bell, broadcast
from activity.models import FanOut
from notifications.chat.models import ChatChannel
from notifications.incoming.models import IncomingMail, Outcome
from notifications.models import Channel, Delivery, Digest, Slot, State
from notifications.operations.heartbeats import SILENT_AFTER
from notifications.operations.models import Heartbeat, Process
from notifications.operations.words import words_of
from notifications.schedule import Schedule, database_time, slot_of
from teams.models import Person

SHORT, LONG = timedelta(minutes=5), timedelta(hours=1)
DAY = timedelta(days=1)
SLOW, STANDS_STILL = timedelta(minutes=2), timedelta(minutes=15)
# A schedule that missed two of its slots is late.
SLOTS_LATE = 2
QUEUES = ("default", "mail", "webhooks")


def health_of(lag: timedelta | None, *, has_failed: bool = False) -> str:
    """``good``, ``warning`` or ``bad``, by how long the oldest has been due and whether anything failed."""
    lag = lag or timedelta(0)
    if lag > STANDS_STILL:
        return "bad"
    return "warning" if lag > SLOW or has_failed else "good"


@dataclass(frozen=True)
class ChannelState:
    """One way out: what waits and for how long, what ended lately, what was given up."""

    channel: Channel
    waiting: int = 0
    due: int = 0
    # Those that wait for another attempt after a failed one.
    failing: int = 0
    # Of the delivery that has been due for longest.
    due_since: datetime | None = None
    lag: timedelta | None = None
    done_in_5_minutes: int = 0
    done_in_hour: int = 0
    skipped_in_hour: int = 0
    dead_in_hour: int = 0
    dead: int = 0

    @property
    def per_minute(self) -> float:
        """How many went out per minute, over the last five."""
        return self.done_in_5_minutes / 5

    @property
    def health(self) -> str:
        return health_of(self.lag, has_failed=bool(self.failing or self.dead))


@dataclass(frozen=True)
class ScheduleState:
    """A schedule, and when its slot was last taken; None: not within what is kept."""

    name: str
    every: timedelta
    taken_at: datetime | None
    is_late: bool

    @property
    def words(self) -> str:
        """What it does."""
        return words_of(self.name)


@dataclass(frozen=True)
class ProcessState:
    """A process as it said of itself."""

    process: str
    name: str
    started_at: datetime
    beaten_at: datetime
    trouble: str
    is_alive: bool

    @property
    def words(self) -> str:
        """What kind of process it is."""
        return str(Process(self.process).label)


@dataclass(frozen=True)
class Digests:
    """The weekly digests: when the last were made and sent."""

    made_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Operations:
    """Everything at one moment of the database's clock."""

    at: datetime
    channels: Sequence[ChannelState]
    events_open: int
    events_since: datetime | None
    schedules: Sequence[ScheduleState]
    processes: Sequence[ProcessState]
    digests: Digests
    undeliverable: int
    chats_off: int
    incoming: Mapping[str, int]
    # Rings that wait in Redis, by queue; None where Redis does not answer.
    queues: Mapping[str, int] | None

    def alive(self, process: str) -> int:
        """How many processes of this kind live."""
        return sum(one.is_alive for one in self.processes if one.process == process)

    @property
    def events_lag(self) -> timedelta | None:
        """Age of the oldest event that is not handed out."""
        return _since(self.at, self.events_since)

    @property
    def events_health(self) -> str:
        return health_of(self.events_lag)

    @property
    def incoming_words(self) -> list[tuple[str, int]]:
        """What became of the mails of the last day, in words."""
        return [(str(Outcome(outcome).label), count) for outcome, count in self.incoming.items()]

    @property
    def workers(self) -> int:
        return self.alive(Process.WORKER)

    @property
    def beats(self) -> int:
        return self.alive(Process.BEAT)


def operations(schedules: Sequence[Schedule]) -> Operations:
    """How things stand, in a constant number of queries."""
    at = database_time()
    opened = FanOut.objects.filter(done_at=None).aggregate(Count("pk"), Min("event__recorded_at"))
    digests = Digest.objects.aggregate(Max("created_at"), Max("sent_at"))
    return Operations(
        at=at,
        channels=_channels(at),
        events_open=opened["pk__count"],
        events_since=opened["event__recorded_at__min"],
        schedules=_schedules(schedules, at),
        processes=_processes(at),
        digests=Digests(digests["created_at__max"], digests["sent_at__max"]),
        undeliverable=Person.objects.filter(is_active=True, mail_fails_since__isnull=False).count(),
        chats_off=ChatChannel.objects.filter(removed_at=None, is_on=False).count(),
        incoming=dict(
            IncomingMail.objects.filter(received_at__gt=Now() - DAY)
            .order_by()
            .values_list("outcome")
            .annotate(Count("pk"))
        ),
        queues=queue_lengths(),
    )


def _since(at: datetime, moment: datetime | None) -> timedelta | None:
    return max(timedelta(0), at - moment) if moment else None


def _channels(at: datetime) -> list[ChannelState]:
    given_up = Delivery.objects.filter(state=State.DEAD).order_by().values_list("channel")
    dead = dict(given_up.annotate(Count("pk")))
    waiting, ended = _by_channel(_waiting(at)), _by_channel(_ended(at))
    return [
        ChannelState(
            channel,
            **waiting.get(channel, {}),
            **ended.get(channel, {}),
            lag=_since(at, waiting.get(channel, {}).get("due_since")),
            dead=dead.get(channel, 0),
        )
        for channel in Channel
    ]


def _by_channel(rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    return {row.pop("channel"): row for row in rows}


def _waiting(at: datetime) -> Iterable[Any]:
    """What waits, by channel."""
    due = Q(due_at__lte=at)
    rows = Delivery.objects.filter(state=State.WAITING).order_by().values("channel")
    return rows.annotate(
        waiting=Count("pk"),
        due=Count("pk", filter=due),
        failing=Count("pk", filter=~Q(last_error="")),
        due_since=Min("due_at", filter=due),
    )


def _ended(at: datetime) -> Iterable[Any]:
    """What ended within the last hour, by channel."""
    done = Q(state=State.DONE)
    rows = Delivery.objects.filter(finished_at__gt=at - LONG).order_by().values("channel")
    return rows.annotate(
        done_in_5_minutes=Count("pk", filter=done & Q(finished_at__gt=at - SHORT)),
        done_in_hour=Count("pk", filter=done),
        skipped_in_hour=Count("pk", filter=Q(state=State.SKIPPED)),
        dead_in_hour=Count("pk", filter=Q(state=State.DEAD)),
    )


def _schedules(schedules: Sequence[Schedule], at: datetime) -> list[ScheduleState]:
    taken = dict(Slot.objects.order_by().values_list("name").annotate(Max("taken_at")))
    return [
        ScheduleState(one.name, one.every, taken.get(one.name), _is_late(one, taken.get(one.name), at))
        for one in schedules
    ]


def _is_late(schedule: Schedule, taken_at: datetime | None, at: datetime) -> bool:
    """Whether slots passed that nobody took; a schedule that was never taken is as late as its first slot."""
    if taken_at is None:
        return schedule.every < DAY
    return slot_of(at, schedule.every) - slot_of(taken_at, schedule.every) > SLOTS_LATE * schedule.every


def _processes(at: datetime) -> list[ProcessState]:
    rows = Heartbeat.objects.order_by("process", "name")
    return [
        ProcessState(
            row.process,
            row.name,
            row.started_at,
            row.beaten_at,
            row.trouble,
            at - row.beaten_at < SILENT_AFTER,
        )
        for row in rows
    ]


def queue_lengths() -> dict[str, int] | None:
    """How many rings wait in Redis, by queue; None where it does not answer within about a second."""

    def ask() -> dict[str, int] | None:
        lengths = broadcast.client().pipeline()
        for queue in QUEUES:
            lengths.llen(queue)
        return dict(zip(QUEUES, lengths.execute(), strict=True))

    return bell.asked(ask, None, "The queues could not be asked for (%s).")
