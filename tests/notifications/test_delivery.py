"""The way out for mail: leases, looking again who may see, refusals, back-off, and what a mail carries."""

import signal
import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from notifications import delivery, leases, postbox
from notifications.delivery import deliver_mail
from notifications.fanout import fan_out
from notifications.leases import BACK_OFF, back_off
from notifications.mail import message_id
from notifications.models import Channel, Delivery, State
from notifications.postbox import Postbox, Refused, SendingTimedOut, hard_timeout, is_permanent
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_comment
from tests.notifications.telling import Cast, happened, let_a_minute_pass, make_cast, tell_all

pytestmark = pytest.mark.django_db


def mails_to(person: Person) -> list[EmailMultiAlternatives]:
    return [sent for sent in mail.outbox if sent.to == [person.email]]  # type: ignore[misc]


def html_of(sent: EmailMultiAlternatives) -> str:
    return str(sent.alternatives[0][0])


def commented(body: str = "A **bold** thought.", **fields: Any) -> Cast:
    cast = make_cast(**fields)
    comment = make_comment(cast.request, cast.it_owner, body)
    happened("request.commented", cast.request, cast.it_owner, comment=comment.pk)
    return cast


def row_of(person: Person) -> Delivery:
    return Delivery.objects.get(person=person, channel=Channel.MAIL)


def test_a_mail_says_the_news_in_subject_text_and_html() -> None:
    cast = make_cast(title="Newsletter topics")
    Person.objects.update(language="en")
    happened("request.parked", cast.request, cast.it_owner, reason="Nobody asked for it.")
    tell_all()
    (sent,) = mails_to(cast.requester)
    assert sent.subject == f"{cast.request.key} was parked: Newsletter topics"
    for body in (str(sent.body), html_of(sent)):
        assert f"{cast.it_owner.name} parked this request." in body
        assert "Nobody asked for it." in body
        assert f"/requests/{cast.request.number}/" in body


def test_styles_are_written_into_the_elements_and_the_dark_ones_stay() -> None:
    cast = commented()
    tell_all()
    html = html_of(mails_to(cast.requester)[0])
    assert 'class="sheet"' in html
    assert "max-width: 620px" in html
    assert "prefers-color-scheme: dark" in html
    assert html.count("<style") == 1


def test_the_mail_speaks_the_readers_language() -> None:
    cast = commented()
    Person.objects.filter(pk=cast.requester.pk).update(language="en")
    Person.objects.filter(pk=cast.watcher.pk).update(language="de")
    tell_all()
    assert 'lang="en"' in html_of(mails_to(cast.requester)[0])
    assert 'lang="de"' in html_of(mails_to(cast.watcher)[0])


def test_mails_about_one_request_are_one_thread() -> None:
    cast = commented()
    tell_all()
    happened("request.parked", cast.request, cast.it_owner)
    tell_all()
    first, second = (sent.message() for sent in mails_to(cast.requester))
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert str(cast.request.number) in first["References"]


def test_a_mail_is_marked_as_automatic_and_as_a_list() -> None:
    cast = commented()
    tell_all()
    message: Message = mails_to(cast.requester)[0].message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Tandem <requests.127.0.0.1>"


def test_a_repeated_mail_has_the_same_message_id() -> None:
    cast = commented()
    tell_all()
    Delivery.objects.update(state=State.WAITING, finished_at=None)
    tell_all()
    first, second = (sent.message()["Message-ID"] for sent in mails_to(cast.requester))
    assert first == second == message_id(row_of(cast.requester).dedupe_key)


@pytest.mark.parametrize("nasty", ["Harmless\nBcc: all@example.org", "A\r\nSubject: x", "B\x00C\x0bD\u2028E"])
def test_a_line_break_in_a_title_never_reaches_a_header(nasty: str) -> None:
    cast = commented()
    Request.objects.filter(pk=cast.request.pk).update(title=nasty.replace("\x00", ""))
    tell_all()
    message = mails_to(cast.requester)[0].message()
    assert message["Bcc"] is None
    assert len(str(message["Subject"]).splitlines()) == 1
    assert row_of(cast.requester).state == State.DONE


def test_markdown_of_a_comment_is_drawn_and_its_html_is_not() -> None:
    cast = commented("A **bold** <script>alert(1)</script> thought.")
    tell_all()
    (sent,) = mails_to(cast.requester)
    assert "<strong" in html_of(sent)
    assert "<script>" not in html_of(sent)
    assert "A **bold**" in str(sent.body)


def test_the_text_mail_escapes_nothing() -> None:
    cast = commented("Tom & Mira: 3 < 4")
    tell_all()
    assert "Tom & Mira: 3 < 4" in str(mails_to(cast.requester)[0].body)


def restrict(cast: Cast) -> None:
    Request.objects.filter(pk=cast.request.pk).update(restricted=True)


def deactivate(cast: Cast) -> None:
    Person.objects.filter(pk=cast.supporter.pk).update(is_active=False)


def undo(cast: Cast) -> None:
    event = cast.request.pk and Delivery.objects.first().event_id  # type: ignore[union-attr]
    happened("request.undone", cast.request, cast.it_owner, undone_event=event)


@pytest.mark.parametrize("change", [restrict, deactivate, undo])
def test_what_changed_after_the_fan_out_is_looked_at_again(change: Callable[[Cast], None]) -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    fan_out()
    change(cast)
    let_a_minute_pass()
    deliver_mail()
    assert mails_to(cast.supporter) == []
    assert row_of(cast.supporter).state == State.SKIPPED


def test_nothing_is_sent_before_its_time() -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    fan_out()
    assert deliver_mail().total == 0
    assert row_of(cast.requester).attempts == 0


class Box(Postbox):
    """A postbox whose mail server answers as a test says."""

    answer: Exception | None = None

    def send(self, mail: Any) -> None:
        if self.answer is not None:
            raise self.answer


def with_answer(monkeypatch: pytest.MonkeyPatch, answer: Exception) -> None:
    monkeypatch.setattr(delivery, "Postbox", type("Answering", (Box,), {"answer": answer}))


def test_a_failed_mail_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = commented()
    with_answer(monkeypatch, ConnectionRefusedError("nobody there"))
    assert tell_all().failed == 3
    row = row_of(cast.requester)
    assert (row.state, row.attempts, row.leased_until) == (State.WAITING, 1, None)
    assert "nobody there" in row.last_error
    assert timedelta(seconds=40) < row.due_at - timezone.now() < timedelta(seconds=75)
    monkeypatch.undo()
    tell_all()
    assert len(mails_to(cast.requester)) == 1


def test_after_the_last_attempt_it_is_given_up_until_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = commented()
    with_answer(monkeypatch, TimeoutError("silence"))
    for _attempt in range(len(BACK_OFF) + 1):
        tell_all()
    assert row_of(cast.requester).state == State.DEAD
    monkeypatch.undo()
    tell_all()
    assert mails_to(cast.requester) == []
    assert leases.retry_dead(Delivery.objects.filter(person=cast.requester)) == 1
    deliver_mail()
    assert len(mails_to(cast.requester)) == 1


def test_a_permanent_refusal_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = commented()
    with_answer(monkeypatch, Refused("550 no such mailbox"))
    tell_all()
    row = row_of(cast.requester)
    assert (row.state, row.attempts) == (State.DEAD, 1)
    assert "550" in row.last_error


def test_pauses_grow_as_promised_and_spread_by_a_fifth() -> None:
    minutes = [1, 5, 30, 120, 360, 720, 1440]
    assert [back_off(n, 0) for n in range(1, 8)] == [timedelta(minutes=m) for m in minutes]
    assert back_off(1, 1) == timedelta(seconds=72)
    assert back_off(1, -1) == timedelta(seconds=48)


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"unknown")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"greylisted")}), False),
        (smtplib.SMTPDataError(554, b"no"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPSenderRefused(550, b"not you", "x@y"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_what_a_refusal_means(error: Exception, permanent: bool) -> None:
    assert is_permanent(error) is permanent


def test_a_claimed_row_is_claimed_by_nobody_else_until_its_lease_ends() -> None:
    commented()
    fan_out()
    let_a_minute_pass()
    first = leases.claim([Channel.MAIL], 2)
    second = leases.claim([Channel.MAIL], 10)
    assert len(first.rows) == 2
    assert len(second.rows) == 1
    assert leases.claim([Channel.MAIL], 10).rows == []
    Delivery.objects.update(leased_until=timezone.now())
    third = leases.claim([Channel.MAIL], 10)
    assert len(third.rows) == 3
    assert not leases.renew(first, first.rows)
    assert len(leases.renew(third, third.rows)) == 3


def test_whoever_lost_the_lease_can_neither_finish_nor_put_off() -> None:
    commented()
    fan_out()
    let_a_minute_pass()
    late = leases.claim([Channel.MAIL], 1)
    Delivery.objects.update(leased_until=timezone.now())
    leases.claim([Channel.MAIL], 1)
    assert not leases.finish(late, late.rows, State.DONE)
    leases.try_later(late, late.rows, "late")
    leases.release(late)
    row = Delivery.objects.get(pk=late.rows[0].pk)
    assert (row.state, row.last_error) == (State.WAITING, "")
    assert row.leased_until is not None


def test_a_row_that_kills_its_workers_is_given_up() -> None:
    cast = commented()
    fan_out()
    let_a_minute_pass()
    Delivery.objects.update(attempts=len(BACK_OFF) + 1)
    deliver_mail()
    assert row_of(cast.requester).state == State.DEAD
    assert mail.outbox == []


def test_what_a_stopped_worker_did_not_come_to_is_free_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    commented()
    fan_out()
    let_a_minute_pass()
    monkeypatch.setattr(delivery._Way, "attempt", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deliver_mail()
    monkeypatch.undo()
    assert deliver_mail().sent == 3


def interrupted(*_args: Any) -> State:
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["renew", "finish"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_between_any_two_steps_loses_nothing(
    step: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies without giving anything back: the lease runs out, and the mail goes out after all."""
    cast = commented()
    fan_out()
    let_a_minute_pass()
    original = getattr(leases, step)

    def crash(*args: Any) -> Any:
        if when == "after":
            original(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(leases, step, crash)
        patch.setattr(leases, "release", lambda _claim: None)
        with pytest.raises(KeyboardInterrupt):
            deliver_mail()
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver_mail()
    assert set(Delivery.objects.filter(channel="mail").values_list("state", flat=True)) == {State.DONE}
    counts = sorted(len(mails_to(person)) for person in (cast.requester, cast.marketing_owner, cast.watcher))
    # Between the server's yes and our note of it only a repeat is possible, and only of the one mail.
    assert counts in ([1, 1, 1], [1, 1, 2] if step == "finish" else [1, 1, 1])


def test_a_sending_is_ended_hard_whatever_it_waits_for() -> None:
    started = time.monotonic()
    with pytest.raises(SendingTimedOut), hard_timeout(0.2):
        signal.pause()
    assert time.monotonic() - started < 5


def test_the_hard_timeout_lies_below_the_lease() -> None:
    assert leases.LEASE.total_seconds() > 2 * postbox.HARD_TIMEOUT


def test_only_what_is_asked_for_is_claimed() -> None:
    cast = commented()
    fan_out()
    let_a_minute_pass()
    claim = leases.claim([Channel.MAIL], 10, only=Q(person=cast.watcher))
    assert [row.person for row in claim.rows] == [cast.watcher]
