"""The one click in mails that are not about one request: no more mail of their kinds, and nothing else."""

from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from knowhow.exchanges.places import sign_up
from knowhow.exchanges.planning import cancel
from knowhow.exchanges.reminding import say_what_is_due
from notifications.choosing.kinds import ByMail, Kind
from notifications.choosing.resolve import choices_of
from notifications.less_link import less_url
from notifications.mail_links import LINK_LASTS
from notifications.mute_link import mute_url
from teams.models import Person
from teams.understanding import ask
from tests.factories import make_goal, make_person, make_team
from tests.knowhow.exchanges.making import make_exchange, seat
from tests.notifications.telling import happened, make_cast, tell_all

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def mails_to(person: Person) -> list[mail.EmailMessage]:
    return [one for one in mail.outbox if one.to == [person.email]]


def link_of(person: Person) -> str:
    message = mails_to(person)[-1].message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link: str = message["List-Unsubscribe"].strip("<>")
    assert link in str(mails_to(person)[-1].body)
    return link


def by_mail(person: Person, kind: Kind) -> str:
    return choices_of([person])(person.pk, kind).mail


def test_a_question_about_a_goal_carries_it_and_one_click_ends_mail_of_its_kind() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    goal = make_goal(team, brief="More.")
    ask(goal.understanding, "Why?", by=make_person())
    tell_all()
    answer = Client(enforce_csrf_checks=True).post(link_of(lead), ONE_CLICK)
    assert answer.status_code == 200
    assert (by_mail(lead, Kind.QUESTION), by_mail(lead, Kind.GOAL)) == (ByMail.DIGEST, ByMail.NOW)
    assert choices_of([lead])(lead.pk, Kind.QUESTION).inbox
    ask(goal.understanding, "And how?", by=make_person())
    tell_all()
    assert len(mails_to(lead)) == 1


def test_news_of_several_requests_carries_it_for_all_their_kinds() -> None:
    casts = make_cast(), make_cast()
    reader = casts[0].watcher
    for cast, kind in zip(casts, ("request.commented", "request.parked"), strict=True):
        happened(kind, cast.request, cast.it_owner, mentions=[])
        cast.request.watchers.get_or_create(person=reader, defaults={"since": timezone.now()})
    tell_all()
    links = {str(one.message()["List-Unsubscribe"]) for one in mails_to(reader)}
    assert len(links) == len(mails_to(reader))
    assert all(links)


def test_reminders_of_exchanges_end_and_invitations_do_not() -> None:
    guest = make_person(language="en")
    soon = make_exchange(days=0.9, invited_at=timezone.now() - timedelta(days=9))
    seat(soon, guest)
    say_what_is_due(timezone.now())
    tell_all()
    assert mails_to(guest)[-1].subject.startswith("Soon")
    Client().post(link_of(guest), ONE_CLICK)
    assert by_mail(guest, Kind.KNOW_HOW) == ByMail.DIGEST
    mail.outbox.clear()
    other = make_exchange(days=0.8, invited_at=timezone.now() - timedelta(days=9))
    sign_up(other.pk, by=guest)
    say_what_is_due(timezone.now())
    cancel(soon.pk, "The host is ill.", by=soon.host)
    tell_all()
    assert [one.subject.partition(":")[0] for one in mails_to(guest)] == ["You have a seat", "Cancelled"]


def test_get_asks_names_the_kinds_and_changes_nothing() -> None:
    person = make_person(language="en")
    page = Client().get(less_url(person.pk, [Kind.TALK, Kind.STEP]))
    assert page.status_code == 200
    for kind, words in ((Kind.TALK, "Comments"), (Kind.STEP, "All other steps")):
        assert words in page.content.decode()
        assert by_mail(person, kind) == ByMail.BUNDLED
    assert "no-store" in page.headers["Cache-Control"]


def test_a_second_click_does_no_harm() -> None:
    link = less_url(make_person().pk, [Kind.TALK])
    for _ in range(2):
        assert Client().post(link, ONE_CLICK).status_code == 200


@pytest.mark.parametrize("forged", ["", "x", "1:2:3", "a" * 2_000])
def test_a_forged_link_is_used_up(forged: str) -> None:
    path = f"/mail/less/{forged or 'none'}/"
    assert Client().get(path).status_code == 410
    assert Client().post(path, ONE_CLICK).status_code == 410


def test_a_link_of_another_purpose_too_old_or_of_who_has_left_is_used_up() -> None:
    person = make_person()
    token = mute_url(person.pk, make_cast().request.pk).rstrip("/").rpartition("/")[2]
    assert Client().post(f"/mail/less/{token}/", ONE_CLICK).status_code == 410
    for content in ([person.pk, []], [person.pk, ["all"]], [person.pk, None], [0, ["talk"]], "talk"):
        signed = signing.dumps(content, salt="tandem.mail.less")
        assert Client().post(f"/mail/less/{signed}/", ONE_CLICK).status_code == 410
    link = less_url(person.pk, [Kind.TALK])
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().post(link, ONE_CLICK).status_code == 410
    assert by_mail(person, Kind.TALK) == ByMail.BUNDLED
    assert timedelta(days=30) < LINK_LASTS
