"""What a mail to the portal does, once; and what nobody can do by mail."""

import os
import random
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as sent_mail
from django.core.files.storage import default_storage
from django.utils import timezone

from activity import clock
from activity.models import Event, Origin
from notifications.incoming import taking
from notifications.incoming.addresses import address_of_team, bounce_address
from notifications.incoming.answering import MOST_AN_HOUR
from notifications.incoming.models import IncomingMail, Outcome
from notifications.incoming.taking import take
from notifications.models import Delivery
from requests_app.choices import Status
from requests_app.models import COMMENT_TEXT, Attachment, Comment, Request
from teams.models import Person, Side
from tests.factories import make_comment, make_person, make_team
from tests.notifications.incoming.mails import address_for, asked_cast, raw, reply, report, written
from tests.notifications.incoming.test_parsing import nested
from tests.notifications.telling import Cast, tell_all

pytestmark = pytest.mark.django_db
FULL = os.environ.get("TANDEM_TORTURE") == "1"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def taken(raw_mail: bytes) -> tuple[str, str]:
    row = take(raw_mail)
    return row.outcome, row.reason


def answers_to(person: Person) -> list[str]:
    """The bodies of what the portal wrote back to ``person``."""
    tell_all()
    lists = "Tandem <incoming.127.0.0.1>"
    return [
        f"{one.subject}\n{one.body}"
        for one in sent_mail.outbox
        if one.to == [person.email] and one.extra_headers["List-Id"] == lists
    ]


def test_an_answer_becomes_a_comment_without_what_it_quotes() -> None:
    cast = asked_cast()
    assert taken(reply(cast)) == ("comment", "")
    comment = Comment.objects.get()
    assert (comment.body, comment.author, comment.request) == ("A good idea.", cast.requester, cast.request)
    assert Event.objects.get(kind="request.commented").actor == cast.requester
    assert Event.objects.get(kind="request.commented").origin == Origin.API
    assert answers_to(cast.requester) == []


def test_the_same_mail_again_says_nothing_again() -> None:
    cast = asked_cast()
    mail = reply(cast)
    first, second = take(mail), take(mail)
    assert first.pk == second.pk
    assert Comment.objects.count() == IncomingMail.objects.count() == 1


def test_nothing_stays_where_it_fails_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = asked_cast()

    def fail(*_args: object) -> None:
        raise ConnectionResetError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(taking, "_attached", fail)
        with pytest.raises(ConnectionResetError):
            take(reply(cast, files=[("a.pdf", PDF)], message_id="<once@mail.example>"))
    assert not Comment.objects.exists()
    assert not IncomingMail.objects.exists()
    take(reply(cast, message_id="<once@mail.example>"))
    assert Comment.objects.count() == 1


def question_in(cast: Cast) -> Comment:
    return make_comment(cast.request, cast.it_owner, "How many readers?", question_to=Side.MARKETING)


def test_an_answer_to_a_question_answers_it() -> None:
    cast = asked_cast()
    question = question_in(cast)
    assert taken(reply(cast, person=cast.marketing_owner, question=question.pk)) == ("answer", "")
    question.refresh_from_db()
    assert question.answered_by == cast.marketing_owner


def test_who_may_not_answer_it_comments() -> None:
    cast = asked_cast()
    question = question_in(cast)
    assert taken(reply(cast, person=cast.watcher, question=question.pk)) == ("comment", "")
    question.refresh_from_db()
    assert question.answered_at is None


def test_an_answered_question_is_commented_on() -> None:
    cast = asked_cast()
    question = question_in(cast)
    Comment.objects.update(answered_at=timezone.now(), answered_by=cast.marketing_owner)
    assert taken(reply(cast, person=cast.marketing_owner, question=question.pk)) == ("comment", "")


def test_files_go_by_the_usual_rules_and_what_was_not_taken_is_told() -> None:
    cast = asked_cast()
    files = [("plan.pdf", PDF), ("run.exe", b"MZ\x00\x01" * 50), ("winmail.dat", b"\x78\x9f\x3e\x22")]
    assert taken(reply(cast, files=files)) == ("comment", "")
    attachment = Attachment.objects.get()
    assert attachment.name == "plan.pdf"
    assert default_storage.open(str(attachment.file)).read() == PDF
    (answer,) = answers_to(cast.requester)
    assert "run.exe" in answer
    assert "winmail.dat" in answer
    assert "plan.pdf" not in answer


def test_a_mail_of_files_alone_is_taken() -> None:
    cast = asked_cast()
    mail = raw(cast.requester.email, address_for(cast, cast.requester), "", files=[("plan.pdf", PDF)])
    assert taken(mail) == ("comment", "")
    assert Attachment.objects.count() == 1
    assert not Comment.objects.exists()


def test_a_foreign_sender_is_refused_and_the_right_person_hears_of_it() -> None:
    cast = asked_cast()
    assert taken(reply(cast, sender="thief@evil.example")) == ("refused", "foreign_sender")
    assert not Comment.objects.exists()
    (answer,) = answers_to(cast.requester)
    assert "thief@evil.example" in answer
    assert all(one.to == [cast.requester.email] for one in sent_mail.outbox)


def test_a_colleague_does_not_speak_for_somebody_else() -> None:
    cast = asked_cast()
    assert taken(reply(cast, sender=cast.watcher.email)) == ("refused", "foreign_sender")


def test_a_forged_address_is_refused_and_only_known_people_are_told() -> None:
    cast = asked_cast()
    forged = address_for(cast, cast.requester).replace("+r", "+r1")
    assert taken(raw(cast.requester.email, forged)) == ("refused", "forged")
    assert taken(raw("nobody@evil.example", forged)) == ("refused", "forged")
    assert len(answers_to(cast.requester)) == 1
    assert len(sent_mail.outbox) == 1


def test_an_expired_address_is_refused_in_words() -> None:
    cast = asked_cast()
    with clock.moved_to(clock.now() - timedelta(days=100)):
        old = address_for(cast, cast.requester)
    assert taken(raw(cast.requester.email, old)) == ("refused", "expired")
    assert len(answers_to(cast.requester)) == 1


def test_who_may_not_see_the_request_any_more_says_nothing_in_it() -> None:
    cast = asked_cast()
    mail = reply(cast, person=cast.supporter)
    Request.objects.update(restricted=True)
    assert taken(mail) == ("refused", "not_visible")
    (answer,) = answers_to(cast.supporter)
    assert "Newsletter topics" not in answer
    assert cast.request.key not in answer


def test_who_was_deactivated_says_nothing_and_gets_nothing() -> None:
    cast = asked_cast()
    mail = reply(cast)
    Person.objects.filter(pk=cast.requester.pk).update(is_active=False)
    assert taken(mail) == ("refused", "person_gone")
    assert answers_to(cast.requester) == []


@pytest.mark.parametrize(
    "mark", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "1"}]
)
def test_an_out_of_office_note_is_left_alone(mark: dict[str, Any]) -> None:
    cast = asked_cast()
    assert taken(reply(cast, "I am away.", **mark)) == ("ignored", "from_machine")
    assert not Comment.objects.exists()
    assert answers_to(cast.requester) == []


def test_our_own_answers_that_come_back_end_there() -> None:
    """What the portal writes back, sent to the portal: no answer follows it."""
    cast = asked_cast()
    take(reply(cast, sender="thief@evil.example"))
    answers_to(cast.requester)
    (own,) = sent_mail.outbox
    own.extra_headers["Message-ID"] = "<other@mail.example>"
    back = own.message().as_bytes().replace(b"\nTo: ", b"\nTo: tandem+r1@portal.example, ")
    assert taken(back) == ("ignored", "from_machine")
    assert len(answers_to(cast.requester)) == 1


def test_two_machines_that_answer_each_other_end() -> None:
    cast = asked_cast()
    for _ in range(MOST_AN_HOUR + 5):
        take(raw(cast.requester.email, "tandem+rforged@portal.example"))
    assert len(answers_to(cast.requester)) == MOST_AN_HOUR


def test_a_mail_to_the_mailbox_itself_is_told_where_to_write_and_one_to_somebody_else_is_left() -> None:
    person = make_person()
    assert taken(raw(person.email, "else@portal.example")) == ("refused", "not_for_us")
    assert answers_to(person) == []
    assert taken(raw(person.email, "tandem@portal.example")) == ("refused", "not_for_us")
    assert taken(raw("stranger@x.example", "tandem@portal.example")) == ("refused", "not_for_us")
    (answer,) = answers_to(person)
    assert "/teams/" in answer


def test_the_recipient_that_the_mail_server_names_counts_too() -> None:
    cast = asked_cast()
    hidden = raw(cast.requester.email, "undisclosed@x.example")
    row = take(hidden, envelope=[address_for(cast, cast.requester)])
    assert row.outcome == Outcome.COMMENT


@pytest.mark.parametrize("text", ["", "> only quoted", "-- \nTom"])
def test_a_mail_without_own_words_is_refused_in_words(text: str) -> None:
    cast = asked_cast()
    assert taken(raw(cast.requester.email, address_for(cast, cast.requester), text)) == ("refused", "empty")
    assert len(answers_to(cast.requester)) == 1


def test_a_mail_that_is_only_html_becomes_a_comment() -> None:
    cast = asked_cast()
    page = "<p>Yes, <b>please</b>.</p><blockquote>old</blockquote>"
    take(raw(cast.requester.email, address_for(cast, cast.requester), "", html=page))
    assert Comment.objects.get().body == "Yes, please."


def test_a_text_that_no_comment_may_be_is_refused_with_the_reason() -> None:
    cast = asked_cast()
    assert taken(reply(cast, "word " * COMMENT_TEXT)) == ("refused", "rule")
    (answer,) = answers_to(cast.requester)
    assert str(COMMENT_TEXT) in answer.replace(".", "").replace(",", "")


def test_ten_thousand_mentions_are_refused_in_words_and_so_many_as_fit_tell_fifty() -> None:
    cast = asked_cast()
    people = Person.objects.bulk_create(
        Person(email=f"m{n}@example.org", name=f"M {n}", password="!") for n in range(60)
    )
    most, fitting = (" ".join(f"@{people[n % 60].email}" for n in range(count)) for count in (10_000, 200))
    assert taken(reply(cast, most)) == (Outcome.REFUSED, "rule")
    assert not Event.objects.filter(kind="request.commented").exists()
    (answer,) = answers_to(cast.requester)
    assert str(COMMENT_TEXT) in answer
    assert taken(reply(cast, fitting)) == (Outcome.COMMENT, "")
    assert len(Event.objects.get(kind="request.commented").data["mentions"]) == 50


def test_a_mail_of_a_hundred_levels_is_refused_in_words() -> None:
    cast = asked_cast()
    mail = nested(100).replace(b"t@x.example", cast.requester.email.encode())
    mail = mail.replace(b"tandem+r1@portal.example", address_for(cast, cast.requester).encode())
    assert taken(mail) == ("refused", "too_deep")
    assert len(answers_to(cast.requester)) == 1


def test_a_mail_that_is_too_large_is_refused_in_words_and_not_read() -> None:
    cast = asked_cast()
    row = take(reply(cast), size=40 * 1024 * 1024)
    assert (row.outcome, row.reason, row.size) == ("refused", "too_large", 40 * 1024 * 1024)
    (answer,) = answers_to(cast.requester)
    assert "35" in answer


def test_thirty_megabytes_within_the_limits_are_read_and_the_file_judged_by_its_rules() -> None:
    cast = asked_cast()
    # 29 MB as mail writes it; in small a third of that.
    content = random.Random(7).randbytes((21 if FULL else 7) * 1024 * 1024)
    assert taken(reply(cast, files=[("big.bin", content)])) == ("comment", "")
    assert Comment.objects.count() == 1
    assert not Attachment.objects.exists()
    assert "big.bin" in answers_to(cast.requester)[0]


def test_a_mail_to_a_team_makes_a_draft_and_its_author_gets_the_link() -> None:
    team, person = make_team(Side.IT), make_person(language="en")
    mail = raw(person.email, address_of_team(team), "We need\nreports.", subject="Reports for the board")
    assert taken(mail) == ("draft", "")
    draft = Request.objects.get()
    assert (draft.status, draft.requester, draft.serving_team) == (Status.DRAFT, person, team)
    assert (draft.title, draft.customer_need) == ("Reports for the board", "We need\nreports.")
    (answer,) = answers_to(person)
    assert f"/requests/{draft.number}/edit/" in answer
    assert "Reports for the board" in answer


def test_a_mail_to_a_team_of_marketing_asks_in_its_name() -> None:
    team, person = make_team(Side.MARKETING), make_person()
    take(raw(person.email, address_of_team(team)))
    assert Request.objects.get().requesting_team == team


def test_the_files_of_a_new_request_are_said_to_be_missing() -> None:
    team, person = make_team(Side.IT), make_person(language="en")
    take(raw(person.email, address_of_team(team), files=[("plan.pdf", PDF)]))
    assert "files" in answers_to(person)[0]


def test_strangers_make_no_drafts_and_are_not_written_to() -> None:
    team = make_team(Side.IT)
    assert taken(raw("nobody@evil.example", address_of_team(team))) == ("refused", "unknown_sender")
    assert not Request.objects.exists()
    assert not Delivery.objects.exists()


def test_a_team_that_is_not_there_is_told() -> None:
    person = make_person()
    assert taken(raw(person.email, "tandem+new-nothing@portal.example")) == ("refused", "unknown_team")
    assert len(answers_to(person)) == 1


def test_a_subject_without_end_or_with_none_makes_a_draft_all_the_same() -> None:
    team, person = make_team(Side.IT), make_person()
    take(raw(person.email, address_of_team(team), subject="word " * 500))
    bare = written(person.email, address_of_team(team), "Just text")
    del bare["Subject"]
    take(bare.as_bytes())
    assert Request.objects.count() == 2


def test_so_many_drafts_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST_DRAFTS_A_DAY", 2)
    team, person = make_team(Side.IT), make_person()
    outcomes = [taken(raw(person.email, address_of_team(team)))[0] for _ in range(3)]
    assert outcomes == ["draft", "draft", "refused"]


def test_a_bounce_stops_the_mail_to_that_address_and_is_told_in_the_portal() -> None:
    person = make_person()
    assert taken(report(bounce_address(person.pk))) == ("bounce", "5.1.1")
    person.refresh_from_db()
    assert person.mail_fails_since is not None
    assert "No such user" in person.mail_failure
    assert Event.objects.filter(kind="person.mail_failed").count() == 1
    take(report(bounce_address(person.pk)))
    assert Event.objects.filter(kind="person.mail_failed").count() == 1


@pytest.mark.parametrize(
    ("status", "action", "reason"),
    [
        ("4.4.1", "failed", "failed_for_now"),
        ("5.2.2", "failed", "failed_for_now"),
        ("5.1.1", "delayed", "from_machine"),
    ],
)
def test_a_bounce_that_says_nothing_of_the_address_changes_nothing(
    status: str, action: str, reason: str
) -> None:
    person = make_person()
    assert taken(report(bounce_address(person.pk), status, action)) == ("ignored", reason)
    assert not Person.objects.exclude(mail_fails_since=None).exists()


def test_a_forged_bounce_stops_nobodys_mail() -> None:
    person = make_person()
    forged = bounce_address(person.pk).replace("+b", "+b1")
    assert taken(report(forged)) == ("ignored", "forged")
    assert not Person.objects.exclude(mail_fails_since=None).exists()


def test_a_mail_with_nul_in_its_addresses_is_noted_and_left() -> None:
    make_person(email="a@x.example")
    for to in (b"tandem+new-\0@portal.example", b"tandem+new-a@portal.example"):
        row = take(b"From: a\0@x.example\nTo: " + to + b"\n\nHi")
        assert (row.outcome, row.sender) == (Outcome.REFUSED, "")


@pytest.mark.parametrize("nonsense", [b"", b"\x00\xff" * 50, b"X: " + b"y" * 200_000])
def test_what_is_no_mail_is_noted_and_left(nonsense: bytes) -> None:
    row = take(nonsense)
    assert row.outcome == Outcome.REFUSED
    assert not Delivery.objects.exists()
