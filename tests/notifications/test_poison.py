"""What no mail can be made of, or hardly: its row ends with a reason, and no other is later for it.

Small in ``make test``; with TANDEM_TORTURE=1 among 500.
"""

import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.delivery import NOTHING_LEFT, deliver_mail
from notifications.fanout import fan_out
from notifications.models import Channel, Delivery, State
from requests_app.discussion import comment
from requests_app.models import COMMENT_TEXT, Comment, Request, Watcher
from teams.models import Person
from teams.rules import InvalidFields
from tests.factories import make_comment, make_person, make_request
from tests.notifications.telling import happened, let_a_minute_pass
from tests.notifications.test_torture import FULL

pytestmark = [pytest.mark.torture, pytest.mark.django_db]

MANY = 500 if FULL else 24
TEN_MEGABYTES = 10 * 1024 * 1024
HOSTILE = [
    "[" * COMMENT_TEXT,
    "*a_" * (COMMENT_TEXT // 3),
    "> " * (COMMENT_TEXT // 2),
    "`<" * (COMMENT_TEXT // 2),
]


def told(people: int, body: str = "A thought.") -> list[Person]:
    """So many people, each with a mail about a comment on one request, which waits."""
    request = make_request()
    watchers = [make_person() for _ in range(people)]
    now = timezone.now()
    Watcher.objects.bulk_create(Watcher(request=request, person=person, since=now) for person in watchers)
    said = make_comment(request, make_person(), body)
    happened("request.commented", request, None, comment=said.pk)
    return watchers


def line_break_in_the_title(person: Person) -> None:
    Request.objects.filter(watchers__person=person).update(title="Harmless\r\nBcc: all@example.org")


def deleted_comment(person: Person) -> None:
    Comment.objects.filter(request__watchers__person=person).delete()


def deleted_request(person: Person) -> None:
    Request.objects.filter(watchers__person=person).delete()


def no_address(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(email="")


POISON: list[tuple[Callable[[Person], None], State, str]] = [
    (line_break_in_the_title, State.DONE, ""),
    (deleted_comment, State.DONE, ""),
    (deleted_request, State.SKIPPED, NOTHING_LEFT),
    (no_address, State.DEAD, "no address"),
]


def seconds_to_send() -> float:
    """Of our own work: how long the machine lets it wait says nothing."""
    fan_out()
    let_a_minute_pass()
    started = time.process_time()
    deliver_mail(10 * MANY)
    return time.process_time() - started


def test_each_ends_with_a_reason_and_the_others_are_sent_as_fast_as_ever() -> None:
    """Beside the four there are comments of the greatest length that are hard to draw."""
    told(MANY)
    alone = seconds_to_send()
    mail.outbox.clear()
    good = told(MANY)
    bad = [told(1)[0] for _ in POISON]
    for body in HOSTILE:
        told(1, body)
    fan_out()
    for person, (poison, _state, _reason) in zip(bad, POISON, strict=True):
        poison(person)
    among_poison = seconds_to_send()
    rows = {row.person_id: row for row in Delivery.objects.filter(channel=Channel.MAIL)}
    for person, (_poison, state, reason) in zip(bad, POISON, strict=True):
        assert rows[person.pk].state == state
        assert reason in rows[person.pk].last_error
    assert {rows[person.pk].state for person in good} == {State.DONE}
    assert not Delivery.objects.filter(state=State.WAITING, channel=Channel.MAIL).exists()
    assert len({sent.to[0] for sent in mail.outbox} & {person.email for person in good}) == MANY
    assert all("Bcc" not in sent.message() for sent in mail.outbox)
    print(f"{MANY} mails in {alone:.1f} s of work alone, {among_poison:.1f} s among poison")
    assert among_poison < 1.5 * alone + 2


def test_a_comment_of_ten_megabytes_comes_in_nowhere() -> None:
    request, author = make_request(), make_person()
    started = time.process_time()
    with pytest.raises(InvalidFields):
        comment(request.number, "word " * (TEN_MEGABYTES // 5), by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_comment(request, author, "w" * TEN_MEGABYTES)
    assert time.process_time() - started < 5
    assert not Comment.objects.exists()
