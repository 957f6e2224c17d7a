"""Mail handed in by a provider: with the secret, bounded, and nothing without it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.incoming.models import IncomingMail, Outcome
from notifications.views import mail as views
from requests_app.models import Comment
from tests.factories import make_person, make_team
from tests.notifications.incoming.mails import address_for, asked_cast, raw, reply

pytestmark = pytest.mark.django_db
SECRET = "a long secret of the provider"


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.INCOMING_MAIL_SECRET = SECRET


def hand_in(mail: bytes, secret: str = SECRET, **headers: str) -> tuple[int, dict[str, str]]:
    answer = Client(enforce_csrf_checks=True).post(
        reverse("notifications:mail_incoming"),
        mail,
        content_type="message/rfc822",
        headers={"Authorization": f"Bearer {secret}", **headers},
    )
    return answer.status_code, answer.json() if answer["Content-Type"] == "application/json" else {}


def test_a_mail_is_taken_and_the_answer_says_what_became_of_it() -> None:
    cast = asked_cast()
    assert hand_in(reply(cast)) == (200, {"outcome": "comment", "reason": ""})
    assert Comment.objects.get().author == cast.requester


def test_the_same_mail_twice_is_one() -> None:
    mail = reply(asked_cast())
    assert hand_in(mail) == hand_in(mail)
    assert Comment.objects.count() == 1


def test_whom_it_is_for_may_stand_beside_it() -> None:
    cast = asked_cast()
    mail = raw(cast.requester.email, "list@x.example")
    told = hand_in(mail, **{"X-Envelope-To": f"a@b.example, {address_for(cast, cast.requester)}"})
    assert told == (200, {"outcome": "comment", "reason": ""})


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "é"])
def test_without_the_secret_nothing_is_taken(secret: str) -> None:
    assert hand_in(reply(asked_cast()), secret)[0] == 401
    assert not IncomingMail.objects.exists()


def test_without_a_set_secret_there_is_no_such_address(settings: Settings) -> None:
    settings.INCOMING_MAIL_SECRET = ""
    assert hand_in(b"x", "")[0] == 404


def test_an_empty_body_is_a_mistake() -> None:
    assert hand_in(b"")[0] == 400


def test_a_mail_that_is_too_large_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGEST_MAIL", 20_000)
    monkeypatch.setattr("notifications.incoming.taking.LARGEST_MAIL", 20_000)
    cast = asked_cast()
    assert hand_in(reply(cast, "word " * 10_000)) == (200, {"outcome": "refused", "reason": "too_large"})
    assert IncomingMail.objects.get().outcome == Outcome.REFUSED


def test_only_posts_are_answered() -> None:
    assert Client().get(reverse("notifications:mail_incoming")).status_code == 405


def test_a_teams_page_names_its_address_only_where_mail_is_taken(settings: Settings) -> None:
    client, team = Client(), make_team(slug="crm-platform")
    client.force_login(make_person())
    path = reverse("notifications:team_address", args=[team.slug])
    assert "tandem+new-crm-platform@portal.example" in client.get(path).content.decode()
    settings.INCOMING_MAIL_ADDRESS = ""
    assert client.get(path).content.decode().strip() == ""
