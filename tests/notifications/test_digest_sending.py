"""When digests are due, that there is one per person and week, and what the command says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from notifications import leases
from notifications.digest import plan, preference, send
from notifications.digest.plan import Making, candidates, people_to_ask, plan_due
from notifications.digest.send import deliver_digests, send_due_digests
from notifications.digest.told_before import told_before
from notifications.digest.weeks import Week
from notifications.mail import message_id
from notifications.models import Channel, Delivery, Digest, State
from notifications.postbox import Postbox
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from teams.zones import company
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import MONDAY, W46, happened_at, make_company, send_at, weeks
from tests.notifications.telling import make_cast

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def keys(person: Person) -> list[str]:
    return list(Digest.objects.filter(person=person).order_by("period_end").values_list("week", flat=True))


def test_nothing_is_due_before_the_local_hour() -> None:
    make_person()
    assert send_at(MONDAY - MINUTE).skipped == 1
    assert mail.outbox == []
    assert send_at(MONDAY).sent == 1
    assert len(mail.outbox) == 1


def test_each_reader_has_their_own_hour_and_week() -> None:
    for zone in ("Pacific/Auckland", "Asia/Kathmandu", "America/Los_Angeles", ""):
        make_person(time_zone=zone)
    sunday_evening = datetime(2026, 11, 15, 18, tzinfo=UTC)
    steps = [
        (sunday_evening - MINUTE, "nobody"),
        (sunday_evening, "Pacific/Auckland"),
        (datetime(2026, 11, 16, 1, 15, tzinfo=UTC), "Asia/Kathmandu"),
        (MONDAY, ""),
        (datetime(2026, 11, 16, 15, tzinfo=UTC), "America/Los_Angeles"),
    ]
    sent: list[str] = []
    for moment, _zone in steps:
        before = set(Digest.objects.values_list("person", flat=True))
        send_at(moment, week=W46)
        new = Digest.objects.exclude(person__in=before)
        sent += [row.person.time_zone for row in new] or ["nobody"]
    assert sent == [zone for _moment, zone in steps]


def test_nobody_gets_a_week_twice_on_whatever_day_it_is_asked_for() -> None:
    person = make_person()
    for hours in (0, 1, 24, 100, 167):
        send_at(MONDAY + timedelta(hours=hours))
    assert keys(person) == ["2026-W46"]
    send_at(MONDAY + weeks(1))
    assert keys(person) == ["2026-W46", "2026-W47"]


def test_consecutive_periods_touch_over_the_change_of_the_clock_and_week_53() -> None:
    person = make_person()
    moment = datetime(2026, 10, 19, 5, tzinfo=UTC)
    while moment < datetime(2027, 1, 20, tzinfo=UTC):
        send_at(moment)
        moment += timedelta(hours=11)
    rows = list(Digest.objects.filter(person=person).order_by("period_end"))
    expected = [f"2026-W{n}" for n in range(42, 54)] + ["2027-W01", "2027-W02"]
    assert [row.week for row in rows] == expected
    assert rows[0].period_end - rows[0].period_start == timedelta(days=7)
    assert all(row.period_start == before.period_end for before, row in pairwise(rows))


def test_after_an_outage_of_three_weeks_one_digest_tells_of_all() -> None:
    cast = make_cast()
    send_at(MONDAY)
    told = happened_at(MONDAY + weeks(1.5), "request.parked", cast.request, None, reason="Later.")
    send_at(MONDAY + weeks(3) + timedelta(hours=30))
    assert keys(cast.watcher) == ["2026-W46", "2026-W49"]
    last = Digest.objects.get(person=cast.watcher, week="2026-W49")
    assert last.selection["decided"] == [told]
    assert last.period_start == MONDAY


def test_another_weekday_counts_after_the_next_digest() -> None:
    settings = make_company()
    person = make_person()
    send_at(MONDAY)
    settings.digest_weekday, settings.digest_hour = 3, 9
    settings.save()
    send_at(MONDAY + weeks(1) - MINUTE)
    assert keys(person) == ["2026-W46"]
    send_at(MONDAY + weeks(1))
    assert keys(person) == ["2026-W46", "2026-W47"]
    thursday_9 = MONDAY + weeks(2) + timedelta(days=3, hours=2)
    send_at(thursday_9 - MINUTE)
    assert keys(person) == ["2026-W46", "2026-W47"]
    send_at(thursday_9)
    assert keys(person) == ["2026-W46", "2026-W47", "2026-W48"]


def test_an_earlier_weekday_counts_after_the_next_digest_too() -> None:
    settings = make_company(digest_weekday=3, digest_hour=9)
    person = make_person()
    thursday = MONDAY + timedelta(days=3, hours=2)
    send_at(thursday)
    settings.digest_weekday, settings.digest_hour = 0, 7
    settings.save()
    send_at(thursday + weeks(1) - MINUTE)
    assert keys(person) == ["2026-W46"]
    send_at(thursday + weeks(1))
    send_at(MONDAY + weeks(2))
    assert keys(person) == ["2026-W46", "2026-W47", "2026-W48"]


def test_who_travels_west_does_not_get_an_older_week() -> None:
    person = make_person(time_zone="Pacific/Auckland")
    send_at(datetime(2026, 11, 15, 18, tzinfo=UTC))
    Person.objects.filter(pk=person.pk).update(time_zone="America/Los_Angeles")
    assert send_at(datetime(2026, 11, 15, 20, tzinfo=UTC)).already_sent == 1
    assert keys(person) == ["2026-W46"]


def test_an_unknown_zone_reads_in_the_companys() -> None:
    person = make_person(time_zone="Mars/Olympus")
    make_company()
    send_at(MONDAY)
    assert keys(person) == ["2026-W46"]


def test_who_switched_it_off_or_left_gets_none() -> None:
    off, left = make_person(), make_person(is_active=False)
    preference.switch_off(off)
    outcome = send_at(MONDAY)
    assert (outcome.sent, outcome.skipped) == (0, 1)
    assert keys(off) == keys(left) == []


def test_who_switches_it_off_after_it_was_made_gets_none_either() -> None:
    person = make_person()
    plan_due(MONDAY)
    preference.switch_off(person)
    assert deliver_digests(now=MONDAY).skipped == 1
    assert mail.outbox == []


def test_a_digest_that_waited_until_its_week_was_no_longer_the_last_is_not_sent() -> None:
    """The next one then tells of both weeks."""
    cast = make_cast()
    told = happened_at(MONDAY - timedelta(days=1), "request.parked", cast.request, None)
    plan_due(MONDAY)
    assert deliver_digests(now=MONDAY + weeks(1)).sent == 0
    send_at(MONDAY + weeks(1))
    assert Digest.objects.get(person=cast.watcher, week="2026-W47").selection["decided"] == []
    later = told_before([cast.watcher], MONDAY + weeks(1))[cast.watcher.pk].last
    assert later is not None
    assert later.week == "2026-W47"
    assert told


def test_the_scheduler_makes_what_the_command_would_send() -> None:
    person = make_person()
    assert plan_due(MONDAY - MINUTE) == 0
    assert plan_due(MONDAY) == 1
    assert plan_due(MONDAY) == 0
    assert deliver_digests(now=MONDAY).sent == 1
    assert keys(person) == ["2026-W46"]


def test_whole_zones_that_are_too_early_are_not_even_looked_at() -> None:
    make_person(time_zone="America/Los_Angeles")
    early = make_person(time_zone="Pacific/Auckland")
    Digest.objects.bulk_create(
        Digest(
            person=person,
            week="2026-W45",
            period_start=MONDAY - weeks(2),
            period_end=MONDAY - weeks(1),
            next_weekday=0,
            next_hour=7,
            created_at=MONDAY,
            sent_at=MONDAY - weeks(1),
        )
        for person in Person.objects.all()
    )
    assert set(people_to_ask(datetime(2026, 11, 15, 19, tzinfo=UTC))) == {early}


def test_a_mail_that_fails_is_sent_later_and_only_then_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person()

    class Closed(Postbox):
        def send(self, mail: object) -> None:
            raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(send, "Postbox", Closed)
        assert send_at(MONDAY).failed == 1
    assert Digest.objects.get(person=person).sent_at is None
    assert send_at(MONDAY).failed == 1
    Delivery.objects.update(due_at=timezone.now())
    assert send_at(MONDAY + MINUTE).sent == 1
    assert Digest.objects.get(person=person).sent_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["read_facts", "readers", "select", "_delivery", "places"])
def test_a_crash_while_digests_are_made_leaves_nothing_half_made(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person()
    with monkeypatch.context() as patch:
        patch.setattr(plan, step, lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            plan_due(MONDAY)
    assert not Digest.objects.exists()
    assert not Delivery.objects.exists()
    assert send_at(MONDAY).sent == 1


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_sending_is_noted_repeats_the_mail_and_not_the_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_person()
    with monkeypatch.context() as patch:
        patch.setattr(send, "_note_sent", lambda _row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_at(MONDAY)
    assert Delivery.objects.get().state == State.WAITING
    Delivery.objects.update(leased_until=None)
    assert send_at(MONDAY).sent == 1
    assert keys(person) == ["2026-W46"]
    ids = {sent.message()["Message-ID"] for sent in mail.outbox}
    assert len(mail.outbox) == 2
    assert len(ids) == 1


def test_two_that_make_the_same_digests_make_one() -> None:
    person = make_person()
    asked = candidates([person], MONDAY, company())
    for _ in range(2):
        Making([person.pk], MONDAY, company()).make(asked)
    assert Digest.objects.count() == Delivery.objects.count() == 1


def run(*args: str, at: datetime = MONDAY) -> list[str]:
    out = StringIO()
    with clock.moved_to(at):
        call_command("send_digests", *args, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_counts_people() -> None:
    make_person()
    preference.switch_off(make_person())
    assert run()[-1] == "sent 1, already sent 0, skipped 1, failed 0"
    assert run()[-1] == "sent 0, already sent 1, skipped 1, failed 0"


def test_an_unfinished_week_sends_nothing_and_says_so() -> None:
    make_person()
    lines = run("--week", "2026-W47")
    assert "2026-W47 is not finished yet" in lines[0]
    assert lines[-1] == "sent 0, already sent 0, skipped 1, failed 0"


def test_only_the_last_finished_week_can_be_sent() -> None:
    make_person()
    lines = run("--week", "2026-W44")
    assert "only 2026-W46" in lines[0]
    assert lines[-1].startswith("sent 0,")
    assert run("--week", "2026-W46")[-1].startswith("sent 1,")


def test_the_command_sends_to_one_person() -> None:
    make_person()
    person = make_person()
    assert run("--to", person.email.upper())[-1] == "sent 1, already sent 0, skipped 0, failed 0"
    assert [sent.to for sent in mail.outbox] == [[person.email]]


def test_a_dry_run_sends_and_makes_nothing() -> None:
    make_person()
    assert run("--dry-run")[-1] == "sent 1, already sent 0, skipped 0, failed 0"
    assert not Digest.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "args", [("--week", "2026-47"), ("--week", "2025-W53"), ("--to", "nobody@example.org")]
)
def test_the_command_refuses_what_does_not_exist(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*args)


def crowd(people: int, requests: int) -> None:
    """So many more people with a team, and requests of everybody's week, half of them restricted."""
    team = make_team()
    for _ in range(people):
        make_person(team)
    for n in range(requests):
        request = make_request(Status.PARKED, serving_team=team, restricted=bool(n % 2))
        happened_at(MONDAY - timedelta(days=1), "request.parked", request, None)


def queries_of(call: Callable[[], object], people: int = 0, requests: int = 0) -> int:
    """How many queries ``call`` takes, with a crowd that is gone afterwards."""
    with transaction.atomic():
        crowd(people, requests)
        with CaptureQueriesContext(connection) as found:
            call()
        transaction.set_rollback(True)
    return len(found)


def test_a_batch_of_digests_is_made_with_the_same_queries_for_few_and_many() -> None:
    few, many = (queries_of(lambda: plan_due(MONDAY), people, people // 4) for people in (8, 60))
    assert few == many
    assert many <= 42


def test_a_further_batch_adds_a_handful_and_does_not_read_the_week_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = queries_of(lambda: plan_due(MONDAY), 30, 3)
    monkeypatch.setattr(plan, "PEOPLE_PER_BATCH", 11)
    assert queries_of(lambda: plan_due(MONDAY), 30, 3) - one <= 2 * 20


def test_a_batch_is_read_with_the_same_queries_for_few_and_many() -> None:
    def read() -> None:
        plan_due(MONDAY)
        with CaptureQueriesContext(connection) as found:
            rows = leases.claim([Channel.DIGEST], 100).rows
            send.Desk(rows, MONDAY)
        taken[len(rows)] = len(found)

    taken: dict[int, int] = {}
    for people in (4, 60):
        queries_of(read, people, people)
    assert max(taken) >= 60
    (queries,) = set(taken.values())
    assert queries <= 24


def test_sending_reads_nothing_per_reader_but_whether_it_may_still_go(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Renewing the lease, two looks for what changed, and the note that it is sent, in a transaction."""
    crowd(40, 10)
    plan_due(MONDAY)
    people = Person.objects.count()
    with django_assert_max_num_queries(people * 7 + 30):
        assert deliver_digests(now=MONDAY).sent == people


def test_restricting_between_making_and_sending_keeps_the_text_out() -> None:
    cast = make_cast(title="The secret plan")
    happened_at(MONDAY - timedelta(days=1), "request.parked", cast.request, None, reason="Too costly.")
    plan_due(MONDAY)
    Request.objects.update(restricted=True)
    deliver_digests(now=MONDAY)
    for sent in mail.outbox:
        may_see = sent.to[0] not in {cast.stranger.email, cast.supporter.email}
        assert ("The secret plan" in str(sent.body)) is may_see
        assert ("Too costly." in str(sent.message())) is may_see


def test_restricting_while_a_batch_is_being_sent_keeps_the_text_out() -> None:
    """As soon as the log has grown, what was read for the batch is read again, for all who still wait."""
    cast = make_cast(title="The secret plan")
    happened_at(MONDAY - timedelta(days=1), "request.parked", cast.request, None)
    plan_due(MONDAY)
    claim = leases.claim([Channel.DIGEST], 50)
    desk = send.Desk(claim.rows, MONDAY)
    rows = {row.person: row for row in claim.rows}
    assert "The secret plan" in text_of(desk.write(rows.pop(cast.stranger)))
    Request.objects.update(restricted=True)
    happened_at(MONDAY, "request.restricted", cast.request, None)
    told = {person: "The secret plan" in text_of(desk.write(row)) for person, row in rows.items()}
    assert len(told) == len(claim.rows) - 1
    assert not told.pop(cast.supporter)
    assert all(told[person] for person in (cast.watcher, cast.it_owner, cast.marketing_lead))


def text_of(written: EmailMessage | None) -> str:
    assert written is not None
    return str(written.body)


def test_who_leaves_the_team_between_making_and_sending_reads_nothing_of_what_only_it_may_see() -> None:
    cast = make_cast(title="The secret plan", restricted=True)
    assert cast.request.serving_team is not None
    member = make_person(cast.request.serving_team)
    happened_at(MONDAY - timedelta(days=1), "request.parked", cast.request, None, reason="Too costly.")
    plan_due(MONDAY)
    member.memberships.all().delete()
    deliver_digests(now=MONDAY)
    told = {sent.to[0]: "The secret plan" in str(sent.message()) for sent in mail.outbox}
    assert (told[member.email], told[cast.it_owner.email]) == (False, True)


def test_who_is_deactivated_while_a_batch_is_being_sent_gets_none() -> None:
    first, second = make_person(), make_person()
    plan_due(MONDAY)
    claim = leases.claim([Channel.DIGEST], 50)
    desk = send.Desk(claim.rows, MONDAY)
    rows = {row.person: row for row in claim.rows}
    assert desk.write(rows[first]) is not None
    Person.objects.filter(pk=second.pk).update(is_active=False)
    assert desk.write(rows[second]) is None


def test_of_two_weeks_that_wait_for_one_person_each_mail_is_of_its_own() -> None:
    person = make_person(language="en")
    plan_due(MONDAY)
    plan_due(MONDAY + weeks(1))
    tally = deliver_digests(now=MONDAY + weeks(1))
    assert (tally.sent, tally.skipped) == (1, 1)
    (sent,) = mail.outbox
    assert sent.subject == "Your week 47: nothing waits for you"
    assert sent.message()["Message-ID"] == message_id(f"digest:{person.pk}:2026-W47")


def test_an_empty_week_is_sent_too() -> None:
    person = make_person(language="en")
    send_at(MONDAY)
    assert mail.outbox[0].subject == "Your week 46: nothing waits for you"
    assert keys(person) == ["2026-W46"]


def test_every_week_can_be_parsed_back() -> None:
    make_person()
    send_due_digests(MONDAY)
    assert Week.parse(Digest.objects.get().week) == W46
