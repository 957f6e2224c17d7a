"""The operations page as figures for Prometheus; nothing of any team."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from notifications.incoming.models import Outcome
from notifications.operations.models import Process
from notifications.operations.state import Operations


def text(found: Operations | None) -> bytes:
    """The figures; None where the database does not answer."""
    registry = CollectorRegistry()
    registry.register(Figures(found))
    return generate_latest(registry)


class Figures(Collector):
    """What was read once, as Prometheus asks for it."""

    def __init__(self, found: Operations | None) -> None:
        self.found = found

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _one("tandem_database_up", "Whether the database answers.", self.found is not None)
        if self.found is None:
            return
        found = self.found
        yield _one("tandem_redis_up", "Whether Redis answers.", found.queues is not None)
        yield from _of_deliveries(found)
        yield _one("tandem_events_waiting", "Events that are not fanned out yet.", found.events_open)
        lag = _seconds(found.events_lag)
        yield _one("tandem_events_lag_seconds", "Age of the oldest event that is not fanned out.", lag)
        yield from _of_processes(found)
        yield from _of_schedules(found)
        yield _moment(
            "tandem_digest_last_made_timestamp_seconds", "When digests were last made.", found.digests.made_at
        )
        yield _moment(
            "tandem_digest_last_sent_timestamp_seconds", "When digests were last sent.", found.digests.sent_at
        )
        yield _one(
            "tandem_undeliverable_addresses", "Active people whose mail comes back.", found.undeliverable
        )
        yield _one("tandem_chat_channels_off", "Chat channels that are switched off.", found.chats_off)
        came_in = {str(outcome): float(found.incoming.get(outcome, 0)) for outcome in Outcome}
        yield _by("tandem_incoming_mails_day", "Mails that came in within a day.", "outcome", came_in)
        if found.queues is not None:
            yield _by("tandem_queue_length", "Rings that wait in Redis.", "queue", found.queues)


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=float(value))


def _by(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def _seconds(lag: timedelta | None) -> float:
    return lag.total_seconds() if lag else 0.0


def _moment(name: str, words: str, moment: datetime | None) -> GaugeMetricFamily:
    return _one(name, words, moment.timestamp() if moment else 0.0)


def _of_deliveries(found: Operations) -> Iterator[GaugeMetricFamily]:
    states = GaugeMetricFamily(
        "tandem_deliveries", "Deliveries that have not ended well.", labels=["channel", "state"]
    )
    ended = GaugeMetricFamily(
        "tandem_deliveries_ended_hour", "Deliveries that ended within an hour.", labels=["channel", "state"]
    )
    for one in found.channels:
        for state, count in (("waiting", one.waiting), ("due", one.due), ("failing", one.failing)):
            states.add_metric([one.channel, state], count)
        states.add_metric([one.channel, "dead"], one.dead)
        lately = {"done": one.done_in_hour, "skipped": one.skipped_in_hour, "dead": one.dead_in_hour}
        for state, count in lately.items():
            ended.add_metric([one.channel, state], count)
    yield states
    yield ended
    lags = {str(one.channel): _seconds(one.lag) for one in found.channels}
    yield _by("tandem_delivery_lag_seconds", "Age of the oldest delivery that is due.", "channel", lags)
    rates = {str(one.channel): one.per_minute for one in found.channels}
    yield _by("tandem_deliveries_per_minute", "Deliveries done a minute, over five.", "channel", rates)


def _of_processes(found: Operations) -> Iterator[GaugeMetricFamily]:
    alive = {str(process): float(found.alive(process)) for process in (Process.WORKER, Process.BEAT)}
    yield _by("tandem_processes_alive", "Processes that said so within a minute.", "process", alive)
    mailbox = next((one for one in found.processes if one.process == Process.MAILBOX), None)
    if mailbox is not None:
        looked = "tandem_mailbox_last_look_timestamp_seconds"
        yield _moment(looked, "When the mailbox was last looked into.", mailbox.beaten_at)
        yield _one("tandem_mailbox_up", "Whether the mailbox could be read.", not mailbox.trouble)


def _of_schedules(found: Operations) -> Iterator[GaugeMetricFamily]:
    late = {one.name: float(one.is_late) for one in found.schedules}
    yield _by("tandem_schedule_late", "Whether a schedule missed its slots.", "schedule", late)
