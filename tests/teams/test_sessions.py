"""A session brings the portal's zone along, so that no page asks for it again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.tasks import SCHEDULES
from teams.models import Company, Person, PersonSession
from teams.sessions import SessionStore, end_sessions, forget_expired
from tests.factories import make_person

pytestmark = pytest.mark.django_db
PAGE = "/people/me/"


@pytest.fixture
def mira() -> Person:
    return make_person(language="en")


@pytest.fixture
def signed_in(client: Client, mira: Person) -> Client:
    client.force_login(mira)
    return client


def kept(client: Client) -> SessionStore:
    """The session as the next request reads it."""
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    store.load()
    return store


def test_it_is_read_with_the_zone_in_one_query(signed_in: Client) -> None:
    Company.objects.create(id=1, name="Nordwind", time_zone="America/New_York")
    with CaptureQueriesContext(connection) as asked:
        assert kept(signed_in).portal_zone == "America/New_York"
    assert len(asked) == 1


def test_before_the_first_start_it_is_the_environments(signed_in: Client) -> None:
    assert kept(signed_in).portal_zone == settings.TIME_ZONE


def test_a_page_asks_for_the_zone_no_second_time(signed_in: Client) -> None:
    Company.objects.create(id=1, name="Nordwind", time_zone="America/New_York")
    with CaptureQueriesContext(connection) as asked:
        assert signed_in.get("/counters/").status_code == 200
    assert not [row["sql"] for row in asked if row["sql"].startswith('SELECT "teams_company"')]


@pytest.mark.parametrize(("own", "zone"), [("", "America/New_York"), ("Asia/Tokyo", "Asia/Tokyo")])
def test_a_persons_own_zone_comes_first(signed_in: Client, mira: Person, own: str, zone: str) -> None:
    Company.objects.create(id=1, name="Nordwind", time_zone="America/New_York")
    Person.objects.filter(pk=mira.pk).update(time_zone=own)
    assert f'value="{zone}" selected' in signed_in.get(PAGE).content.decode()


@pytest.mark.parametrize("ended", [True, False])
def test_what_is_over_or_unknown_signs_nobody_in(signed_in: Client, mira: Person, ended: bool) -> None:
    if ended:
        assert end_sessions(mira) == 1
    else:
        PersonSession.objects.update(expire_date=timezone.now())
    assert kept(signed_in).portal_zone is None
    assert signed_in.get(PAGE).status_code == 302


def test_sessions_that_have_run_out_are_forgotten_with_what_was_kept_in_them(signed_in: Client) -> None:
    now = timezone.now()
    PersonSession.objects.create(session_key="old", session_data="x", expire_date=now - timedelta(minutes=1))
    forget_expired(now)
    assert PersonSession.objects.exists()
    assert not PersonSession.objects.filter(session_key="old").exists()
    (found,) = [one for one in SCHEDULES if one.run is forget_expired]
    assert found.every == timedelta(days=1)
