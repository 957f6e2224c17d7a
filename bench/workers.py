"""What one worker process does a second: fan-outs, entries in inboxes, mails about events, digests.

`python -m bench.workers` measures one round in the database that the environment names, and prints JSON;
before, it seeds it or fills its log where asked to.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import override_settings

from activity import clock
from activity.models import FanOut
from bench import past, sink
from bench.scenarios import lead
from notifications.delivery import deliver_mail
from notifications.digest.send import send_due_digests
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Channel, Delivery, Digest, DigestPreference, State
from requests_app.choices import BOARD_COLUMNS
from requests_app.discussion import comment
from requests_app.models import Comment, Request
from teams.models import Company, Person

# So many digests tell their pace; the others would only take time.
MOST_DIGESTS = 2_000
# Longer than anything that is told waits for more, or for being taken back.
AGO = timedelta(minutes=15)


@dataclass(frozen=True)
class Pace:
    """How many things were done in how many seconds.

    ``cpu`` is the processor time that this process and its session of the database took for them, in seconds;
    None where the database runs elsewhere.
    """

    done: int
    seconds: float
    cpu: float | None

    def told(self) -> dict[str, float | None]:
        each = None if self.cpu is None else 1000 * self.cpu / self.done
        return {"done": self.done, "per_second": self.done / self.seconds, "cpu_ms": each}


def measured(comments: int) -> dict[str, dict[str, float | None]]:
    """The paces of one process that tells of ``comments``, and sends all digests that are due.

    Mails go to a server on this machine, digests up to it: it takes no time.
    """
    _say(comments)
    told = Delivery.objects.filter(state=State.DONE)
    paces = {"fan-outs": _pace(fan_out, FanOut.objects.exclude(done_at=None))}
    paces["inbox entries"] = _pace(deliver_inbox, told.filter(channel=Channel.INBOX))
    with _mail_server():
        paces["mails"] = _pace(lambda: deliver_mail(10 * comments + 1_000), told.filter(channel=Channel.MAIL))
    _as_if_none_was_sent()
    paces["digests"] = _pace(
        lambda: send_due_digests(clock.now(), None, None, False), Digest.objects.exclude(sent_at=None)
    )
    return {name: pace.told() for name, pace in paces.items()}


def _pace(work: Callable[[], object], done: QuerySet[Any]) -> Pace:
    """How quickly ``work`` does as many things as ``done`` has more of after it.

    Counting them takes longer in a long log, and is not the work's.
    """
    before, session, began, own = done.count(), _session(), time.perf_counter(), time.process_time()
    work()
    seconds, own, after = time.perf_counter() - began, time.process_time() - own, _session()
    cpu = None if session is None or after is None else own + after - session
    return Pace(done.count() - before, seconds, cpu)


def _session() -> float | None:
    """The processor time of this process's session of the database so far, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        running = Path(f"/proc/{cursor.fetchone()[0]}")
    try:
        # Another machine's process may have the same number here.
        is_session = b"postgres" in (running / "cmdline").read_bytes()
        nanoseconds = (running / "schedstat").read_text().split()[0]
    except OSError:
        return None
    return int(nanoseconds) / 1e9 if is_session else None


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


@contextmanager
def _mail_server() -> Iterator[None]:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with (
        sink.taking() as port,
        override_settings(EMAIL_BACKEND=backend, EMAIL_HOST=sink.HOST, EMAIL_PORT=port),
    ):
        yield


def _as_if_none_was_sent() -> None:
    """Of the week that ended last all digests are due, of MOST_DIGESTS people, also early on a Monday."""
    company = Company.objects.first() or Company(pk=1, name="Bench")
    company.digest_weekday = company.digest_hour = 0
    company.save()
    Delivery.objects.filter(channel=Channel.DIGEST).delete()
    Digest.objects.all().delete()
    others = Person.objects.order_by("pk")[MOST_DIGESTS:]
    rows = [DigestPreference(person=person, weekly=False) for person in others]
    DigestPreference.objects.bulk_create(rows, ignore_conflicts=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, nargs=2, help="so many requests and people, with room for a past")
    parser.add_argument("--fill", type=int, help="the log up to so many events")
    parser.add_argument("--comments", type=int, help="that are told, where anything is measured")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if options.seed:
        past.begin_above()
        call_command("seed", requests=options.seed[0], people=options.seed[1], stdout=sys.stderr)
    if options.fill:
        past.fill(options.fill)
    if options.comments:
        print(json.dumps(measured(options.comments)))


if __name__ == "__main__":
    main()
