"""Mail servers as the world has them, on a real one: what is tried again, what ends, and that it is bounded.

Small in ``make test``; with TANDEM_TORTURE=1 the slow and the hanging server take their real time.
"""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from notifications import postbox
from notifications.delivery import Tally, deliver_mail
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery, State
from requests_app.models import Comment, Watcher
from teams.models import Person
from tests.factories import make_comment, make_person, make_request
from tests.notifications.telling import happened, let_a_minute_pass

pytestmark = [pytest.mark.torture, pytest.mark.django_db]
FULL = os.environ.get("TANDEM_TORTURE") == "1"
SLOW = 20.0 if FULL else 0.5
# The hard limit is the real one in full size; small it lets a mail begin on a loaded machine.
LIMIT, GOODBYE = (postbox.HARD_TIMEOUT, postbox.GOODBYE_TIMEOUT) if FULL else (4.0, 0.5)
# How much longer a loaded machine may need for the rest.
SLACK = 0.5 if FULL else 60.0


@dataclass
class House:
    """A mail server that answers as it is told: to whom it says what, and how long that takes."""

    says: dict[str, str] = field(default_factory=dict)
    says_to_data: str = "250 taken"
    delay: float = 0.0
    drops: int = 0
    taken: list[str] = field(default_factory=list)
    begun: int = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.says.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.begun += 1
        await asyncio.sleep(self.delay)
        if self.drops:
            self.drops -= 1
            self.taken += envelope.rcpt_tos
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "451 never heard"
        if self.says_to_data.startswith("250"):
            self.taken += envelope.rcpt_tos
        return self.says_to_data


@contextmanager
def listening(house: House, settings: Settings) -> Iterator[House]:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    starting = loop.create_server(lambda: SMTP(house), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(timeout=60)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.sockets[0].getsockname()[1]
    try:
        yield house
    finally:
        loop.call_soon_threadsafe(loop.stop)


def told(people: int) -> list[Person]:
    """So many people, each with a mail that waits."""
    request = make_request()
    watchers = [make_person() for _ in range(people)]
    for person in watchers:
        Watcher.objects.create(request=request, person=person, since=request.created_at)
    happened("request.commented", request, None)
    fan_out()
    let_a_minute_pass()
    Delivery.objects.exclude(person__in=watchers).delete()
    return watchers


def send() -> Tally:
    return deliver_mail()


def state_of(person: Person) -> tuple[str, int]:
    row = Delivery.objects.get(person=person, channel=Channel.MAIL)
    return row.state, row.attempts


@pytest.mark.parametrize("answer", ["421 busy", "450 greylisted", "451 later", "452 full"])
def test_what_is_refused_for_now_is_tried_again_and_others_go_out(answer: str, settings: Settings) -> None:
    first, *others = told(4)
    with listening(House({first.email: answer}), settings) as house:
        send()
        assert state_of(first) == (State.WAITING, 1)
        assert sorted(house.taken) == sorted(person.email for person in others)
        house.says.clear()
        let_a_minute_pass()
        send()
        assert state_of(first)[0] == State.DONE
    assert sorted(house.taken) == sorted(person.email for person in [first, *others])


@pytest.mark.parametrize("answer", ["421 busy", "451 later"])
def test_a_server_that_takes_no_mail_for_now_loses_none(answer: str, settings: Settings) -> None:
    people = told(3)
    with listening(House(says_to_data=answer), settings) as house:
        send()
        assert [state_of(person) for person in people] == [(State.WAITING, 1)] * 3
        house.says_to_data = "250 taken"
        let_a_minute_pass()
        assert send().sent == 3


def test_one_bad_address_of_ten_ends_at_once_and_stops_mail_to_itself_alone(settings: Settings) -> None:
    people = told(10)
    bad = people[4]
    with listening(House({bad.email: "550 5.1.1 No such user here"}), settings) as house:
        tally = send()
    assert (tally.sent, tally.failed) == (9, 1)
    assert state_of(bad) == (State.DEAD, 1)
    assert len(house.taken) == 9
    failing = Person.objects.exclude(mail_fails_since=None)
    assert [person.pk for person in failing] == [bad.pk]
    assert "No such user" in failing[0].mail_failure


@pytest.mark.parametrize("answer", ["550 5.7.1 unloved", "552 5.2.2 mailbox full", "554 5.7.1 spam"])
def test_a_refusal_that_is_not_about_the_address_ends_the_mail_alone(answer: str, settings: Settings) -> None:
    (person,) = told(1)
    with listening(House({person.email: answer}), settings):
        send()
    assert state_of(person) == (State.DEAD, 1)
    assert not Person.objects.exclude(mail_fails_since=None).exists()


def test_a_mail_that_is_refused_for_good_after_data_ends(settings: Settings) -> None:
    (person,) = told(1)
    with listening(House(says_to_data="554 no"), settings):
        send()
    assert state_of(person) == (State.DEAD, 1)


def test_a_connection_that_breaks_after_data_repeats_that_mail_alone(settings: Settings) -> None:
    people = told(3)
    with listening(House(drops=1), settings) as house:
        send()
        let_a_minute_pass()
        send()
    assert {state_of(person)[0] for person in people} == {State.DONE}
    # The server had taken it; our note of that never came: the one repeat, with the same Message-ID.
    assert len(house.taken) == 4
    assert set(house.taken) == {person.email for person in people}


def test_a_slow_server_is_waited_for(settings: Settings) -> None:
    assert 20 < settings.EMAIL_TIMEOUT < postbox.HARD_TIMEOUT
    people = told(2 if not FULL else 1)
    with listening(House(delay=SLOW), settings):
        assert send().sent == len(people)


def test_a_hanging_server_costs_half_a_minute_a_mail_at_most(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (person,) = told(1)
    assert postbox.HARD_TIMEOUT + postbox.GOODBYE_TIMEOUT <= 30
    monkeypatch.setattr(postbox.Postbox.__init__, "__defaults__", (LIMIT,))
    monkeypatch.setattr(postbox, "GOODBYE_TIMEOUT", GOODBYE)
    with listening(House(delay=3_600), settings) as house:
        # Only the hard limit ends it: the time of the socket alone would start anew with each answer.
        settings.EMAIL_TIMEOUT = None
        started = time.monotonic()
        send()
        took = time.monotonic() - started
    print(f"a hanging server: {took:.1f} s")
    assert took < LIMIT + GOODBYE + SLACK
    assert house.begun == 1
    assert state_of(person) == (State.WAITING, 1)


def test_a_person_without_an_address_ends_with_a_reason(settings: Settings) -> None:
    first, *others = told(3)
    Person.objects.filter(pk=first.pk).update(email="")
    with listening(House(), settings) as house:
        assert send().sent == 2
    assert state_of(first) == (State.DEAD, 1)
    assert "no address" in Delivery.objects.get(person=first, channel=Channel.MAIL).last_error
    assert len(house.taken) == len(others)


def test_a_huge_comment_slows_no_other_down(settings: Settings) -> None:
    people = told(3)
    request = Watcher.objects.filter(person=people[0]).get().request
    comment = make_comment(request, make_person(), "word " * 4_000)
    assert Comment.objects.filter(pk=comment.pk).exists()
    happened("request.commented", request, None, comment=comment.pk)
    fan_out()
    let_a_minute_pass()
    started = time.process_time()
    with listening(House(), settings) as house:
        send()
    assert len(set(house.taken)) >= 3
    assert time.process_time() - started < 10
