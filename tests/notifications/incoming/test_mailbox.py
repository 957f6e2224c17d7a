"""The mailbox, on a real mail server: mail comes in by SMTP, is fetched by IMAP, and looked at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from activity.locks import Lock
from notifications import tasks
from notifications.incoming import mailbox, taking
from notifications.incoming.mailbox import Fetched, MailboxError, fetch
from notifications.incoming.models import IncomingMail, Outcome
from notifications.operations.models import Heartbeat
from requests_app.models import Comment
from tests.notifications.incoming.mail_house import PASSWORD, MailHouse, mail_house
from tests.notifications.incoming.mails import MAILBOX, asked_cast, raw, reply
from tests.notifications.incoming.tls import tls_before
from tests.notifications.receivers import deaf_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[MailHouse]:
    with mail_house() as house:
        yield house


@pytest.fixture
def house(server: MailHouse, settings: Settings) -> MailHouse:
    settings.INCOMING_MAIL_URL = server.imap_url
    fetch()
    IncomingMail.objects.all().delete()
    return server


def test_an_answer_comes_from_the_mail_server_into_the_request(house: MailHouse) -> None:
    cast = asked_cast()
    house.bring(reply(cast, "Grüße, eine gute Idee."))
    assert fetch() == Fetched(taken=1)
    assert Comment.objects.get().body == "Grüße, eine gute Idee."
    assert fetch() == Fetched(taken=0)


def test_a_mail_that_cannot_be_handled_stays_and_holds_up_no_other(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = asked_cast()
    original = taking.take

    def fail_once(mail: bytes, **more: Any) -> IncomingMail:
        if b"Subject: Poison" in mail:
            raise ValueError("in the middle")
        return original(mail, **more)

    house.bring(reply(cast, "Poison.", subject="Poison"), reply(cast, "Good."))
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "take", fail_once)
        assert fetch() == Fetched(taken=1, failed=1)
    assert fetch() == Fetched(taken=1)
    assert set(Comment.objects.values_list("body", flat=True)) == {"Good.", "Poison."}


def test_who_dies_before_the_mark_takes_nothing_twice(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is taken, the mark on the mail server is not set: the next visit knows it again."""
    original = taking.take

    def die_after(mail: bytes, **more: Any) -> IncomingMail:
        original(mail, **more)
        raise KeyboardInterrupt

    house.bring(reply(asked_cast()))
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "take", die_after)
        with pytest.raises(KeyboardInterrupt):
            fetch()
    assert fetch() == Fetched(taken=1)
    assert Comment.objects.count() == 1


def test_of_a_mail_that_is_too_large_only_the_header_is_fetched(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST_MAIL", 10_000)
    monkeypatch.setattr("notifications.incoming.taking.LARGEST_MAIL", 10_000)
    cast = asked_cast()
    house.bring(reply(cast, "word\n" * 5_000))
    fetch()
    row = IncomingMail.objects.get()
    assert (row.outcome, row.reason, row.person) == (Outcome.REFUSED, "too_large", cast.requester)
    assert row.size > 20_000


def test_no_more_than_so_many_at_once(house: MailHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 2)
    house.bring(*(raw("a@x.example", MAILBOX) for _ in range(3)))
    assert [fetch(), fetch()] == [Fetched(taken=2), Fetched(taken=1)]


def test_however_many_cannot_be_handled_those_behind_them_are_reached(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = taking.take

    def fail(mail: bytes, **more: Any) -> IncomingMail:
        if b"Subject: Poison" in mail:
            raise ValueError("again and again")
        return original(mail, **more)

    house.bring(
        *(raw("a@x.example", MAILBOX, subject="Poison") for _ in range(3)), raw("b@x.example", MAILBOX)
    )
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 2)
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "take", fail)
        assert fetch() == Fetched(taken=1, failed=3)
        patch.setattr(mailbox, "MOST_FAILED", 2)
        assert fetch() == Fetched(taken=0, failed=2)


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_the_password_goes_only_to_a_server_whose_certificate_holds(
    scheme: str, house: MailHouse, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with tls_before(house, tmp_path, is_greeting=scheme == "imap+tls") as tls:
        settings.INCOMING_MAIL_URL = house.imap_url.replace("imap://", f"{scheme}://").replace(
            str(house.imap), str(tls.port)
        )
        with pytest.raises(MailboxError, match="certificate"):
            fetch()
        assert PASSWORD.encode() not in tls.heard
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
        assert fetch() == Fetched()
        assert PASSWORD.encode() in tls.heard


def test_a_second_worker_leaves_it_to_the_first(house: MailHouse) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.MAILBOX])
        assert fetch() is None
        cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.MAILBOX])
    other.close()
    assert fetch() == Fetched()


@pytest.mark.parametrize("wrong", ["password", "folder", "port"])
def test_what_is_wrong_with_the_mailbox_is_said_on_the_operations_page(
    wrong: str, house: MailHouse, settings: Settings
) -> None:
    port = str(house.imap)
    changes = {"password": ("of-the-test", "no"), "folder": ("INBOX", "Nothing"), "port": (port, "9")}
    settings.INCOMING_MAIL_URL = house.imap_url.replace(*changes[wrong])
    with pytest.raises(MailboxError):
        fetch()
    tasks.fetch_mail()
    assert Heartbeat.objects.get(process="mailbox").trouble
    settings.INCOMING_MAIL_URL = house.imap_url
    tasks.fetch_mail()
    assert Heartbeat.objects.get(process="mailbox").trouble == ""


def test_a_mail_server_that_hangs_is_left(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SECONDS", 0.3)
    with deaf_port() as port:
        settings.INCOMING_MAIL_URL = f"imap://a:b@127.0.0.1:{port}/"
        with pytest.raises(MailboxError):
            fetch()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [Lock.MAILBOX])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT pg_advisory_unlock_all()")


def test_without_a_mailbox_nothing_is_looked_for(settings: Settings) -> None:
    settings.INCOMING_MAIL_URL = ""
    tasks.fetch_mail()
    assert not Heartbeat.objects.exists()
