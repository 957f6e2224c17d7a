"""Whose a stream is, and when it no longer is."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from notifications.live.sessions import Listener, listener_of, still_signed_in
from teams.models import Person, PersonSession
from teams.sessions import end_sessions
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


def cookies(person: Person) -> str:
    client = Client()
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"theme=dark; {settings.SESSION_COOKIE_NAME}={key}"


def listener(person: Person) -> Listener:
    found = listener_of(cookies(person))
    assert found is not None
    return found


def test_a_signed_in_browser_is_its_persons(person: Person) -> None:
    assert listener(person).person == person.pk
    assert still_signed_in([listener(person)])


@pytest.mark.parametrize(
    "header", ["", "sessionid=", "sessionid=nobody", "sessionid=\x00", "a=b; ;;=", "sessionid=" + "x" * 9000]
)
def test_other_cookies_are_nobodys(header: str) -> None:
    assert listener_of(header) is None


def test_a_signed_out_session_no_longer_listens_and_another_one_does(person: Person) -> None:
    here, there = listener(person), listener(person)
    PersonSession.objects.filter(session_key=here.session).delete()
    assert still_signed_in([here, there]) == {there}


def test_sessions_end_with_their_time_their_account_and_their_password(person: Person) -> None:
    expired, stays = listener(person), listener(make_person())
    PersonSession.objects.filter(session_key=expired.session).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert still_signed_in([expired, stays]) == {stays}
    one, two = make_person(), make_person()
    deactivated, changed = listener(one), listener(two)
    Person.objects.filter(pk=one.pk).update(is_active=False)
    two.set_password("a new one that is long")
    two.save()
    assert still_signed_in([deactivated, changed, stays]) == {stays}


def test_who_is_signed_out_everywhere_hears_nothing_more(person: Person) -> None:
    mine = listener(person)
    end_sessions(person)
    assert still_signed_in([mine]) == set()


def test_a_session_of_another_person_under_the_same_key_is_not_taken_for_it(person: Person) -> None:
    mine = listener(person)
    PersonSession.objects.filter(session_key=mine.session).update(person_id=make_person().pk)
    assert still_signed_in([mine]) == set()
