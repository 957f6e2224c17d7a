"""Whoever is mentioned, asked or answered reads so in inbox and mail; a deleted text is told nowhere."""

import pytest
from django.conf import settings
from django.core import mail

from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.inboxes.page import page
from requests_app.discussion import answer, comment, delete_comment, mute
from requests_app.discussion.mentions import mention
from tests.factories import make_person
from tests.notifications.telling import make_cast, tell_all

pytestmark = pytest.mark.django_db


def read_by(person: object) -> list[tuple[str, str]]:
    fan_out()
    deliver_inbox()
    return [
        (line.news.sentence, line.news.said)
        for group in page(person).groups  # type: ignore[arg-type]
        for line in group.lines
        if line.news is not None
    ]


def test_a_stranger_who_is_mentioned_reads_that() -> None:
    cast, guest, silent = make_cast(), make_person(name="Gitta Gast"), make_person()
    mute(cast.request.pk, by=silent)
    comment(cast.request.pk, f"Ask {mention(guest)} {mention(silent)}", by=cast.it_owner)
    (sentence, said), *others = read_by(guest)
    assert cast.it_owner.name in sentence
    assert said == f"Ask @Gitta Gast @{silent.name}"
    assert not others
    assert read_by(silent) == []
    # Who is told for another reason reads of a comment.
    assert read_by(cast.watcher)[0][0] != sentence


def test_asked_and_answered_have_words_of_their_own() -> None:
    cast, asker = make_cast(), make_person()
    asked = comment(cast.request.pk, "Which topics?", by=asker, question_to="marketing")
    answer(cast.request.pk, asked.pk, "Six.", by=cast.marketing_owner)
    assert [said for _sentence, said in read_by(cast.watcher)] == ["Six.", "Which topics?"]
    assert len({sentence for sentence, _said in read_by(cast.watcher)}) == 2
    # Whoever asked hears of the answer, not of the own question.
    assert [said for _sentence, said in read_by(asker)] == ["Six."]


def test_what_was_deleted_before_it_was_told_is_told_without_words() -> None:
    cast = make_cast()
    said = comment(cast.request.pk, "Secretword", by=cast.it_owner)
    delete_comment(cast.request.pk, said.pk, by=cast.it_owner)
    assert [words for _sentence, words in read_by(cast.watcher)] == [""]
    tell_all()
    assert mail.outbox
    assert not any("Secretword" in str(one.message()) for one in mail.outbox)


def test_a_mail_leads_to_the_mentioned_person_by_a_whole_address() -> None:
    cast, guest = make_cast(), make_person(name="Gitta Gast")
    comment(cast.request.pk, f"Ask {mention(guest)}", by=cast.it_owner)
    tell_all()
    (own,) = [one for one in mail.outbox if one.to == [guest.email]]
    assert "Ask @Gitta Gast" in str(own.body)
    (html,) = [str(part.content) for part in own.alternatives]  # type: ignore[attr-defined]
    assert f"{settings.BASE_URL}/people/{guest.pk}/" in html
