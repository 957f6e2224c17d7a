"""The mail that says what became of somebody's mail: in their language, to them alone, and never too much."""

from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from notifications.delivery import deliver_mail
from notifications.incoming.answering import KEY, MOST_AN_HOUR, answer_sender
from notifications.incoming.models import IncomingMail, Outcome
from notifications.models import Delivery, State
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_person
from tests.notifications.incoming.mails import asked_cast

pytestmark = pytest.mark.django_db


def came_in(person: Person, **fields: object) -> IncomingMail:
    given = {
        "outcome": Outcome.REFUSED,
        "notes": ["Because of this."],
        "received_at": timezone.now(),
        **fields,
    }
    return IncomingMail.objects.create(key=f"mail {IncomingMail.objects.count()}", person=person, **given)


def answered(person: Person, **fields: object) -> str:
    """The answer that ``person`` got: subject, text and HTML."""
    answer_sender(came_in(person, **fields), person)
    deliver_mail()
    (sent,) = sent_mail.outbox
    assert sent.to == [person.email]
    assert isinstance(sent, EmailMultiAlternatives)
    return f"{sent.subject}\n{sent.body}\n{sent.alternatives[0][0]!s}"


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Ihre E-Mail wurde nicht übernommen"), ("en", "Your mail was not taken")]
)
def test_it_speaks_the_senders_language_and_gives_the_reason(language: str, words: str) -> None:
    answer = answered(make_person(language=language))
    assert words in answer
    assert answer.count("Because of this.") >= 2


def test_it_is_marked_as_an_answer_of_a_machine_and_names_no_address_to_answer_to() -> None:
    answered(make_person())
    message = sent_mail.outbox[0].message()
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Reply-To"] is None
    assert message["Message-ID"] == Delivery.objects.get().message_id


def test_a_draft_brings_the_link_to_finish_it_in_both_bodies() -> None:
    cast = asked_cast()
    answer = answered(cast.requester, outcome=Outcome.DRAFT, request=cast.request, notes=[])
    assert answer.count(f"/requests/{cast.request.number}/edit/") >= 2


def test_what_was_taken_leads_to_the_request() -> None:
    cast = asked_cast()
    answer = answered(cast.requester, outcome=Outcome.COMMENT, request=cast.request)
    assert f"/requests/{cast.request.number}/" in answer
    assert "Newsletter topics" in answer


def test_a_request_that_may_not_be_seen_any_more_is_not_named() -> None:
    cast = asked_cast()
    Request.objects.update(restricted=True)
    answer = answered(cast.supporter, outcome=Outcome.COMMENT, request=cast.request)
    assert "Newsletter topics" not in answer
    assert cast.request.key not in answer


def test_notes_are_text_and_no_page() -> None:
    answer = answered(make_person(), notes=["<b>bold</b> file.exe"])
    assert "&lt;b&gt;bold&lt;/b&gt;" in answer


def test_who_was_deactivated_meanwhile_gets_none() -> None:
    person = make_person()
    answer_sender(came_in(person), person)
    Person.objects.update(is_active=False)
    deliver_mail()
    assert sent_mail.outbox == []
    assert Delivery.objects.get().state == State.SKIPPED


def test_a_mail_that_was_forgotten_meanwhile_is_not_answered() -> None:
    person = make_person()
    answer_sender(came_in(person), person)
    IncomingMail.objects.all().delete()
    deliver_mail()
    assert sent_mail.outbox == []
    assert Delivery.objects.get().state == State.SKIPPED


def test_so_many_in_an_hour_and_then_again() -> None:
    person, other = make_person(), make_person()
    answers = [answer_sender(came_in(person), person) for _ in range(MOST_AN_HOUR + 1)]
    assert answers[-1] is None
    assert answer_sender(came_in(other), other) is not None
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert answer_sender(came_in(person), person) is not None
    assert Delivery.objects.filter(dedupe_key__startswith=KEY, person=person).count() == MOST_AN_HOUR + 1


def test_one_mail_is_answered_once() -> None:
    person = make_person()
    found = came_in(person)
    first = answer_sender(found, person)
    assert first is not None
    assert first.dedupe_key == f"{KEY}{found.pk}"
    deliver_mail()
    deliver_mail()
    assert len(sent_mail.outbox) == 1
