"""Killed workers, real processes, a real mail server: nothing lost, nothing told twice."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from activity.locks import Lock
from notifications import leases
from notifications.fanout import fan_out
from notifications.models import Delivery, Digest, Heartbeat, InboxEntry, Slot, State
from requests_app.lists.bulk import change_all
from requests_app.models import Request, Watcher
from teams.models import Person
from tests.factories import make_person, make_request
from tests.notifications.digests import current_week, last_monday, let_digests_be_due
from tests.notifications.own_redis import own_redis
from tests.notifications.telling import happened, let_a_minute_pass
from tests.processes import PATIENCE, wait_until

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]

FULL = os.environ.get("TANDEM_TORTURE") == "1"
MAILS, KILLS, WORKERS, DELAY = (10_000, 10, 4, 0.02) if FULL else (80, 2, 3, 0.02)
SENDERS = 3 if FULL else 2
BULK, READERS = (500, 12) if FULL else (24, 6)
# Long enough for a loaded machine: a living worker must not lose what it is sending. In small size nobody
# waits for the end of a killed one's.
LEASE = 12.0 if FULL else leases.LEASE.total_seconds()
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(module: str, *args: str, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-m", module, *args], env=env, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass
class Sink:
    folder: Path

    def lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def hold_from(self, number: int) -> None:
        """Let mail ``number`` and all after it wait for their answer."""
        new = self.folder / "held.new"
        new.write_text(str(number))
        new.rename(self.folder / "held")

    def go_on(self) -> None:
        (self.folder / "held").unlink()


@contextmanager
def mail_server(folder: Path, env: dict[str, str], delay: float) -> Iterator[Sink]:
    """A sink; ``env`` is pointed at it."""
    folder.mkdir(exist_ok=True)
    with running("tests.notifications.mail_sink", str(folder), str(delay), env=env):
        assert wait_until(lambda: (folder / "port").exists())
        env["EMAIL_URL"] = f"smtp://127.0.0.1:{(folder / 'port').read_text()}"
        yield Sink(folder)


def watched_by(people: int, name: str = "w") -> Request:
    request = make_request()
    watchers = Person.objects.bulk_create(
        Person(email=f"{name}{n}@example.org", name=f"Watcher {n}", password="!") for n in range(people)
    )
    now = timezone.now()
    Watcher.objects.bulk_create(Watcher(request=request, person=person, since=now) for person in watchers)
    return request


def kill_inside_a_sending(sink: Sink, workers: "list[subprocess.Popen[bytes]]", number: int) -> None:
    """Wait until mail ``number`` has come in, which the server holds, and kill who waits for its answer."""
    assert wait_until(lambda: len(sink.lines("begun")) >= number)
    message, _recipient, sender = sink.lines("begun")[number - 1].split()
    (victim,) = (worker for worker in workers if sender == f"worker-{worker.pid}")
    victim.kill()
    victim.wait()
    if not FULL:
        # As if two minutes were over: what it held is free.
        held = Delivery.objects.filter(message_id=message).values("lease_token")
        Delivery.objects.filter(lease_token__in=held).update(leased_until=timezone.now())


def send_all(sink: Sink, env: dict[str, str], kills: int, *options: str, mails: int = MAILS) -> None:
    """Let workers send all there is, and kill ``kills`` of them, each in the middle of a mail.

    Without a kill the first mails wait until every worker is sending.
    """
    command = [sys.executable, "-m", "tests.notifications.mail_worker", str(LEASE), *options]
    stops = [(number + 1) * mails // (kills + 2) for number in range(kills)]
    sink.hold_from(stops[0] if stops else 1)
    workers = [subprocess.Popen(command, env=env, cwd=ROOT) for _ in range(WORKERS)]
    try:
        if not stops:
            assert wait_until(lambda: len(sink.lines("begun")) >= WORKERS)
        for stop, following in pairwise([*stops, 2 * mails]):
            kill_inside_a_sending(sink, workers, stop)
            sink.hold_from(following)
            workers.append(subprocess.Popen(command, env=env, cwd=ROOT))
        sink.go_on()
        for worker in workers:
            worker.wait(timeout=PATIENCE)
    finally:
        for worker in workers:
            worker.kill()


def test_killed_workers_lose_no_mail_and_repeat_at_most_one_each(
    environment: dict[str, str], tmp_path: Path
) -> None:
    request = watched_by(MAILS - 1)
    happened("request.commented", request, None)
    fan_out()
    let_a_minute_pass()
    with mail_server(tmp_path, environment, DELAY) as sink:
        send_all(sink, environment, KILLS)
        taken = Counter(sink.lines("taken"))
    expected = set(Delivery.objects.filter(channel="mail").values_list("message_id", flat=True))
    repeats = sum(taken.values()) - len(taken)
    print(f"{sum(taken.values())} mails taken of {len(expected)}, {KILLS} kills, {repeats} repeated")
    assert {line.split()[0] for line in taken} == expected
    # Each was killed while the server had its mail and it had no answer.
    assert repeats == KILLS
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DONE}
    people = list(InboxEntry.objects.values_list("person", flat=True))
    assert len(people) == len(set(people)) == len(expected)


def test_a_change_of_many_requests_is_one_mail_for_each_person_whoever_is_killed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Everybody watches all; the fan-out runs in two parts, and three workers send, one killed inside."""
    requests = [make_request() for _ in range(BULK)]
    now = timezone.now()
    people = [make_person() for _ in range(READERS)]
    Watcher.objects.bulk_create(
        Watcher(request=one, person=person, since=now) for one in requests for person in people
    )
    change_all(requests, declined, make_person())
    fan_out(BULK // 2)
    due = Delivery.objects.filter(channel="mail").earliest("due_at").due_at
    assert due > now + timedelta(minutes=9)
    fan_out()
    let_a_minute_pass()
    with mail_server(tmp_path, environment, DELAY) as sink:
        send_all(sink, environment, 1, mails=READERS)
        taken = Counter(line.split()[0] for line in sink.lines("taken"))
    mailed = Delivery.objects.filter(channel="mail", person__in=people)
    told = set(mailed.values_list("person", "message_id"))
    print(f"{BULK} requests, {READERS} readers, {sum(taken.values())} mails taken, 1 kill")
    assert len(told) == READERS
    assert {message for _person, message in told} <= taken.keys()
    assert sum(taken[message] for _person, message in told) <= READERS + 1
    assert set(mailed.values_list("state", flat=True)) == {State.DONE}
    assert InboxEntry.objects.filter(person__in=people).count() == BULK * READERS


def declined(number: int, person: Person) -> Request:
    happened("request.declined", Request.objects.get(pk=number), person)
    return Request.objects.get(pk=number)


def test_the_same_run_without_the_lease_tells_people_twice(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """What the lease is for: this must fail where it is switched off."""
    happened("request.commented", watched_by(500 if FULL else 20), None)
    fan_out()
    let_a_minute_pass()
    with mail_server(tmp_path, environment, DELAY) as sink:
        send_all(sink, environment, 0, "no-lease")
        taken = Counter(sink.lines("taken"))
    assert sum(taken.values()) - len(taken) > KILLS


def manage(env: dict[str, str], *args: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(ROOT / "manage.py"), *args]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def connections_now() -> set[int]:
    """Those that the database still serves: a statement of a process that was killed runs to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor}


def test_senders_killed_in_the_middle_and_started_again_send_one_digest_per_person(
    environment: dict[str, str], tmp_path: Path
) -> None:
    let_digests_be_due()
    for _ in range(600 if FULL else 30):
        make_person()
    people, ours = Person.objects.count(), connections_now()
    # A server of its own that ends with them: what it still had in hand is not taken, and none of it is
    # written down later, while the second senders are counted.
    with mail_server(tmp_path / "first", environment, 0.02) as sink:
        sink.hold_from(people // 3)
        killed = [manage(environment, "send_digests") for _ in range(SENDERS)]
        assert wait_until(lambda: len(sink.lines("begun")) >= people // 3)
        for sender in killed:
            sender.kill()
            sender.wait()
    before = sink.lines("taken")
    assert wait_until(lambda: connections_now() <= ours)
    # As if two minutes were over: what they held is free.
    Delivery.objects.filter(state=State.WAITING).update(leased_until=None)
    with mail_server(tmp_path / "second", environment, 0.02) as sink:
        again = [manage(environment, "send_digests") for _ in range(SENDERS)]
        answers = [sender.communicate(timeout=PATIENCE)[0].splitlines()[-1] for sender in again]
    after = sink.lines("taken")
    taken = Counter(before + after)
    repeats = sum(taken.values()) - len(taken)
    print(f"{people} people, {len(before)} taken when {SENDERS} senders were killed, {repeats} repeated")
    assert len(before) == people // 3 - 1
    assert len(taken) == people
    assert repeats <= SENDERS
    assert Digest.objects.filter(week=current_week().key).exclude(sent_at=None).count() == people
    assert Digest.objects.count() == people
    counts = [[int(part.split()[-1]) for part in answer.split(",")] for answer in answers]
    assert sum(sent for sent, _already, _skipped, _failed in counts) == len(after)
    assert all(sum(row) == people and row[3] == 0 for row in counts)


def test_two_schedulers_that_tick_at_once_make_one_digest_each(
    environment: dict[str, str], tmp_path: Path
) -> None:
    let_digests_be_due()
    people = [make_person() for _ in range(30)]
    script = "import django; django.setup(); from notifications.tasks import tick, deliver; tick(); deliver()"
    with mail_server(tmp_path, environment, 0.01) as sink:
        command = [sys.executable, "-c", script]
        ticks = [subprocess.Popen(command, env=environment, cwd=ROOT) for _ in range(3)]
        assert [tick.wait(timeout=PATIENCE) for tick in ticks] == [0, 0, 0]
        taken = Counter(sink.lines("taken"))
    assert Digest.objects.count() == len(people)
    assert len(taken) == len(people)
    assert set(taken.values()) == {1}
    assert timezone.now() - last_monday() < timedelta(days=7)


class Beat:
    """A running ``manage.py beat``, and whether it said that it is the active one."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "beat"],
                env={**env, "LOG_LEVEL": "INFO"},
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_active(self) -> bool:
        return self.process.poll() is None and "active one" in self.log.read_text()


def holders_of_the_beat_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            # Beside the databases of tests that run at the same time.
            "SELECT COUNT(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND granted AND objid = %s AND datname = current_database()",
            [Lock.BEAT],
        )
        return int(cursor.fetchone()[0])


def is_heard_of(beat: Beat) -> bool:
    return Heartbeat.objects.filter(process="beat", name__endswith=f":{beat.process.pid}").exists()


def sent_to_all(people: int) -> bool:
    return Digest.objects.exclude(sent_at=None).count() == people


def test_two_beats_and_three_send_digests_send_one_digest_each_also_after_a_killed_beat(
    environment: dict[str, str], tmp_path: Path
) -> None:
    let_digests_be_due()
    for _ in range(120 if FULL else 20):
        make_person()
    with own_redis() as redis, mail_server(tmp_path, environment, 0.01) as sink, ExitStack() as ends:
        environment |= {"REDIS_URL": f"unix://{redis.socket}?db=0"}
        worker = (
            "-A",
            "portal",
            "worker",
            "-c",
            "2",
            "-l",
            "warning",
            "--without-mingle",
            "--without-gossip",
        )
        ends.enter_context(running("celery", *worker, env=environment))
        beats = [Beat(environment, tmp_path / f"beat{n}.log") for n in range(2)]
        for beat in beats:
            ends.callback(beat.process.wait)
            ends.callback(beat.process.kill)
        assert wait_until(lambda: any(beat.is_active for beat in beats))
        senders = [manage(environment, "send_digests") for _ in range(3)]
        assert [sender.wait(timeout=PATIENCE) for sender in senders] == [0, 0, 0]
        assert wait_until(lambda: sent_to_all(Person.objects.count()))
        assert [beat.is_active for beat in beats].count(True) == holders_of_the_beat_lock() == 1

        active, standby = sorted(beats, key=lambda beat: not beat.is_active)
        assert wait_until(lambda: is_heard_of(active))
        active.process.kill()
        active.process.wait()
        assert wait_until(lambda: standby.is_active)
        assert holders_of_the_beat_lock() == 1
        for _ in range(5):
            make_person()
        if not FULL:
            # As if the minute were over whose slot is taken.
            Slot.objects.filter(name="digests").delete()
        # Those who came are due at once; nobody but the beat that is left sees to it, in the next slot.
        assert wait_until(lambda: sent_to_all(Person.objects.count()))
        taken = Counter(sink.lines("taken"))
        standby.process.terminate()
        standby.process.wait(timeout=PATIENCE)
        # Who ended in order is missed by nobody; who was killed is.
        living = Heartbeat.objects.filter(process="beat").values_list("name", flat=True)
        assert [name.rpartition(":")[2] for name in living] == [str(active.process.pid)]
    people = Person.objects.count()
    assert len(taken) == people
    assert set(taken.values()) == {1}
    assert Digest.objects.filter(week=current_week().key).count() == Digest.objects.count() == people
    slots = Counter(Slot.objects.filter(name="digests").values_list("slot", flat=True))
    # One is enough where the first beat died before it had taken any.
    assert slots
    assert set(slots.values()) == {1}
    print(f"{people} people, {sum(taken.values())} digests, {len(slots)} slots, one beat killed")
