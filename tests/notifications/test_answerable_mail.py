"""What mail carries so that it can be answered, threaded, left and returned."""

from email.message import Message

import pytest
from django.core import mail
from pytest_django import Settings

from notifications.incoming.addresses import read_bounce, read_reply, tag_of
from notifications.incoming.cutting import MARKER
from notifications.models import Delivery, State
from requests_app.models import Comment
from teams.models import Person, Side
from tests.factories import make_comment
from tests.notifications.incoming.mails import MAILBOX
from tests.notifications.telling import Cast, happened, make_cast, tell_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings: Settings) -> None:
    settings.INCOMING_MAIL_ADDRESS = MAILBOX


def message_to(person: Person) -> Message:
    (sent,) = [one for one in mail.outbox if one.to == [person.email]]
    return sent.message()


def asked() -> tuple[Cast, Comment]:
    cast = make_cast()
    question = make_comment(cast.request, cast.it_owner, "How many?", question_to=Side.MARKETING)
    happened("request.asked", cast.request, cast.it_owner, comment=question.pk, question_to="marketing")
    tell_all()
    return cast, question


def tag(address: str) -> str:
    found = tag_of([address])
    assert found is not None
    return found


def test_an_answer_goes_to_an_address_for_this_person_request_and_question() -> None:
    cast, question = asked()
    to = read_reply(tag(message_to(cast.marketing_owner)["Reply-To"]))
    assert (to.request, to.person, to.question) == (cast.request.number, cast.marketing_owner.pk, question.pk)


def test_what_reminds_of_a_question_quotes_it_and_takes_its_answer() -> None:
    cast = make_cast()
    question = make_comment(cast.request, cast.it_owner, "How many?", question_to=Side.MARKETING)
    data = {"cause": "question", "comment": question.pk, "question_to": "marketing", "days": 3}
    happened("request.escalated", cast.request, None, **data)
    happened("request.escalated", cast.request, None, cause="deadline", chance=31)
    tell_all()
    assert read_reply(tag(message_to(cast.marketing_owner)["Reply-To"])).question == question.pk
    (sent,) = [one for one in mail.outbox if one.to == [cast.marketing_owner.email]]
    assert "How many?" in str(sent.body)


def test_news_that_ask_nothing_carry_no_question() -> None:
    cast = make_cast()
    happened("request.parked", cast.request, cast.it_owner)
    tell_all()
    assert read_reply(tag(message_to(cast.requester)["Reply-To"])).question == 0


def test_it_comes_from_the_portal_and_goes_back_to_an_address_that_tells_whose_it_was() -> None:
    cast, _question = asked()
    (sent,) = [one for one in mail.outbox if one.to == [cast.marketing_owner.email]]
    assert sent.message()["From"] == "Tandem <tandem@localhost>"
    assert read_bounce(tag(sent.from_email)) == cast.marketing_owner.pk


def test_both_bodies_say_where_an_answer_is_cut() -> None:
    cast, _question = asked()
    (sent,) = [one for one in mail.outbox if one.to == [cast.marketing_owner.email]]
    assert MARKER.search(str(sent.body).splitlines()[0])
    assert MARKER.search(str(sent.alternatives[0][0]))  # type: ignore[attr-defined]


def test_without_a_mailbox_there_is_neither_address_nor_line(settings: Settings) -> None:
    settings.INCOMING_MAIL_ADDRESS = ""
    cast, _question = asked()
    (sent,) = [one for one in mail.outbox if one.to == [cast.marketing_owner.email]]
    assert sent.message()["Reply-To"] is None
    assert sent.from_email == "Tandem <tandem@localhost>"
    assert not MARKER.search(str(sent.body))


def test_nobody_whose_mail_comes_back_is_sent_any_and_digests_neither() -> None:
    cast = make_cast()
    Person.objects.filter(pk=cast.requester.pk).update(mail_fails_since=cast.request.created_at)
    happened("request.commented", cast.request, cast.it_owner)
    tell_all()
    assert all(one.to != [cast.requester.email] for one in mail.outbox)
    row = Delivery.objects.get(person=cast.requester, channel="mail")
    assert row.state == State.SKIPPED


def test_a_title_with_line_breaks_reaches_no_header_of_ours() -> None:
    cast = make_cast(title="A")
    type(cast.request).objects.update(title="A\r\nReply-To: evil@x.example")
    happened("request.commented", cast.request, cast.it_owner)
    tell_all()
    message = message_to(cast.requester)
    assert message.get_all("Reply-To") is not None
    assert "evil" not in str(message["Reply-To"])
