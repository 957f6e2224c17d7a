"""What one worker process does a second: fan-outs, entries in inboxes, mails about events, digests.

`python -m bench.workers` measures one round in a database that is named in the environment, and prints JSON.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.test import override_settings  # noqa: E402

from activity import clock  # noqa: E402
from activity.models import FanOut  # noqa: E402
from bench import sink  # noqa: E402
from bench.scenarios import lead  # noqa: E402
from notifications.delivery import deliver_mail  # noqa: E402
from notifications.digest.send import send_due_digests  # noqa: E402
from notifications.fanout import fan_out  # noqa: E402
from notifications.inbox import deliver_inbox  # noqa: E402
from notifications.models import Channel, Delivery, Digest, DigestPreference, State  # noqa: E402
from requests_app.choices import BOARD_COLUMNS  # noqa: E402
from requests_app.discussion import comment  # noqa: E402
from requests_app.models import Comment, Request  # noqa: E402
from teams.models import Person  # noqa: E402

# So many digests tell their pace; the others would only take time.
MOST_DIGESTS = 2_000
# Longer than anything that is told waits for more, or for being taken back.
AGO = timedelta(minutes=15)


def measured(comments: int) -> dict[str, float]:
    """Rates of one process that tells of ``comments``; digests up to the mail server, which takes no time."""
    _say(comments)
    waiting = FanOut.objects.filter(done_at=None).count()
    fan_outs = _seconds(fan_out)
    entries, in_inboxes = _delivered(Channel.INBOX, deliver_inbox)
    with _mail_server():
        mails, by_mail = _delivered(Channel.MAIL, lambda: deliver_mail(10 * comments + 1_000))
    return {
        "fan_outs": waiting,
        "fan_outs_per_second": waiting / fan_outs,
        "inbox_entries": entries,
        "inbox_entries_per_second": entries / in_inboxes,
        "mails": mails,
        "mails_per_second": mails / by_mail,
        **_digests(),
    }


def _say(comments: int) -> None:
    """One comment on each of so many open requests, as the same lead, long enough ago to be told now."""
    by = lead()
    # Nobody gets two mails about the same request within minutes.
    told = Comment.objects.filter(created_at__gt=clock.now() - timedelta(hours=1)).values("request")
    fresh = Request.objects.visible_to(by).filter(status__in=BOARD_COLUMNS).exclude(number__in=told)
    numbers = list(fresh.order_by("-number").values_list("number", flat=True)[:comments])
    with clock.moved_to(clock.now() - AGO):
        for n in range(comments):
            comment(numbers[n % len(numbers)], f"Comment {n} to be told.", by=by)


def _delivered(channel: Channel, deliver: Callable[[], object]) -> tuple[int, float]:
    """How many deliveries by ``channel`` the call ends well, and in how many seconds."""
    done = Delivery.objects.filter(channel=channel, state=State.DONE)
    before = done.count()
    seconds = _seconds(deliver)
    return done.count() - before, seconds


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _mail_server() -> Iterator[None]:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with sink.taking() as port, override_settings(
        EMAIL_BACKEND=backend, EMAIL_HOST=sink.HOST, EMAIL_PORT=port
    ):
        yield


def _digests() -> dict[str, float]:
    """Of the week that ended last; as if none had been sent for it."""
    Delivery.objects.filter(channel=Channel.DIGEST).delete()
    Digest.objects.all().delete()
    _leave_out_all_but(MOST_DIGESTS)
    began, cpu = time.perf_counter(), time.process_time()
    sent = send_due_digests(clock.now(), None, None, False).sent
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "digests": sent,
        "digests_per_second": sent / seconds,
        "digest_cpu_ms": 1000 * cpu / sent,
    }


def _leave_out_all_but(count: int) -> None:
    others = Person.objects.order_by("pk")[count:]
    rows = [DigestPreference(person=person, weekly=False) for person in others]
    DigestPreference.objects.bulk_create(rows, ignore_conflicts=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--comments", type=int, required=True, help="that are told")
    print(json.dumps(measured(parser.parse_args().comments)))
