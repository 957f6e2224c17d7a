"""The tasks that a ring of the doorbell starts; their work waits in the database, no lost ring matters."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown

from activity import bell
from knowhow.bridges import mentoring
from knowhow.exchanges import reminding as exchanges
from knowhow.solutions import warning
from notifications import delivery, fanout, inbox, schedule
from notifications.chat import sending
from notifications.digest import plan
from notifications.digest.send import deliver_digests
from notifications.forgetting import forget_old_deliveries
from notifications.incoming import forgetting, mailbox
from notifications.operations import heartbeats
from notifications.operations.models import Process
from requests_app import reminding, vocabulary
from requests_app.attachments.sweeping import sweep
from requests_app.bridging import ties
from requests_app.escalating import speaking
from requests_app.forecast import calibration
from requests_app.triage import snoozing, suggesting
from teams import sessions

logger = logging.getLogger(__name__)

# A task ends long before its time limit; the next ring goes on.
EVENTS_PER_TASK = 2_000
MAILS_PER_TASK = 200
INBOX_PER_TASK = 10_000

CHAT_PER_TASK = 200

DELIVER_TASK = "notifications.tasks.deliver"
CHAT_TASK = "notifications.tasks.deliver_chat"

SCHEDULES = (
    schedule.Schedule("digests", timedelta(minutes=1), plan.plan_due),
    schedule.Schedule("reminders", timedelta(minutes=15), reminding.say_what_is_due),
    schedule.Schedule("escalations", timedelta(minutes=15), speaking.speak_up),
    schedule.Schedule("exchanges", timedelta(minutes=5), exchanges.say_what_is_due),
    schedule.Schedule("stale briefs", timedelta(minutes=15), speaking.ask_about_briefs),
    schedule.Schedule("too few experts", timedelta(hours=1), warning.say_what_is_due),
    schedule.Schedule("wake snoozed", timedelta(minutes=1), snoozing.wake_due),
    schedule.Schedule("wake inbox", timedelta(minutes=1), inbox.wake_due),
    schedule.Schedule("clear inbox", timedelta(days=1), inbox.clear_old),
    schedule.Schedule("count words", timedelta(days=1), vocabulary.recount),
    schedule.Schedule("learn to suggest", timedelta(days=1), suggesting.relearn),
    schedule.Schedule("forget old slots", timedelta(days=1), schedule.forget_old_slots),
    schedule.Schedule("forget old mail", timedelta(days=1), forgetting.forget_old),
    schedule.Schedule("forget old deliveries", timedelta(days=1), forget_old_deliveries),
    schedule.Schedule("forget expired sessions", timedelta(days=1), sessions.forget_expired),
    schedule.Schedule("forget silent processes", timedelta(hours=1), heartbeats.forget_silent),
    schedule.Schedule("sweep files", timedelta(days=1), sweep),
    schedule.Schedule("match mentors", timedelta(days=7), mentoring.propose_matches),
    schedule.Schedule("count what joins teams", timedelta(days=1), ties.recount),
    schedule.Schedule("measure forecasts", timedelta(days=1), calibration.measure),
)


@shared_task(name=bell.FAN_OUT_TASK, ignore_result=True)
def fan_out() -> None:
    """Turn new events into deliveries and inbox entries, and wake who sends mail."""
    fanned = fanout.fan_out(EVENTS_PER_TASK)
    inbox.deliver_inbox(INBOX_PER_TASK)
    if fanned:
        bell.ring(DELIVER_TASK)
        bell.ring(CHAT_TASK)


@shared_task(name=DELIVER_TASK, ignore_result=True)
def deliver() -> None:
    """Send mail and digests that are due; rings for the rest where there is more than one task should do."""
    sent = delivery.deliver_mail(MAILS_PER_TASK).total + deliver_digests(MAILS_PER_TASK).total
    if sent >= MAILS_PER_TASK:
        bell.ring(DELIVER_TASK)


@shared_task(name=CHAT_TASK, ignore_result=True)
def deliver_chat() -> None:
    """Send what is meant for chat channels; rings for the rest."""
    if sending.deliver_chat(CHAT_PER_TASK).total >= CHAT_PER_TASK:
        bell.ring(CHAT_TASK)


@shared_task(name="notifications.tasks.fetch_mail", ignore_result=True)
def fetch_mail() -> None:
    """Look into the mailbox, where there is one; what is wrong with it stands on the operations page."""
    if not mailbox.is_configured():
        return
    trouble = ""
    try:
        fetched = mailbox.fetch()
        if fetched is None:
            return
        if fetched.failed:
            trouble = f"{fetched.failed} mails could not be handled; the log says why"
    except mailbox.MailboxError as error:
        logger.warning("The mailbox could not be read: %s", error)
        trouble = str(error)
    heartbeats.beat(Process.MAILBOX, heartbeats.ONLY_ONE, trouble)


@shared_task(name="notifications.tasks.tick", ignore_result=True)
def tick() -> None:
    """Run the schedules whose slots are due."""
    if schedule.tick(SCHEDULES):
        bell.ring(DELIVER_TASK)


_pulses: list[heartbeats.Pulse] = []


@worker_ready.connect
def begin_to_beat(**_about: Any) -> None:
    """A worker says that it lives from when it takes work, whether or not anybody rings."""
    pulse = heartbeats.Pulse(Process.WORKER, heartbeats.own_name())
    _pulses.append(pulse)
    pulse.start()


@worker_shutdown.connect
def end_beating(**_about: Any) -> None:
    """Say goodbye, so that nobody misses this worker."""
    while _pulses:
        _pulses.pop().end()
