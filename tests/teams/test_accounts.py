"""Signing in and out, passwords, throttles, the demo's buttons, language and zone."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from requests_app.seats import deactivate
from teams import company
from teams.models import Person, PersonSession
from teams.sessions import end_sessions
from tests.factories import make_admin, make_person, make_team

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(db: None) -> Person:
    person = make_person()
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> int:
    return client.post(LOGIN, {"login": email, "password": password, **more}).status_code


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("teams:profile")).status_code == 200


@pytest.fixture(autouse=True)
def _fresh_throttles(db: None) -> None:
    cache.clear()


def test_the_right_password_signs_in_whatever_the_case_of_the_address(client: Client, person: Person) -> None:
    assert sign_in(client, person.email.upper()) == 302
    assert is_signed_in(client)
    assert PersonSession.objects.get().person_id == person.pk


def test_unknown_wrong_and_deactivated_are_answered_alike(client: Client, person: Person) -> None:
    gone = make_person(is_active=False)
    gone.set_password(PASSWORD)
    gone.save()
    pages = []
    for email, password in (
        ("nobody@example.org", PASSWORD),
        (person.email, "wrong"),
        (gone.email, PASSWORD),
    ):
        response = client.post(LOGIN, {"login": email, "password": password})
        body = response.content.decode().replace(email, "")
        pages.append((response.status_code, re.sub(r'(csrf[\w-]+" (value|content)=)"\w+"', "", body)))
    assert pages[0] == pages[1] == pages[2]
    assert not is_signed_in(client)


def test_an_account_is_throttled_after_five_failures_wherever_they_come_from(
    client: Client, person: Person
) -> None:
    for n in range(5):
        client.post(LOGIN, {"login": person.email, "password": "wrong"}, REMOTE_ADDR=f"10.0.0.{n}")
    late = client.post(LOGIN, {"login": person.email, "password": PASSWORD}, REMOTE_ADDR="10.0.1.1")
    assert late.status_code == 200
    assert not is_signed_in(client)
    cache.clear()
    assert sign_in(client, person.email) == 302


def test_an_address_is_throttled_over_all_accounts(client: Client, person: Person) -> None:
    for n in range(20):
        sign_in(client, f"nobody{n}@example.org", "wrong")
    assert sign_in(client, person.email) == 200
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert sign_in(elsewhere, person.email) == 302


def test_behind_a_proxy_the_callers_own_address_counts(
    client: Client, person: Person, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(20):
        client.post(
            LOGIN,
            {"login": f"n{n}@example.org", "password": "x"},
            headers={"x-forwarded-for": "spoofed, 10.1.1.1"},
        )
    other = client.post(
        LOGIN,
        {"login": person.email, "password": PASSWORD},
        headers={"x-forwarded-for": "10.1.1.1, 10.2.2.2"},
    )
    assert other.status_code == 302


@pytest.mark.parametrize(("language", "label"), [("de", "E-Mail-Adresse"), ("en", "E-mail address")])
def test_the_reset_asks_in_our_words(client: Client, language: str, label: str) -> None:
    page = client.get("/accounts/password/reset/", headers={"accept-language": language}).content.decode()
    assert f'<label for="id_email">{label}</label>' in page
    assert "placeholder" not in page


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_what_is_missing_is_told_by_us_and_not_by_the_browser(client: Client, path: str) -> None:
    assert " novalidate " in client.get(path).content.decode()
    answer = client.post(path, {}, headers={"accept-language": "de"})
    assert "Füllen Sie dieses Feld aus." in answer.content.decode()


def test_too_many_resets_are_told_with_429(client: Client, person: Person) -> None:
    codes = [client.post("/accounts/password/reset/", {"email": person.email}).status_code for _ in range(7)]
    assert codes == [302] * 5 + [429, 429]
    assert len(mail.outbox) == 5


def test_the_session_ends_at_once_when_somebody_is_deactivated(client: Client, person: Person) -> None:
    sign_in(client, person.email)
    deactivate(person, by=make_admin())
    assert not is_signed_in(client)
    assert not PersonSession.objects.filter(person_id=person.pk).exists()
    assert sign_in(client, person.email) == 200


def test_ending_sessions_leaves_other_peoples(client: Client, person: Person) -> None:
    other_client, other = Client(), make_person()
    client.force_login(person)
    other_client.force_login(other)
    assert end_sessions(person) == 1
    assert (is_signed_in(client), is_signed_in(other_client)) == (False, True)


def test_signing_out_needs_a_post(client: Client, person: Person) -> None:
    client.force_login(person)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    answer = client.post("/accounts/logout/", headers={"accept-language": "de"})
    assert not is_signed_in(client)
    page = client.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    assert "You are signed out." in page
    assert "abgemeldet" not in page


def test_a_reset_mails_a_link_of_the_portals_own_address(client: Client, person: Person) -> None:
    client.post("/accounts/password/reset/", {"email": person.email}, headers={"host": "localhost"})
    [sent] = mail.outbox
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    [link] = set(
        re.findall(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+?/)\s", str(sent.body))
    )
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    fresh = "another long sentence"
    done = client.post(target, {"password1": fresh, "password2": fresh})
    assert done.status_code == 302
    assert sign_in(client, person.email, fresh) == 302
    assert client.get(link, follow=True).context["token_fail"]


def test_a_reset_answers_alike_for_unknown_addresses(client: Client, person: Person) -> None:
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_a_new_password_keeps_the_rules(client: Client, person: Person) -> None:
    client.force_login(person)
    weak = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert client.post("/accounts/password/change/", weak).status_code == 200
    fresh = {
        "oldpassword": PASSWORD,
        "password1": "another long sentence",
        "password2": "another long sentence",
    }
    assert client.post("/accounts/password/change/", fresh).status_code == 302
    assert is_signed_in(client)


@pytest.mark.django_db
def test_who_has_no_password_is_sent_to_the_reset(client: Client) -> None:
    client.force_login(make_person())
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/reset/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_inactive", "account_set_password", "account_reauthenticate"],
)
def test_pages_that_are_not_ours_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/"])
def test_nobody_signs_up(client: Client, path: str) -> None:
    client.force_login(make_person())
    assert client.get(path).status_code == 404


def test_the_browsers_zone_is_kept_at_the_first_sign_in_only(client: Client, person: Person) -> None:
    sign_in(client, person.email, zone="America/Lima")
    client.post("/accounts/logout/")
    sign_in(client, person.email, zone="Asia/Tokyo")
    person.refresh_from_db()
    assert person.time_zone == "America/Lima"


def test_a_made_up_zone_is_not_kept(client: Client, person: Person) -> None:
    assert sign_in(client, person.email, zone="../../etc/passwd") == 302
    person.refresh_from_db()
    assert person.time_zone == ""


def test_the_language_is_the_persons_else_the_browsers(client: Client, person: Person) -> None:
    client.force_login(person)
    asked = {"accept-language": "en"}
    assert 'lang="en"' in client.get(reverse("teams:profile"), headers=asked).content.decode()
    response = client.post("/language/", {"language": "de", "next": "/people/"}, headers=asked)
    assert response["Location"] == "/people/"
    assert 'lang="de"' in client.get(reverse("teams:profile"), headers=asked).content.decode()
    assert Person.objects.get(pk=person.pk).language == "de"


@pytest.mark.django_db
def test_the_language_is_chosen_signed_out_too_and_leads_nowhere_else(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert 'lang="en"' in client.get(LOGIN, headers={"accept-language": "de"}).content.decode()
    for word in ("people", "2026-W47", "true", "\0"):
        assert client.post("/language/", {"language": "en", "next": word})["Location"] == "/"
    client.post("/language/", {"language": "xx"})
    assert 'lang="en"' in client.get(LOGIN, headers={"accept-language": "de"}).content.decode()


def test_pages_are_drawn_in_the_persons_zone_else_the_companys(client: Client, person: Person) -> None:
    company.start(company.FirstStart("N", "Asia/Tokyo", "A", "B"), by=None)
    client.force_login(person)
    form = client.get(reverse("teams:profile")).context["form"]
    assert form.initial["time_zone"] == "Asia/Tokyo"
    assert timezone.get_current_timezone_name() != "Asia/Tokyo"


@pytest.mark.django_db
def test_a_demo_account_signs_in_with_one_click(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    demo = make_person(make_team(), is_demo=True, email="it@demo.example")
    make_person(lead_of=make_team(), is_demo=True, email="it.lead@demo.example")
    page = client.get(LOGIN, headers={"accept-language": "en"}).content.decode()
    assert "it@demo.example" in page
    assert page.count("leads a team") == 1
    response = client.post("/accounts/demo/", {"email": "it@demo.example", "zone": "Asia/Tokyo"})
    assert response["Location"] == "/"
    assert is_signed_in(client)
    demo.refresh_from_db()
    assert demo.time_zone == "Asia/Tokyo"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "fields"),
    [(False, {"is_demo": True}), (True, {}), (True, {"is_demo": True, "is_active": False})],
)
def test_nobody_else_does(client: Client, settings: Settings, demo: bool, fields: dict[str, Any]) -> None:
    settings.DEMO = demo
    person = make_person(email="it@demo.example", **fields)
    assert client.post("/accounts/demo/", {"email": person.email}).status_code == 404
    assert "it@demo.example" not in client.get(LOGIN).content.decode()
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_an_admin_is_led_to_the_first_start_until_it_is_done(client: Client) -> None:
    admin = make_admin()
    admin.set_password(PASSWORD)
    admin.save()
    response = client.post(LOGIN, {"login": admin.email, "password": PASSWORD})
    assert response["Location"] == "/settings/first-start/"
    for path in ("/", "/settings/", "/settings/people/"):
        assert client.get(path)["Location"] == "/settings/first-start/"
    assert client.get("/settings/first-start/").status_code == 200
    company.start(company.FirstStart("N", "Europe/Berlin", "A", "B"), by=admin)
    assert client.get("/settings/").status_code == 200
    assert client.get("/settings/first-start/").status_code == 302


@pytest.mark.django_db
def test_everybody_else_is_not(client: Client) -> None:
    client.force_login(make_person())
    assert client.get("/settings/").status_code == 403
