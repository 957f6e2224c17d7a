"""An address whose mail comes back: noted once, told in the portal, given free by its owner or an admin."""

import pytest
from django.test import Client
from django.urls import reverse

from activity.models import Event
from teams.deliverable import LONGEST_REASON, address_failed, address_works
from teams.models import Person
from teams.rules import RuleViolation
from tests.factories import make_admin, make_person

pytestmark = pytest.mark.django_db


def failed() -> Person:
    return address_failed(make_person(language="en"), "550 5.1.1 No such user here", by=None)


def test_it_is_noted_once_with_the_first_reason() -> None:
    person = failed()
    since = person.mail_fails_since
    again = address_failed(person, "another", by=None)
    assert since is not None
    assert (again.mail_fails_since, again.mail_failure) == (since, "550 5.1.1 No such user here")
    assert Event.objects.filter(kind="person.mail_failed").count() == 1


def test_a_hostile_reason_is_kept_as_one_short_line() -> None:
    person = address_failed(make_person(), "a\r\nb\x00" + "c" * 1_000, by=None)
    assert person.mail_failure.startswith("a b ")
    assert len(person.mail_failure) == LONGEST_REASON


def test_its_owner_and_admins_give_it_free_and_nobody_else() -> None:
    person = failed()
    with pytest.raises(RuleViolation):
        address_works(person, by=make_person())
    assert address_works(person, by=person).mail_fails_since is None
    address_works(person, by=make_admin())
    assert Event.objects.filter(kind="person.mail_works").count() == 1


def test_every_page_tells_its_owner_and_the_button_gives_it_free(client: Client) -> None:
    person = failed()
    client.force_login(person)
    page = client.get(reverse("teams:profile")).content.decode()
    assert "No such user here" in page
    client.post(reverse("teams:mail_works"), headers={"Referer": "http://testserver/teams/"})
    person.refresh_from_db()
    assert person.mail_fails_since is None
    assert "No such user here" not in client.get(reverse("teams:profile")).content.decode()


def test_nobody_else_reads_of_it(client: Client) -> None:
    failed()
    client.force_login(make_person())
    assert "No such user here" not in client.get(reverse("teams:profile")).content.decode()


def test_an_admin_gives_somebodys_address_free(client: Client) -> None:
    person, admin = failed(), make_admin()
    client.force_login(admin)
    client.post(reverse("teams:person_mail_works", args=[person.pk]))
    person.refresh_from_db()
    assert person.mail_fails_since is None


def test_others_do_not(client: Client) -> None:
    person = failed()
    client.force_login(make_person())
    client.post(reverse("teams:person_mail_works", args=[person.pk]))
    person.refresh_from_db()
    assert person.mail_fails_since is not None
