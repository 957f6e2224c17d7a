"""The tasks that a ring of the doorbell starts; their work waits in the database, no lost ring matters."""

from datetime import timedelta

from celery import shared_task

from activity import bell
from knowhow.bridges import mentoring
from knowhow.exchanges import reminding as exchanges
from knowhow.solutions import warning
from notifications import delivery, fanout, inbox, schedule
from notifications.digest import plan
from notifications.digest.send import deliver_digests
from requests_app import reminding, vocabulary
from requests_app.attachments.sweeping import sweep
from requests_app.bridging import ties
from requests_app.forecast import calibration
from requests_app.triage import snoozing, suggesting
from teams.understanding import chasing

# A task ends long before its time limit; the next ring goes on.
EVENTS_PER_TASK = 2_000
MAILS_PER_TASK = 200
INBOX_PER_TASK = 10_000

DELIVER_TASK = "notifications.tasks.deliver"

SCHEDULES = (
    schedule.Schedule("digests", timedelta(minutes=1), plan.plan_due),
    schedule.Schedule("reminders", timedelta(minutes=15), reminding.say_what_is_due),
    schedule.Schedule("exchanges", timedelta(minutes=5), exchanges.say_what_is_due),
    schedule.Schedule("stale briefs", timedelta(minutes=15), chasing.say_what_is_due),
    schedule.Schedule("too few experts", timedelta(hours=1), warning.say_what_is_due),
    schedule.Schedule("wake snoozed", timedelta(minutes=1), snoozing.wake_due),
    schedule.Schedule("count words", timedelta(days=1), vocabulary.recount),
    schedule.Schedule("learn to suggest", timedelta(days=1), suggesting.relearn),
    schedule.Schedule("forget old slots", timedelta(days=1), schedule.forget_old_slots),
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


@shared_task(name=DELIVER_TASK, ignore_result=True)
def deliver() -> None:
    """Send mail and digests that are due; rings for the rest where there is more than one task should do."""
    sent = delivery.deliver_mail(MAILS_PER_TASK).total + deliver_digests(MAILS_PER_TASK).total
    if sent >= MAILS_PER_TASK:
        bell.ring(DELIVER_TASK)


@shared_task(name="notifications.tasks.tick", ignore_result=True)
def tick() -> None:
    """Run the schedules whose slots are due."""
    if schedule.tick(SCHEDULES):
        bell.ring(DELIVER_TASK)
