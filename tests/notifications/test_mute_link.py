"""The one click that ends the mails about a request: signed, for its purpose alone; GET changes nothing."""

from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from notifications.digest.preference import token as digest_token
from notifications.mail_links import LINK_LASTS
from notifications.mute_link import mute_url
from requests_app.models import Mute, Request
from teams.models import Person
from tests.notifications.telling import Cast, happened, make_cast, tell_all

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_for(cast: Cast, person: Person | None = None) -> str:
    url = mute_url((person or cast.watcher).pk, cast.request.number)
    return url.removeprefix("http://127.0.0.1:8000")


def is_muted(cast: Cast) -> bool:
    return Mute.objects.filter(request=cast.request, person=cast.watcher).exists()


def test_every_mail_about_a_request_carries_it() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    tell_all()
    (sent,) = [one for one in mail.outbox if one.to == [cast.watcher.email]]
    message = sent.message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<>")
    assert link in str(sent.body)
    assert Client(enforce_csrf_checks=True).post(link, ONE_CLICK).status_code == 200
    assert is_muted(cast)
    happened("request.commented", cast.request, cast.it_owner)
    tell_all()
    assert len([one for one in mail.outbox if one.to == [cast.watcher.email]]) == 1


def test_get_asks_and_changes_nothing() -> None:
    cast = make_cast(title="Newsletter topics")
    page = Client().get(path_for(cast))
    assert page.status_code == 200
    assert "Newsletter topics" in page.content.decode()
    assert not is_muted(cast)


def test_a_second_click_does_no_harm() -> None:
    cast = make_cast()
    for _ in range(2):
        assert Client().post(path_for(cast), ONE_CLICK).status_code == 200
    assert Mute.objects.count() == 1


def test_a_link_of_another_purpose_or_none_mutes_nothing() -> None:
    cast = make_cast()
    own = path_for(cast)
    pair = [cast.watcher.pk, cast.request.number]
    foreign = (
        digest_token(*pair),
        signing.dumps(pair),
        signing.dumps(pair, salt="tandem.digest.switch_off"),
        "x",
    )
    for link in foreign:
        assert Client().post(f"/mail/mute/{link}/", ONE_CLICK).status_code == 410
    assert Client().post(own[:-2] + "x/", ONE_CLICK).status_code == 410
    assert not is_muted(cast)


def test_an_old_link_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    path = path_for(cast)
    later = timezone.now() + LINK_LASTS + timedelta(minutes=1)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert Client().post(path, ONE_CLICK).status_code == 410


def hide(cast: Cast) -> None:
    Request.objects.filter(pk=cast.request.pk).update(restricted=True)


def deactivate(cast: Cast) -> None:
    Person.objects.filter(pk=cast.supporter.pk).update(is_active=False)


@pytest.mark.parametrize("change", [hide, deactivate])
def test_who_may_not_see_it_any_more_learns_nothing(change: object, settings: Settings) -> None:
    cast = make_cast(title="Newsletter topics")
    change(cast)  # type: ignore[operator]
    page = Client().get(path_for(cast, cast.supporter))
    assert page.status_code == 410
    assert "Newsletter topics" not in page.content.decode()
