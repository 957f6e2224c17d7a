"""The kept mails of the demo: whose they are, and that their HTML can do nothing."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.models import DemoMail
from tests.factories import make_admin, make_person
from tests.notifications.telling import happened, make_cast, tell_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "notifications.demo_mail.Backend"


def keep(to: str, subject: str = "News", html: str = "<p>Hello</p>") -> DemoMail:
    message = EmailMultiAlternatives(subject, "Hello in text", None, [to])
    message.attach_alternative(html, "text/html")
    get_connection().send_messages([message])
    return DemoMail.objects.latest("pk")


def test_a_mail_is_kept_with_its_headers_text_and_html() -> None:
    cast = make_cast()
    happened("request.commented", cast.request, cast.it_owner)
    tell_all()
    kept = DemoMail.objects.get(recipient=cast.watcher.email)
    assert kept.headers["Auto-Submitted"] == "auto-generated"
    assert "<html" in kept.html
    assert cast.request.key in kept.text


def test_one_sees_ones_own_mails_newest_first(client: Client) -> None:
    person = make_person()
    keep(person.email, "The first")
    keep(person.email.upper(), "The second")
    keep("other@example.org", "Not for you")
    client.force_login(person)
    page = client.get(reverse("notifications:demo_mail")).content.decode()
    assert page.index("The second") < page.index("The first")
    assert "Not for you" not in page


def test_an_administrator_sees_all(client: Client) -> None:
    keep("other@example.org", "For somebody")
    client.force_login(make_admin())
    assert "For somebody" in client.get(reverse("notifications:demo_mail")).content.decode()


def test_the_mail_of_somebody_else_is_not_found(client: Client) -> None:
    kept = keep("other@example.org")
    client.force_login(make_person())
    assert client.get(reverse("notifications:demo_mail_body", args=[kept.pk])).status_code == 404
    assert client.get(reverse("notifications:demo_mail"), {"mail": kept.pk}).status_code == 404


@pytest.mark.parametrize("mail", ["x", "-1", "0", "²", "9" * 30])
def test_what_is_no_mail_is_not_found(mail: str, client: Client) -> None:
    client.force_login(make_person())
    assert client.get(reverse("notifications:demo_mail"), {"mail": mail}).status_code == 404


def test_the_html_of_a_mail_is_shown_in_a_sandbox(client: Client) -> None:
    person = make_person()
    kept = keep(person.email, html="<script>alert(1)</script><p>Hello</p>")
    client.force_login(person)
    answer = client.get(reverse("notifications:demo_mail_body", args=[kept.pk]))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = client.get(reverse("notifications:demo_mail")).content.decode()
    assert "<script>alert(1)" not in page
    assert "sandbox=" in page


def test_nothing_is_there_outside_the_demo(client: Client, settings: Settings) -> None:
    person = make_admin()
    kept = keep(person.email)
    settings.DEMO = settings.DEBUG = False
    client.force_login(person)
    assert client.get(reverse("notifications:demo_mail")).status_code == 404
    assert client.get(reverse("notifications:demo_mail_body", args=[kept.pk])).status_code == 404


def test_without_mails_the_page_invites(client: Client) -> None:
    client.force_login(make_person(language="en"))
    assert "No mail yet" in client.get(reverse("notifications:demo_mail")).content.decode()
